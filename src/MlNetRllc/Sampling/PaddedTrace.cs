using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Sampling;

/// <summary>Traces in columns of fixed size: a row that stopped early, at its wanted standard error, is filled up with NaN.</summary>
internal static class PaddedTrace
{
    /// <summary>Losses as [chain, draw] with <paramref name="draws"/> draws a chain.</summary>
    public static IReadOnlyList<double> Losses(LossTrace trace, int draws)
    {
        if (trace.Draws == draws) return trace.Losses;
        var padded = Missing(trace.Chains * draws);
        for (var i = 0; i < trace.Losses.Count; i++) padded[i / trace.Draws * draws + i % trace.Draws] = trace.Losses[i];
        return padded;
    }

    /// <summary>Baseline losses, [draw].</summary>
    public static IReadOnlyList<double> Baseline(LossTrace trace, int draws) =>
        trace.Draws == draws ? trace.BaselineLosses : [.. trace.BaselineLosses, .. Enumerable.Repeat(double.NaN, draws - trace.Draws)];

    /// <summary>How many draws a column of baseline losses holds: those up to the last number.</summary>
    public static int DrawsIn(double[] baseline) => Array.FindLastIndex(baseline, loss => !double.IsNaN(loss)) + 1;

    /// <summary>So many numbers that there are not.</summary>
    public static double[] Missing(int count)
    {
        var values = new double[count];
        values.AsSpan().Fill(double.NaN);
        return values;
    }
}
