using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Calibration;

namespace MlNetRllc.Tests.Core.Sampling.Calibration;

public sealed class SgldCalibrationTests(TrainedModel model) : IClassFixture<TrainedModel>
{
    private static readonly CalibrationOptions Options = new()
    {
        StepSizes = [1e-5, 1e-4, 5e-4, 5e-3],
        NBetas = [30],
        Localizations = [50, 200],
        Sampling = new() { Chains = 2, Draws = 60, BurnIn = 0, BatchSize = 8 },
    };

    [Fact]
    public void Table_HasARowForEverySettingAndComponent_EachAsSampledAlone()
    {
        string[] components = ["l0h0", "l1h1"];
        var result = new SgldCalibration(new(TrainedModel.Config, model.Weights, model.Text)).Run(components, Options);
        Assert.Equal(from localization in (double[])[50, 200]
                     from stepSize in (double[])[1e-5, 1e-4, 5e-4, 5e-3]
                     from component in components
                      select (component, stepSize, 30.0, localization),
                      result.Rows.Select(r => (r.Component, r.StepSize, r.NBeta, r.Localization)));
        var alone = new SgldSampler(TrainedModel.Config, model.Weights, model.Text).Sample(["l1h1"],
            Options.Sampling with { StepSize = 5e-4, NBeta = 30, Localization = 200 })[0];
        var beside = result.Rows.Single(r => r is { Component: "l1h1", StepSize: 5e-4, Localization: 200 });
        Assert.Equal(RllcEstimation.Estimate(alone, new()).Rllc, beside.Estimate.Rllc);
    }

    /// <summary>On a quadratic of known curvature the acceptance falls with the step size; the
    /// setting near 0.9 must be found.</summary>
    [Fact]
    public void OnAQuadratic_TheRecommendedStepHasTheWantedAcceptance()
    {
        var options = Options with
        {
            StepSizes = [1e-4, 1e-3, 0.015, 0.022, 0.033, 0.05, 0.3],
            NBetas = [10],
            Localizations = [10],
            Sampling = new() { Chains = 4, Draws = 400, BurnIn = 0, BatchSize = 1 },
        };
        var result = Judge(options);
        var chosen = result.Rows.Single(r => r.StepSize == result.Recommended.StepSize).Estimate;
        Assert.InRange(chosen.MalaAcceptance, 0.83, 0.97);
        Assert.Equal(RllcStatus.Ok, chosen.Status);
        Assert.Matches("^Step size .*acceptance is 0.*without a spike.*0 ?% of the draws", result.Reason);
    }

    [Fact]
    public void WhenEverySettingDiverges_TheReasonSaysSo()
    {
        var result = Judge(Options with
        {
            StepSizes = [9, 10],
            NBetas = [1e6],
            Localizations = [1e6],
            Sampling = new() { Chains = 2, Draws = 100, BurnIn = 0, BatchSize = 1 },
        });
        Assert.StartsWith("No setting keeps all chains finite", result.Reason);
        Assert.Contains("smaller step sizes", result.Reason);
        Assert.All(result.Rows, row => Assert.Equal(RllcStatus.Diverged, row.Estimate.Status));
    }

    [Fact]
    public void WhenOnlyTheStepSizesAreTooSmall_TheReasonAsksForLargerOnes()
    {
        var result = Judge(Options with
        {
            StepSizes = [1e-7, 2e-7],
            NBetas = [10],
            Localizations = [10],
            Sampling = new() { Chains = 2, Draws = 100, BurnIn = 0, BatchSize = 1 },
        });
        Assert.StartsWith("No setting is without fault", result.Reason);
        Assert.Contains("Try larger step sizes", result.Reason);
    }

    [Fact]
    public void OvershootingTrace_HasASpike()
    {
        double[] losses = [.. Enumerable.Range(0, 100).Select(t => t is > 10 and < 20 ? 5.0 : 1.0)];
        var result = SgldCalibration.Judge([new()], [[TraceOf(losses)]], Options);
        Assert.Equal(5, result.Rows[0].Spike, 1e-9);
        Assert.Contains("overshoot", result.Reason);
    }

    [Fact]
    public void NeighboursThatDiffer_MakeASettingSensitive()
    {
        double[] Noise(int seed) => [.. Enumerable.Range(0, 100).Select(t => NamedRandom.Stream(seed).Uniform(0, (ulong)t) / 100)];
        SgldOptions[] settings =
        [
            new() { StepSize = 1e-4 },
            new() { StepSize = 2e-4 },
            new() { StepSize = 4e-4 },
            new() { StepSize = 1e-4, NBeta = 60 },
        ];
        LossTrace[] traces = [TraceOf(Noise(1), 1), TraceOf(Noise(2), 1), TraceOf(Noise(3), 2), TraceOf(Noise(4), 9)];
        var result = SgldCalibration.Judge(settings, [traces], Options);
        Assert.Equal(0, result.Rows[0].Sensitivity, 1e-3);
        Assert.Equal(1, result.Rows[1].Sensitivity, 0.05);
        Assert.Equal(0.5, result.Rows[2].Sensitivity, 0.05);
        Assert.True(double.IsNaN(result.Rows[3].Sensitivity));
    }

    [Theory]
    [InlineData("StepSizes")]
    [InlineData("NBetas")]
    [InlineData("Localizations")]
    public void EmptyListOfValues_IsRefusedByName(string list)
    {
        var options = list switch
        {
            "StepSizes" => Options with { StepSizes = [] },
            "NBetas" => Options with { NBetas = [] },
            _ => Options with { Localizations = [] },
        };
        var calibration = new SgldCalibration(new(TrainedModel.Config, model.Weights, model.Text));
        var error = Assert.Throws<ArgumentException>(() => calibration.Run(["full"], options));
        Assert.Contains(list, error.Message);
    }

    [Fact]
    public void ValueOutOfRange_IsRefused() => Assert.Contains("SgldOptions.StepSize is -1",
        Assert.Throws<ArgumentOutOfRangeException>(() => (Options with { StepSizes = [1e-3, -1] }).Settings()).Message);

    [Fact]
    public void NoComponent_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new SgldCalibration(new(TrainedModel.Config, model.Weights, model.Text)).Run([], Options));

    private static CalibrationResult Judge(CalibrationOptions options)
    {
        using var engine = new FunctionEngine(new double[5], (_, w, gradient) =>
        {
            var loss = 0.0;
            for (var i = 0; i < w.Length; i++)
            {
                loss += w[i] * w[i] / 2;
                if (!gradient.IsEmpty) gradient[i] = w[i];
            }
            return loss;
        });
        var settings = options.Settings();
        SampledRow[] rows = [.. settings.Select(s => new SampledRow(new("quadratic"), 0, s))];
        var traces = new LockStepRun<double>(engine, rows, new(NamedRandom.Stream(1), 1, 1)).Run();
        return SgldCalibration.Judge(settings, [[.. traces]], options);
    }

    private static LossTrace TraceOf(double[] losses, double level = 0) => new()
    {
        Component = "made up", Dimension = 1, NBeta = 30, Chains = 1, Draws = losses.Length, Losses = [.. losses.Select(l => l + level)],
        BaselineLosses = new double[losses.Length], MalaAcceptance = [0.9], DivergedAt = [-1],
    };
}
