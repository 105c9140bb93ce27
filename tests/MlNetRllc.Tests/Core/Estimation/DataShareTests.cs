using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Tests.Core.Sampling;

namespace MlNetRllc.Tests.Core.Estimation;

/// <summary>Whether data or pull set an estimate, from antithetic chains on a probe set that has a slope at w*.</summary>
public sealed class DataShareTests(ITestOutputHelper output)
{
    private const int Chains = 8, Seeds = 80;

    private static readonly SgldOptions Options = new()
    {
        StepSize = 2e-4, Chains = Chains, Draws = 300, BurnIn = 300, Thinning = 10, BatchSize = 4, ExactPull = true, Antithetic = true,
    };

    [Fact]
    public void PairsByHand_VarianceOverPairsAtEachDrawAndMeanOverAll()
    {
        // Even parts 1 3 | 3 7: variances 2 and 8, means 2 and 5.
        var share = DataShare.Estimate([0, 4, 2, 2, 3, 9, 3, 5], chains: 4, nbeta: 10);
        Assert.Equal(10 * 5 / 3.5, share.Value, 1e-12);
        Assert.Equal(double.NaN, share.StdErr);
    }

    [Fact]
    public void PairOfWhichAValueIsNotFinite_IsLeftOut()
    {
        double[] whole = [.. Probed(seed: 1).Take(6 * Options.Draws)];
        double[] broken = [.. whole[..(2 * Options.Draws)], .. Enumerable.Repeat(1.0, 2 * Options.Draws), .. whole[(2 * Options.Draws)..]];
        broken[2 * Options.Draws + 7] = double.NaN;
        Assert.Equal(DataShare.Estimate(whole, 6, 30), DataShare.Estimate(broken, 8, 30));
    }

    [Fact]
    public void OnePair_TellsNothing() =>
        Assert.Equal(new(double.NaN, double.NaN), DataShare.Estimate([0, 4, 2, 2, 0, 1, 5, 5], chains: 2, nbeta: 10));

    [Theory, InlineData(3, 9), InlineData(4, 9)]
    public void ValuesThatAreNoPairs_AreRefused(int chains, int values) =>
        Assert.Throws<ArgumentException>(() => DataShare.Estimate(new double[values], chains, 10));

    [Fact]
    public void Quadratic_HasTheClosedForm_AndSpreadsOverSeedsByTheReportedError()
    {
        double[] shares = [.. NoisyQuadratic.Curvatures.Select(a => Options.NBeta * a / (2 * (Options.NBeta * a + Options.Localization)))];
        var expected = 2 * shares.Sum(f => f * f) / shares.Sum();
        // Of the discrete chain, whose directions of curvature 20 are 3 % wider.
        var ofChain = Options.NBeta * NoisyQuadratic.Curvatures.Sum(a => Math.Pow(a * VarianceOfChain(a), 2))
            / NoisyQuadratic.Curvatures.Sum(a => a * VarianceOfChain(a));
        var found = Enumerable.Range(0, Seeds).Select(seed => DataShare.Estimate(Probed(seed), Chains, Options.NBeta)).ToList();

        var (mean, reported) = (found.Average(s => s.Value), Math.Sqrt(found.Average(s => s.StdErr * s.StdErr)));
        var spread = Math.Sqrt(found.Sum(s => Math.Pow(s.Value - mean, 2)) / (Seeds - 1));
        output.WriteLine($"{expected:f4}, of the chain {ofChain:f4}, mean {mean:f4}");
        output.WriteLine($"spread {spread:f4}, reported {reported:f4}, ratio {spread / reported:f3}");
        Assert.Equal(expected, found[0].Value, 3 * found[0].StdErr);
        Assert.Equal(ofChain, mean, 0.02 * ofChain);
        Assert.InRange(spread / reported, 0.8, 1.25);
    }

    /// <summary>Stationary variance of <c>x = keep x - ((1 - keep) / gamma) nbeta a x + sqrt((1 - keep^2) / gamma) noise</c>.</summary>
    private static double VarianceOfChain(double curvature)
    {
        var keep = Math.Exp(-Options.Localization * Options.StepSize / 2);
        var rho = keep - (1 - keep) / Options.Localization * Options.NBeta * curvature;
        return (1 - keep * keep) / Options.Localization / (1 - rho * rho);
    }

    /// <summary>Losses of a probe set, less that of w*, along antithetic chains, [chain, draw].</summary>
    private static double[] Probed(int seed)
    {
        var options = Options with { Seed = seed };
        using var engine = new ProbingEngine(NoisyQuadratic.Engine(slope: 0.5));
        new LockStepRun<double>(engine, [new("q")], NoisyQuadratic.Schedule(options), options).Run();
        var draws = engine.Steps.Where((_, step) => step >= options.BurnIn && (step - options.BurnIn) % options.Thinning == 0).ToList();
        return [.. Enumerable.Range(0, Chains).SelectMany(chain => draws.Select(losses => losses[chain]))];
    }

    /// <summary>Takes each walker's loss on a probe set, <c>g'x + x'Ax / 2</c>, wherever a minibatch is evaluated.</summary>
    private sealed class ProbingEngine(ILossEngine<double> inner) : ILossEngine<double>
    {
        private readonly double[] slope = NoisyQuadratic.Normals("probe");

        /// <summary>[step][chain].</summary>
        public List<double[]> Steps { get; } = [];

        public int RowCount => inner.RowCount;

        public double[] CenterOf(int component) => inner.CenterOf(component);

        public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<double>> walkers)
        {
            Steps.Add([.. walkers.Select(Probe)]);
            return inner.Evaluate(rows, walkers);
        }

        public void Dispose() => inner.Dispose();

        private double Probe(Walker<double> walker)
        {
            var loss = 0.0;
            for (var i = 0; i < slope.Length; i++)
            {
                var x = walker.Position[i] - walker.Center[i];
                loss += slope[i] * x + NoisyQuadratic.Curvatures[i] / 2 * x * x;
            }
            return loss;
        }
    }
}
