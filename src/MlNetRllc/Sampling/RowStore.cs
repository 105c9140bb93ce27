using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>Finished rows of sweeps, by content: what was computed once is never computed again.</summary>
/// <remarks>
/// A key is the SHA-256 of all that a row's result follows from, so that stores may be shared between runs, machines and studies.
/// On disk a row is one file, committed by rename: a run killed at any moment loses at most the rows in progress. It holds its SHA-256, which is
/// checked when it is read; rows of versions that wrote none are read as they are.
/// </remarks>
public sealed class RowStore
{
    private readonly ContentStore<LossTrace> rows;

    /// <summary>Opens a store.</summary>
    /// <param name="folder">Where the rows lie, created when the first one is put; null keeps them in memory only.</param>
    /// <param name="anew">Takes no row that was there before: each is computed, and replaces what the folder holds of it.</param>
    public RowStore(string? folder = null, bool anew = false) => rows = new(folder, SamplingJson.Default.Kept<LossTrace>(), row => row.Losses.Count == row.Chains * row.Draws
        && row.BaselineLosses.Count == row.Draws && row.MalaAcceptance.Count == row.Chains, anew);

    /// <summary>Where the rows lie; null when in memory only.</summary>
    public string? Folder => rows.Folder;

    /// <summary>The row of that key, or null when there is none or its file is damaged; a damaged file is put aside, its name then ends in
    /// <c>.damaged</c>.</summary>
    public LossTrace? Find(string key) => rows.Find(key);

    /// <summary>As <see cref="Find(string)"/>; <paramref name="warn"/> is told of a damaged file.</summary>
    internal LossTrace? Find(string key, Action<string> warn) => rows.Find(key, warn);

    /// <summary>Keeps a row.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left half-written.</exception>
    public void Put(string key, LossTrace row) => rows.Put(key, row);

    /// <summary>Whether there is a row of that key, without reading it: another process may have put it.</summary>
    internal bool Holds(string key) => rows.Holds(key);

    /// <summary>Drops a row; nothing happens where there is none.</summary>
    internal void Forget(string key) => rows.Forget(key);

    /// <summary>Where the row of a key lies, or would.</summary>
    internal string FileOf(string key) => rows.FileOf(key);
}
