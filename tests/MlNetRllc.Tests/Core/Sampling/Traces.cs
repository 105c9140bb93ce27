using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Comparisons of traces to the last bit.</summary>
internal static class Traces
{
    public static void AssertSame(LossTrace expected, LossTrace actual)
    {
        Assert.Equal((expected.Component, expected.Dimension, expected.NBeta, expected.Chains, expected.Draws),
            (actual.Component, actual.Dimension, actual.NBeta, actual.Chains, actual.Draws));
        Assert.Equal(Bits(expected.Losses), Bits(actual.Losses));
        Assert.Equal(Bits(expected.BaselineLosses), Bits(actual.BaselineLosses));
        Assert.Equal(Bits(expected.MalaAcceptance), Bits(actual.MalaAcceptance));
        Assert.Equal(expected.DivergedAt, actual.DivergedAt);
    }

    public static void AssertSame(IEnumerable<LossTrace> expected, IEnumerable<LossTrace> actual)
    {
        var (first, second) = (expected.ToList(), actual.ToList());
        Assert.Equal(first.Count, second.Count);
        foreach (var (e, a) in first.Zip(second)) AssertSame(e, a);
    }

    public static double[] Chain(this LossTrace trace, int chain) =>
        [.. trace.Losses.Skip(chain * trace.Draws).Take(trace.Draws)];

    private static long[] Bits(IEnumerable<double> values) =>
        [.. values.Select(BitConverter.DoubleToInt64Bits)];
}
