using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;

namespace MlNetRllc.Heads;

/// <summary>Scores of checkpoints, by content: what was computed once is never computed again.</summary>
/// <remarks>
/// A key is the SHA-256 of weights, texts and those options that the part follows from; scores, token classes
/// and traces of a checkpoint are one file each, committed by rename, with its SHA-256, which is checked when
/// it is read. A run killed at any moment loses at most the part in progress.
/// </remarks>
public sealed class ScoreStore
{
    /// <summary>Opens a store.</summary>
    /// <param name="folder">Where the scores lie, created when the first ones are put; null keeps them in memory only.</param>
    public ScoreStore(string? folder = null) : this(folder, anew: false)
    {
    }

    /// <summary>Opens a store that takes nothing that was there before; what is computed replaces it.</summary>
    internal ScoreStore(string? folder, bool anew)
    {
        Scores = new(folder, HeadsJson.Default.Kept<HeadScores>(), s => s.Heads.Count > 0, anew);
        Tokens = new(folder, HeadsJson.Default.Kept<HeadTokens>(), t => t.Counts.Count == t.Memorised.Count, anew);
        Traces = new(folder, HeadsJson.Default.Kept<HeadTraces>(), t => t.Hessian.Count == t.Fisher.Count, anew);
    }

    /// <summary>Where the scores lie; null when in memory only.</summary>
    public string? Folder => Scores.Folder;

    internal ContentStore<HeadScores> Scores { get; }

    internal ContentStore<HeadTokens> Tokens { get; }

    internal ContentStore<HeadTraces> Traces { get; }
}

/// <summary>What the heads of a checkpoint, layer by layer, matter for.</summary>
internal sealed record HeadTokens(IReadOnlyList<TokenCounts> Counts, IReadOnlyList<int> Memorised);

/// <summary>Traces over the weights of the heads of a checkpoint, layer by layer.</summary>
internal sealed record HeadTraces(IReadOnlyList<ComponentTrace> Hessian, IReadOnlyList<ComponentTrace> Fisher);
