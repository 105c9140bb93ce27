using System.Text.Json;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Files;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>Rows by group, in a folder: what is sampled together is one file, committed by rename.</summary>
/// <remarks>
/// Rows that come later to a group are another file of it. So no file is ever added to, and processes on
/// several nodes that sample rows of one group lose none, without a lock that a network disk may not have. See
/// <see cref="RowPaths"/> for the names.
/// </remarks>
/// <param name="folder">Where the files lie, created when the first is put.</param>
internal sealed class RowGroups(string folder)
{
    private const int PartDigits = 16;

    private readonly Lock gate = new();
    private readonly Dictionary<string, IReadOnlyList<RowFile>> known = new(StringComparer.Ordinal);

    /// <summary>A row, or null when there is none or its file is damaged: it is then put aside, with all rows that it held.</summary>
    /// <param name="key">The row.</param>
    /// <param name="warn">Told of a damaged file.</param>
    public LossTrace? Find(RowKey key, Action<string>? warn)
    {
        lock (gate)
        {
            return In(known.GetValueOrDefault(key.Group, []), key.Row, warn) ?? In(Look(key.Group, warn), key.Row, warn);
        }
    }

    /// <summary>A row of any group; all files are looked at.</summary>
    public LossTrace? FindAnywhere(string key)
    {
        var all = RowPaths.FilesIn(folder, RowPaths.Ending).Select(RowPaths.KeyOf).Distinct(StringComparer.Ordinal);
        return all.Select(group => Find(new(group, key), warn: null)).FirstOrDefault(trace => trace is not null);
    }

    /// <summary>The keys of a group's rows that are there now, whoever put them.</summary>
    public IEnumerable<string> KeysOf(string group)
    {
        lock (gate) return [.. Look(group, warn: null).SelectMany(f => f.Rows).Select(r => r.Key)];
    }

    /// <summary>Keeps rows of a group, in one file.</summary>
    /// <param name="group">The group.</param>
    /// <param name="rows">Its rows, by key.</param>
    /// <param name="replace">Drops what other files hold of these rows.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left half-written.</exception>
    public void Put(string group, IReadOnlyList<KeyValuePair<string, LossTrace>> rows, bool replace)
    {
        var stored = rows.Select(r => new StoredRow(r.Key, r.Value.Component,
            SealedFile.Seal(JsonSerializer.SerializeToUtf8Bytes(r.Value, SamplingJson.Default.Kept<LossTrace>())))).ToList();
        lock (gate)
        {
            var path = Write(group, stored);
            if (replace) Drop(group, rows.Select(r => r.Key).ToHashSet(StringComparer.Ordinal), but: path);
            Look(group, warn: null);
        }
    }

    /// <summary>Drops rows of a group.</summary>
    public void Forget(string group, IReadOnlySet<string> keys)
    {
        lock (gate) Drop(group, keys, but: null);
    }

    private void Drop(string group, IReadOnlySet<string> keys, string? but)
    {
        foreach (var file in Look(group, warn: null).Where(f => f.Path != but && f.Rows.Any(r => keys.Contains(r.Key))))
        {
            // What stays is written before anything is deleted.
            if (file.Without(keys) is { Count: > 0 } others) Write(group, others);
            SharedFile.Delete(file.Path);
        }
        known.Remove(group);
    }

    private string Write(string group, IReadOnlyList<StoredRow> rows)
    {
        var part = ContentHash.OfText(string.Join('\n', rows.Select(r => r.Key)))[..PartDigits];
        var path = RowPaths.FileIn(folder, group, part);
        RowFile.Write(path, rows);
        return path;
    }

    /// <summary>The files of a group as they are now; those that are as they were are not read again.</summary>
    private IReadOnlyList<RowFile> Look(string group, Action<string>? warn)
    {
        var before = known.GetValueOrDefault(group, []).Where(f => !f.IsReplaced).ToDictionary(f => f.Path, StringComparer.Ordinal);
        var files = RowPaths.FilesOf(RowPaths.GroupIn(folder, group));
        return known[group] = [.. files.Select(path => before.GetValueOrDefault(path) ?? Opened(path, warn)).OfType<RowFile>()];
    }

    private static RowFile? Opened(string path, Action<string>? warn)
    {
        try
        {
            return RowFile.Open(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
        }
        catch (InvalidDataException e)
        {
            DamagedFile.Refuse(path, e, warn);
        }
        return null;
    }

    private static LossTrace? In(IReadOnlyList<RowFile> files, string key, Action<string>? warn)
    {
        foreach (var file in files.Where(f => f.Holds(key)))
        {
            try
            {
                return file.Trace(key);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
            }
            catch (InvalidDataException e)
            {
                // Another process may have written it anew meanwhile: then this one knows nothing of it.
                if (!file.IsReplaced) DamagedFile.Refuse(file.Path, e, warn);
            }
        }
        return null;
    }
}
