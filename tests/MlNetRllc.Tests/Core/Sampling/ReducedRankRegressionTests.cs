using System.Text.Json;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>
/// Two linear layers without biases, mean squared error, pure noise as the target: the learning
/// coefficient is known (Aoyagi and Watanabe, 2005), and devinterp's estimate at the same weights
/// stands beside it. Settings are the peer's; here only with as many draws as tell a tenth.
/// </summary>
public sealed class ReducedRankRegressionTests
{
    private static readonly JsonElement Cases = ReferenceData.Read("reduced_rank_regression.json").GetProperty("cases");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Estimate_AgreesWithThePeerTheoryAndMetropolis(int index)
    {
        var problem = new Problem(Cases[index]);
        using var engine = problem.ByMoments();
        Assert.Equal(problem.Loss, engine.Evaluate([], []), 1e-6);
        var options = problem.Options with { Chains = 8, Draws = 10_000, BurnIn = 1_000 };
        var estimate = RllcEstimation.Estimate(Run(engine, options), new());

        // The peer's error is the spread of its three chains, which share their start and hence
        // their transient.
        Assert.True(
            Math.Abs(estimate.Rllc - problem.Peer) < 4 * Length(estimate.RllcStdErr, problem.PeerError),
            $"{estimate.Rllc} +- {estimate.RllcStdErr} against the peer's {problem.Peer} +- {problem.PeerError}");
        Assert.Equal(problem.Peer, estimate.Rllc, 0.1 * problem.Peer);
        // nbeta is finite and the localization is not zero, so the expectation is not lambda itself.
        Assert.Equal(problem.Lambda, estimate.Rllc, 0.1 * problem.Lambda);
        Assert.True(estimate.RllcStdErr < 0.02 * problem.Lambda, $"standard error {estimate.RllcStdErr}");

        var ground = new MetropolisSampler(engine) { LeapfrogSteps = 5 }
            .Sample(new("exact"), options with { StepSize = 2e-3, Draws = 2_000 });
        var exact = RllcEstimation.Estimate(ground, new());
        var apart = Math.Abs(estimate.Rllc - exact.Rllc);
        Assert.True(
            apart < 4 * Length(estimate.RllcStdErr, exact.RllcStdErr) + 0.02 * exact.Rllc,
            $"{estimate.Rllc} +- {estimate.RllcStdErr} against the exact {exact.Rllc} +- {exact.RllcStdErr}");
    }

    [Fact]
    public void AutogradOnModules_WalksTheSameChains()
    {
        var problem = new Problem(Cases[2]);
        var options = problem.Options with { Chains = 2, Draws = 400, BurnIn = 0, BatchSize = 1000 };
        using var inner = nn.Linear(problem.Inputs, problem.Rank, hasBias: false);
        using var outer = nn.Linear(problem.Rank, problem.Outputs, hasBias: false);
        using var model = nn.Sequential(inner, outer);
        using var x = tensor(problem.X, [1000, problem.Inputs], ScalarType.Float32); // [row, in]
        using var y = tensor(problem.Y, [1000, problem.Outputs], ScalarType.Float32); // [row, out]
        using (no_grad())
        {
            var (first, second) = (problem.Start[..(problem.Rank * problem.Inputs)], problem.Start[(problem.Rank * problem.Inputs)..]);
            inner.weight!.copy_(tensor(first, [problem.Rank, problem.Inputs], ScalarType.Float32));
            outer.weight!.copy_(tensor(second, [problem.Outputs, problem.Rank], ScalarType.Float32));
        }
        ParameterSlice[] all = [.. model.named_parameters().Select(p => new ParameterSlice(p.name, 0, (int)p.parameter.numel()))];
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        using var engine = new AutogradEngine<float>(
            parameters, [all], 1000, _ => nn.functional.mse_loss(model.forward(x), y));
        var trace = new LockStepRun<float>(engine, [new("rrr")], new(NamedRandom.Stream(1), 1000, 1000), options).Run()[0];

        using var moments = problem.ByMoments();
        var expected = Run(moments, options with { BatchSize = 1 });
        Assert.Equal(expected.Losses, trace.Losses, (a, b) => Math.Abs(a - b) < 1e-4);
        var (estimate, reference) = (RllcEstimation.Estimate(trace, new()), RllcEstimation.Estimate(expected, new()));
        Assert.Equal(reference.Rllc, estimate.Rllc, 0.01);
        // 400 draws hold the transient of the first 100 or so, hence the lower tolerance at the low side.
        Assert.InRange(estimate.Rllc, 0.75 * problem.Lambda, 1.15 * problem.Lambda);
    }

