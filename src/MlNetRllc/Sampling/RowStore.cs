using System.Collections.Concurrent;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>Finished rows of sweeps, by content: what was computed once is never computed again.</summary>
/// <remarks>
/// A key is the SHA-256 of all that a row's result follows from, so that stores may be shared between runs, machines and studies.
/// On disk the rows that were sampled together are one file, committed by rename: a run killed at any moment loses at most the rows in
/// progress. Each row holds its SHA-256, which is checked when it is read. Earlier versions wrote a file for each row; those are found
/// as well, also without a SHA-256.
/// </remarks>
public sealed class RowStore
{
    /// <summary>Memory of the rows that are on the disk too.</summary>
    private const long RecentBytes = 64 << 20;

    // Rows that were put one by one, and all of a store without a folder.
    private readonly ContentStore<LossTrace> single;
    private readonly RowGroups? groups;
    private readonly RecentRows recent;
    private readonly ConcurrentDictionary<string, bool>? own;

    /// <summary>Opens a store.</summary>
    /// <param name="folder">Where the rows lie, created when the first one is put; null keeps them in memory only.</param>
    /// <param name="anew">Takes no row that was there before: each is computed, and replaces what the folder holds of it.</param>
    public RowStore(string? folder = null, bool anew = false) : this(folder, anew, RecentBytes)
    {
    }

    /// <summary>Opens a store that keeps so many bytes of rows in memory that are on the disk too.</summary>
    internal RowStore(string? folder, bool anew, long recentBytes)
    {
        recent = new(recentBytes);
        single = new(folder, SamplingJson.Default.Kept<LossTrace>(), IsSound, anew);
        groups = single.Folder is { } full ? new(full) : null;
        own = anew ? new(StringComparer.Ordinal) : null;
    }

    /// <summary>Where the rows lie; null when in memory only.</summary>
    public string? Folder => single.Folder;

    /// <summary>The row of that key, or null when there is none or its file is damaged; a damaged file is put aside, its name then ends in
    /// <c>.damaged</c>.</summary>
    /// <remarks>A key does not tell which rows were sampled with it: where it has no file of its own, all files are looked at.</remarks>
    public LossTrace? Find(string key) => single.Find(key) ?? recent.Find(key) ?? (IsTaken(key) ? groups?.FindAnywhere(key) : null);

    /// <summary>As <see cref="Find(string)"/>, in the row's group; <paramref name="warn"/> is told of a damaged file.</summary>
    internal LossTrace? Find(RowKey key, Action<string> warn)
    {
        if (recent.Find(key.Row) is { } held) return held;
        var found = (IsTaken(key.Row) ? groups?.Find(key, Damaged) : null) ?? (single.Holds(key.Row) ? single.Find(key.Row, warn) : null);
        if (found is not null && groups is not null) recent.Put(key.Row, found);
        return found;

        // Rows of the file that are still in memory are on the disk no longer, and have to be put there again.
        void Damaged(string message)
        {
            recent.Clear();
            warn(message);
        }
    }

    /// <summary>Keeps a row, in a file of its own.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left half-written.</exception>
    public void Put(string key, LossTrace row) => single.Put(key, row);

    /// <summary>Keeps rows that were sampled together, by their keys, in one file.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left half-written.</exception>
    internal void Put(string group, IReadOnlyList<KeyValuePair<string, LossTrace>> rows)
    {
        if (groups is null)
        {
            foreach (var (key, row) in rows) single.Put(key, row);
            return;
        }
        groups.Put(group, rows, replace: own is not null);
        foreach (var (key, row) in rows)
        {
            if (own is not null) single.Forget(key);
            own?.TryAdd(key, true);
            recent.Put(key, row);
        }
    }

    /// <summary>Which of some rows there are now, without reading them: other processes may have put them.</summary>
    internal IReadOnlySet<string> Held(IEnumerable<RowKey> keys)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in keys.GroupBy(k => k.Group, k => k.Row, StringComparer.Ordinal))
        {
            var there = groups?.KeysOf(group.Key).ToHashSet(StringComparer.Ordinal);
            held.UnionWith(group.Where(key => there?.Contains(key) == true || single.Holds(key)));
        }
        return held;
    }

    /// <summary>Drops rows; nothing happens where there are none.</summary>
    internal void Forget(IEnumerable<RowKey> keys)
    {
        recent.Clear();
        foreach (var group in keys.GroupBy(k => k.Group, k => k.Row, StringComparer.Ordinal))
        {
            groups?.Forget(group.Key, group.ToHashSet(StringComparer.Ordinal));
            foreach (var key in group) single.Forget(key);
        }
    }

    /// <summary>What is to be kept of some rows: the names of their groups, and the files of those that have one of their own.</summary>
    internal IEnumerable<string> PathsOf(IReadOnlyCollection<RowKey> keys)
    {
        if (groups is null) return [];
        // Asked once for all: a store that this version began has none, and should not be asked for each row.
        var alone = RowPaths.FilesIn(Folder!, ContentStore<LossTrace>.Ending).ToHashSet(StringComparer.Ordinal);
        return keys.Select(k => RowPaths.GroupIn(Folder!, k.Group)).Concat(keys.Select(k => single.FileOf(k.Row)).Where(alone.Contains))
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>Whether a row's numbers belong together.</summary>
    internal static bool IsSound(LossTrace row) => row.Losses.Count == row.Chains * row.Draws
        && row.BaselineLosses.Count == row.Draws && row.MalaAcceptance.Count == row.Chains;

    private bool IsTaken(string key) => own is null || own.ContainsKey(key);
}
