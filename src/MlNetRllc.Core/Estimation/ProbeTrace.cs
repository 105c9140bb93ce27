using System.Text.Json.Serialization;

namespace MlNetRllc.Core.Estimation;

/// <summary>What the chains of a row did to the losses of a probe set: means over the tokens of each pattern, at each observed
/// draw.</summary>
/// <remarks>
/// <para>A difference is the loss at a chain's weights less that of w* on the same tokens; the first pattern is the whole set,
/// <see cref="WholeSet"/>. An observation follows the step of its draw: with b steps of burn-in and k steps a draw, that of draw
/// d comes after b + d k + 1 steps, while its minibatch loss stands before the last of them. Differences and sums are rounded to
/// single precision, in which they are stored.</para>
/// <para>Method: Baker et al., arXiv 2504.18274, for the observables; the patterns are this project's.</para>
/// </remarks>
public sealed record ProbeTrace
{
    /// <summary>Name of the pattern that holds every token.</summary>
    public const string WholeSet = "all";

    /// <summary>Name of the probe set.</summary>
    public required string Probe { get; init; }

    /// <summary>Names of the patterns, [pattern]; the first is <see cref="WholeSet"/>.</summary>
    public required IReadOnlyList<string> Patterns { get; init; }

    /// <summary>Tokens of each pattern, [pattern].</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Mean loss of w* over them, [pattern], nats; NaN for a pattern without tokens.</summary>
    public required IReadOnlyList<double> BaselineLosses { get; init; }

    /// <summary>Draws of the row for each observed one: every <see cref="Every"/>-th is.</summary>
    public required int Every { get; init; }

    /// <summary>Observed draws of each chain.</summary>
    public required int Draws { get; init; }

    /// <summary>Mean differences, [pattern, chain, draw], row-major, nats; NaN for a pattern without tokens, and from the draw on
    /// at which a chain diverged.</summary>
    [JsonConverter(typeof(PackedNumbers))]
    public required IReadOnlyList<double> Differences { get; init; }

    /// <summary>Contexts of the set.</summary>
    public required int Contexts { get; init; }

    /// <summary>Tokens of each pattern in each context, [context, pattern], row-major.</summary>
    public required IReadOnlyList<int> ContextTokens { get; init; }

    /// <summary>Sums of the differences over the tokens of a context, [context, pattern], row-major, nats: means over all observed
    /// draws of the chains that stayed finite; NaN where there is no such chain.</summary>
    [JsonConverter(typeof(PackedNumbers))]
    public required IReadOnlyList<double> ContextSums { get; init; }

    /// <summary>Observed draws among the first ones of the row.</summary>
    internal int ObservedIn(int draws) => (draws + Every - 1) / Every;

    /// <summary>Observed draws that an estimate leaves out at the start of each chain.</summary>
    internal int DiscardedBy(EstimationOptions options) =>
        (options with { DiscardDraws = ObservedIn(options.DiscardDraws) }).Discarded(Draws);

    /// <summary>Mean differences of a pattern, [chain, draw], row-major, nats; NaN for a chain that diverged anywhere in the row, also
    /// where it was still finite when it was observed last.</summary>
    /// <exception cref="ArgumentException">There are not as many as the sizes ask for.</exception>
    internal double[] DifferencesOf(int pattern, LossTrace trace)
    {
        var chains = trace.Chains;
        var (each, wanted) = (chains * Draws, Patterns.Count * chains * Draws);
        if (Differences.Count != wanted)
            throw new ArgumentException($"The probe set '{Probe}' has {Differences.Count} differences; {Patterns.Count} patterns, "
                + $"{chains} chains and {Draws} draws want {wanted}.");
        double[] own = [.. Differences.Skip(pattern * each).Take(each)];
        for (var chain = 0; chain < Math.Min(chains, trace.DivergedAt.Count); chain++)
            if (trace.DivergedAt[chain] >= 0) Array.Fill(own, double.NaN, chain * Draws, Draws);
        return own;
    }
}
