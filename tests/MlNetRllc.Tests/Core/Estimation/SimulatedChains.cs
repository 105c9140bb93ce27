using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Estimation;

/// <summary>Chains with a known truth: AR(1) of their own, an AR(1) part that all share, a
/// transient at the start.</summary>
internal sealed class SimulatedChains(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>One normal number.</summary>
    public double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    public double[] Ar1(int length, double rho, double deviation)
    {
        var series = new double[length];
        var state = Normal();
        for (var t = 0; t < length; t++)
        {
            series[t] = deviation * state;
            state = rho * state + Math.Sqrt(1 - rho * rho) * Normal();
        }
        return series;
    }

    /// <summary>[chain, draw]; <paramref name="share"/> of the variance is shared.</summary>
    public double[] Differences(
        int chains,
        int draws,
        double rhoOwn,
        double rhoShared,
        double share,
        double transient = 0)
    {
        var shared = Ar1(draws, rhoShared, Math.Sqrt(share));
        var all = new double[chains * draws];
        for (var c = 0; c < chains; c++)
        {
            var own = Ar1(draws, rhoOwn, Math.Sqrt(1 - share));
            for (var t = 0; t < draws; t++)
                all[c * draws + t] = own[t] + shared[t] + transient * (1 - Math.Pow(rhoOwn, 2 * t));
        }
        return all;
    }

    public static LossTrace Trace(double[] losses, int chains, double[]? baselines = null, double nbeta = 30)
    {
        var draws = losses.Length / chains;
        return new LossTrace
        {
            Component = "l0h0",
            Dimension = 8,
            NBeta = nbeta,
            Chains = chains,
            Draws = draws,
            Losses = losses,
            BaselineLosses = baselines ?? new double[draws],
            MalaAcceptance = [.. Enumerable.Repeat(0.9, chains)],
            DivergedAt = [.. losses.Chunk(Math.Max(1, draws)).Select(chain => Array.FindIndex(chain, x => !double.IsFinite(x)))],
        };
    }
}
