using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;

namespace MlNetRllc.Tests.Core.Sampling.Observables;

/// <summary>A quadratic loss with its minimum at w* = 0, and probe tokens whose own losses are quadratics too: the first half of each
/// context has weak curvatures, the second strong ones, and contexts differ.</summary>
/// <param name="textSeed">Which contexts there are.</param>
/// <param name="contexts">How many.</param>
/// <param name="spread">Relative spread of their curvatures.</param>
internal sealed class QuadraticProbes(int textSeed = 1, int contexts = 24, double spread = 0) : ITokenLossEngine<double>
{
    public const int Width = 4;
    public const double StepSize = 1e-3, NBeta = 30, Localization = 200;

    public static readonly double[] Curvatures = [0.5, 2, 6, 6, 12, 20, 20, 30];
    private readonly double[] factors = Factors(textSeed, contexts, spread);

    public ProbeSet Set
    {
        get
        {
            var text = new ContextSet("probe", Enumerable.Range(0, contexts * (Width + 1)).ToArray(), Width + 1);
            return new("probe", text,
            [
                new PickedTokens("weak", "the first half", text, (_, position) => position <= Width / 2),
                new PickedTokens("strong", "the second half", text, (_, position) => position > Width / 2),
                new PickedTokens("none", "nothing", text, (_, _) => false),
            ]);
        }
    }

    public int RowCount => 1;

    /// <summary>What a pattern's rLLC is, for the chain as it steps: sum over directions of nbeta b / (2 p (1 - eps p / 4)).</summary>
    public double Expected(int pattern) => Curvatures.Sum(a =>
    {
        var precision = NBeta * a + Localization;
        return NBeta * CurvatureOf(pattern) * a / (2 * precision * (1 - StepSize * precision / 4));
    });

    /// <summary>Samples, and observes.</summary>
    public LossTrace Sample(int seed, int draws = 100, int every = 1, ITokenSink? sink = null, KeptTokens tokens = KeptTokens.None,
        bool pairs = false)
    {
        var options = new SgldOptions
        {
            StepSize = StepSize, NBeta = NBeta, Localization = Localization,
            Chains = 4, Draws = draws, BurnIn = 40, BatchSize = 1, Seed = seed, Antithetic = pairs,
        };
        return new LockStepRun<double>(this, [new("quadratic", "quadratic")], new(NamedRandom.Stream(seed), 1, 1), options)
        {
            Observed = new([Set], new() { Every = every, Tokens = tokens, Batches = 5 }, sink),
        }.Run()[0];
    }

    public double[] CenterOf(int component) => new double[Curvatures.Length];

    public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<double>> walkers)
    {
        foreach (var walker in walkers)
        {
            for (var i = 0; i < Curvatures.Length; i++) walker.Gradient[i] = Curvatures[i] * walker.Position[i];
            walker.Loss = 1 + Energy(walker);
        }
        return 1;
    }

    public double[] TokenLossesOfCenter(int probe) => [.. Enumerable.Range(0, contexts * Width).Select(i => 2.0 + i % Width)];

    public void TokenLosses(int probe, IReadOnlyList<Walker<double>> walkers, TokenLossVisitor visit)
    {
        for (var c = 0; c < contexts; c++)
            for (var w = 0; w < walkers.Count; w++)
                visit(w, c, [.. Enumerable.Range(0, Width).Select(t => 2 + t + Factor(t) * factors[c * Width + t] * Energy(walkers[w]))]);
    }

    public void Dispose()
    {
    }

    /// <summary>The mean factor of a pattern's tokens: their losses curve by so much more than the sampled one.</summary>
    private double CurvatureOf(int pattern)
    {
        var own = Enumerable.Range(0, contexts * Width).Where(i => pattern == 0 || i % Width < Width / 2 == (pattern == 1));
        return own.Average(i => Factor(i % Width) * factors[i]);
    }

    private static double Factor(int token) => token < Width / 2 ? 0.5 : 1.5;

    private static double Energy(Walker<double> walker) =>
        Enumerable.Range(0, Curvatures.Length).Sum(i => Curvatures[i] * walker.Position[i] * walker.Position[i] / 2);

    // Tokens of a context share half of the variance.
    private static double[] Factors(int seed, int contexts, double spread)
    {
        var normals = new double[contexts * (Width + 1)];
        NamedRandom.Stream(seed, "texts").Normals(normals, 0);
        return [.. from c in Enumerable.Range(0, contexts)
                   from t in Enumerable.Range(0, Width)
                   select 1 + spread * (normals[c * (Width + 1)] + normals[c * (Width + 1) + 1 + t]) / Math.Sqrt(2)];
    }
}