    private static LossTrace Run(FunctionEngine engine, SgldOptions options) =>
        new LockStepRun<double>(engine, [new("rrr")], new(NamedRandom.Stream(1), engine.RowCount, 1), options).Run()[0];

    private static double Length(double a, double b) => Math.Sqrt(a * a + b * b);

    private sealed class Problem(JsonElement given)
    {
        public int Inputs { get; } = given.GetProperty("m_in").GetInt32();

        public int Rank { get; } = given.GetProperty("h_rank").GetInt32();

        public int Outputs { get; } = given.GetProperty("n_out").GetInt32();

        public double[] X { get; } = given.Numbers("x");

        public double[] Y { get; } = given.Numbers("y");

        /// <summary>W1 [rank, in], then W2 [out, rank].</summary>
        public double[] Start { get; } = [.. given.Numbers("fc1_weight"), .. given.Numbers("fc2_weight")];

        public double Loss { get; } = given.GetProperty("loss_at_weights_recomputed").GetDouble();

        public double Lambda { get; } = given.GetProperty("true_lc_lambda").GetDouble();

        public double Peer { get; } = given.GetProperty("estimate").GetProperty("llc_mean").GetDouble();

        public double PeerError { get; } = given.GetProperty("estimate").GetProperty("llc_std_over_chains").GetDouble() / Math.Sqrt(3);

        public SgldOptions Options { get; } = new()
        {
            StepSize = given.GetProperty("estimate").GetProperty("optimizer").GetProperty("lr").GetDouble(),
            NBeta = given.GetProperty("estimate").GetProperty("optimizer").GetProperty("nbeta").GetDouble(),
            Localization = given.GetProperty("estimate").GetProperty("optimizer").GetProperty("localization").GetDouble(),
            BatchSize = 1,
        };

        /// <summary>mean over rows and outputs of (y - W2 W1 x)^2, by
        /// the second moments of x and y.</summary>
        public FunctionEngine ByMoments()
        {
            var (xx, yx, yy) = (new double[Inputs, Inputs], new double[Outputs, Inputs], Y.Sum(v => v * v) / Y.Length);
            for (var row = 0; row < 1000; row++)
                for (var i = 0; i < Inputs; i++)
                {
                    for (var j = 0; j < Inputs; j++)
                        xx[i, j] += X[row * Inputs + i] * X[row * Inputs + j] / Y.Length;
                    for (var o = 0; o < Outputs; o++)
                        yx[o, i] += Y[row * Outputs + o] * X[row * Inputs + i] / Y.Length;
                }
            var product = new double[Outputs, Inputs];
            var slope = new double[Outputs, Inputs];
            return new(Start, (_, w, gradient) =>
            {
                var w1 = w[..(Rank * Inputs)];
                var w2 = w[(Rank * Inputs)..];
                var loss = yy;
                for (var o = 0; o < Outputs; o++)
                    for (var i = 0; i < Inputs; i++)
                    {
                        product[o, i] = 0;
                        for (var r = 0; r < Rank; r++) product[o, i] += w2[o * Rank + r] * w1[r * Inputs + i];
                    }
                for (var o = 0; o < Outputs; o++)
                    for (var i = 0; i < Inputs; i++)
                    {
                        var through = 0.0;
                        for (var j = 0; j < Inputs; j++) through += product[o, j] * xx[j, i];
                        loss += product[o, i] * (through - 2 * yx[o, i]);
                        slope[o, i] = 2 * (through - yx[o, i]);
                    }
                if (gradient.IsEmpty) return loss;
                gradient.Clear();
                for (var o = 0; o < Outputs; o++)
                    for (var i = 0; i < Inputs; i++)
                        for (var r = 0; r < Rank; r++)
                        {
                            gradient[r * Inputs + i] += slope[o, i] * w2[o * Rank + r];
                            gradient[Rank * Inputs + o * Rank + r] += slope[o, i] * w1[r * Inputs + i];
                        }
                return loss;
            });
        }
    }
}
