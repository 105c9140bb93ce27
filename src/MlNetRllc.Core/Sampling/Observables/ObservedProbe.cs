using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>A probe set with the losses of w* on it, and which tokens each of its patterns picks.</summary>
internal sealed class ObservedProbe
{
    private readonly int[][] picked;

    /// <summary>Asks the patterns.</summary>
    /// <param name="set">The probe set.</param>
    /// <param name="losses">Losses of w*, [context, pos - 1], nats.</param>
    public ObservedProbe(ProbeSet set, double[] losses)
    {
        (Set, Losses, Width) = (set, losses, set.Contexts.ContextLength - 1);
        Patterns = [ProbeTrace.WholeSet, .. set.Patterns.Select(p => p.Name)];
        bool[][] flags = [[.. Enumerable.Repeat(true, losses.Length)],
            .. set.Patterns.Select(p => p.Pick(set.Contexts, losses))];
        picked = new int[set.Contexts.Count * Patterns.Count][];
        for (var i = 0; i < picked.Length; i++)
        {
            var (context, own) = (i / Patterns.Count, flags[i % Patterns.Count]);
            picked[i] = [.. Enumerable.Range(0, Width).Where(t => own[context * Width + t])];
        }
        ContextTokens = [.. picked.Select(p => p.Length)];
        Tokens = [.. Patterns.Select((_, p) => ContextTokens.Where((_, i) => i % Patterns.Count == p).Sum())];
        BaselineLosses = [.. flags.Select(own => losses.Where((_, i) => own[i]).DefaultIfEmpty(double.NaN).Average())];
    }

    /// <summary>Its contexts and patterns.</summary>
    public ProbeSet Set { get; }

    /// <summary>Losses of w*, [context, pos - 1], nats.</summary>
    public double[] Losses { get; }

    /// <summary>Tokens of a context that are predicted.</summary>
    public int Width { get; }

    /// <inheritdoc cref="ProbeTrace.Patterns"/>
    public IReadOnlyList<string> Patterns { get; }

    /// <inheritdoc cref="ProbeTrace.Tokens"/>
    public IReadOnlyList<int> Tokens { get; }

    /// <inheritdoc cref="ProbeTrace.BaselineLosses"/>
    public IReadOnlyList<double> BaselineLosses { get; }

    /// <inheritdoc cref="ProbeTrace.ContextTokens"/>
    public IReadOnlyList<int> ContextTokens { get; }

    /// <summary>The tokens of a context that a pattern picks, as places in [pos - 1].</summary>
    public ReadOnlySpan<int> Picked(int context, int pattern) => picked[context * Patterns.Count + pattern];
}
