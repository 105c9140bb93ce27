using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Core.Estimation;

/// <summary>A weighted sum of rLLCs, such as a mean over heads or one dataset minus another, with
/// the standard error of the whole.</summary>
/// <remarks>
/// Components that were sampled side by side meet the same minibatches, so their errors go
/// together, and the root of the sum of their squares is not the error of their mean: over 14 heads
/// it was 0.5 to 0.7 times the error that is given here. The weighted losses are added draw by
/// draw, baselines likewise, and <see cref="ChainStandardError"/> takes the sum as one component's:
/// whatever the traces share is in it. Traces that share nothing, such as those of different seeds,
/// come out as independent ones do.
/// </remarks>
/// <param name="Value">Sum of weight times rLLC, dimensionless.</param>
/// <param name="StdErr">Its standard error, in units of rLLC; NaN where it cannot be known.</param>
public readonly record struct CombinedRllc(double Value, double StdErr)
{
    /// <summary>The weighted sum of the rLLCs of traces with as many chains and draws each. A chain
    /// that diverged in one of them is left out of all, and its antithetic partner with it; with
    /// none left, value and error are NaN.</summary>
    /// <exception cref="ArgumentException">There is no term, or the traces differ in their chains
    /// or draws, or in whether chains are antithetic.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static CombinedRllc WeightedSum(
        IReadOnlyList<(LossTrace Trace, double Weight)> terms, EstimationOptions options)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0) throw new ArgumentException("There is no trace to combine.", nameof(terms));
        var first = terms[0].Trace;
        foreach (var (trace, _) in terms)
        {
            if ((trace.Chains, trace.Draws) != (first.Chains, first.Draws))
                throw new ArgumentException($"{trace.Component} has {trace.Chains} chains x {trace.Draws} draws "
                    + $"and {first.Component} {first.Chains} x {first.Draws}; "
                    + "only traces of one size can be added draw by draw.", nameof(terms));
            if (trace.Antithetic != first.Antithetic)
                throw new ArgumentException($"Of {trace.Component} and {first.Component} one alone has antithetic chains; "
                    + "only traces whose chains are alike can be added draw by draw.", nameof(terms));
        }

        var (losses, baselines) = (new double[first.Losses.Count], new double[first.BaselineLosses.Count]);
        foreach (var (trace, weight) in terms)
        {
            for (var i = 0; i < losses.Length; i++) losses[i] += weight * trace.NBeta * trace.Losses[i];
            for (var i = 0; i < baselines.Length; i++)
                baselines[i] += weight * trace.NBeta * trace.BaselineLosses[i];
        }
        var draws = LossDifferences.From(
            first with { NBeta = 1, Losses = losses, BaselineLosses = baselines },
            options,
            first.Draws);
        return draws.Kept == 0 || draws.Used.Count == 0 ? new(double.NaN, double.NaN)
            : new(draws.Used.Average(c => draws.ChainMeans[c]), draws.StandardError);
    }
}
