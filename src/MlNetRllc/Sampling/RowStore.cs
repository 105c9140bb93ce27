using System.Collections.Concurrent;
using System.Text.Json;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>Finished rows of sweeps, by content: what was computed once is never computed again.</summary>
/// <remarks>
/// A key is the SHA-256 of all that a row's result follows from, so that stores may be shared between runs, machines and studies.
/// On disk a row is one file, committed by rename: a run killed at any moment loses at most the rows in progress.
/// </remarks>
public sealed class RowStore
{
    private readonly ConcurrentDictionary<string, LossTrace> rows = new(StringComparer.Ordinal);
    private readonly bool anew;

    /// <summary>Opens a store.</summary>
    /// <param name="folder">Where the rows lie, created when the first one is put; null keeps them in memory only.</param>
    /// <param name="anew">Takes no row that was there before: each is computed, and replaces what the folder holds of it.</param>
    public RowStore(string? folder = null, bool anew = false) => (Folder, this.anew) = (folder is null ? null : Path.GetFullPath(folder), anew);

    /// <summary>Where the rows lie; null when in memory only.</summary>
    public string? Folder { get; }

    /// <summary>The row of that key, or null when there is none or its file is damaged.</summary>
    public LossTrace? Find(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (rows.TryGetValue(key, out var row) || Folder is null || anew) return row;
        try
        {
            row = JsonSerializer.Deserialize<LossTrace>(File.ReadAllBytes(FileOf(key)), ModelFile.Json);
            return row is not null && row.Losses.Count == row.Chains * row.Draws && row.BaselineLosses.Count == row.Draws
                && row.MalaAcceptance.Count == row.Chains ? rows.GetOrAdd(key, row) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps a row.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left half-written.</exception>
    public void Put(string key, LossTrace row)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(row);
        if (Folder is not null) AtomicFile.Write(FileOf(key), stream => JsonSerializer.Serialize(stream, row, ModelFile.Json));
        rows[key] = row;
    }

    /// <summary>Whether there is a row of that key, without reading it: another process may have put it.</summary>
    internal bool Holds(string key) => rows.ContainsKey(key) || Folder is not null && File.Exists(FileOf(key));

    /// <summary>Drops a row; nothing happens where there is none.</summary>
    internal void Forget(string key)
    {
        rows.TryRemove(key, out _);
        if (Folder is not null && File.Exists(FileOf(key))) File.Delete(FileOf(key));
    }

    private string FileOf(string key) => Path.Combine(Folder!, key[..2], $"{key}.json");
}
