using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetRllc.Tests.Modules;

/// <summary>What follows the table and the context, what is said of it beforehand, and traces.</summary>
public sealed class LlcDefaultsTests
{
    private readonly MLContext ml = new(seed: 1);

    private static Tensor SquaredError(Tensor y, Tensor label) => functional.mse_loss(y.squeeze(-1), label);

    private static LlcEstimator Estimator(MLContext context, Module<Tensor, Tensor> module, LlcOptions options) =>
        context.Rllc.EstimateLlc(module, SquaredError, options);

    [Fact]
    public void WhatIsNotGiven_FollowsTheRows()
    {
        var sampling = new SgldOptions { Chains = 2 }.FollowingRows(1000, seed: 7);
        var nbeta = 1000 / Math.Log(1000);
        Assert.Equal((2, 32, 7), (sampling.Chains, sampling.BatchSize, sampling.Seed));
        Assert.Equal(nbeta, sampling.NBeta, 9);
        Assert.Equal(0.03, sampling.StepSize * nbeta, 9);
        Assert.Equal(20 / 3.0, sampling.Localization / nbeta, 9);
        Assert.Equal(5, new SgldOptions().FollowingRows(5).BatchSize);
    }

    [Fact]
    public void WhatIsGiven_Stays_AsItsDefaultToo()
    {
        var paper = new SgldOptions { NBeta = 30, Seed = 1, BatchSize = 32 };
        Assert.Equal(new SgldOptions(), paper.FollowingRows(1000, seed: 7));
        var pulled = new SgldOptions { Localization = 1, StepSize = 1e-4 }.FollowingRows(1000);
        Assert.Equal((1, 1e-4), (pulled.Localization, pulled.StepSize));
    }

    [Fact]
    public void OptionsThatAreAlike_AreEqual_HoweverTheyWereGiven()
    {
        Assert.Equal(new SgldOptions(), new SgldOptions { NBeta = 30, Seed = 1 });
        Assert.Equal(new SgldOptions().GetHashCode(), new SgldOptions { NBeta = 30, Seed = 1 }.GetHashCode());
    }

    [Fact]
    public void ContextSeed_IsUsedWhereOptionsGiveNone()
    {
        double Llc(int seed, SgldOptions sampling)
        {
            using var module = OwnModules.Regression();
            var context = new MLContext(seed);
            return Estimator(context, module, new() { Sampling = sampling }).Fit(OwnModules.RegressionRows(context)).Results[0].Llc;
        }
        var open = new SgldOptions { Chains = 2, Draws = 4, BurnIn = 0 };
        Assert.NotEqual(Llc(5, open), Llc(6, open));
        Assert.Equal(Llc(5, open), Llc(6, open with { Seed = 5 }));
    }

    [Fact]
    public void Plan_SaysWhatFitDoes_AndLeavesTheModuleAsItWas()
    {
        using var module = OwnModules.Regression();
        var before = module.get_parameter("0.weight")!.detach().clone();
        var options = new LlcOptions
        {
            Selections = [ParameterSelection.All, new("out", "2.*")], Sampling = new() { Chains = 2, Draws = 50, Thinning = 2, BurnIn = 3 },
        };
        var estimator = Estimator(ml, module, options);
        var plan = estimator.Plan(OwnModules.RegressionRows(ml));
        Assert.Equal((40, 102), (plan.Rows, plan.Steps));
        Assert.Equal([17, 5], plan.Dimensions);
        Assert.InRange(plan.PredictedTime!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        Assert.True(before.Equals(module.get_parameter("0.weight")!));
        Assert.Contains("2 selections on 40 rows: nbeta 10.84", $"{plan}", StringComparison.Ordinal);
        Assert.Equal(plan.Sampling.NBeta, estimator.Fit(OwnModules.RegressionRows(ml)).Results[0].NBeta);
    }

    [Fact]
    public void Log_SaysTheSettingsAndTheTime()
    {
        using var module = OwnModules.Regression();
        var lines = new List<string>();
        ml.Log += (_, e) => { lock (lines) lines.Add(e.Message); };
        Estimator(ml, module, new() { Sampling = new() { Chains = 2, Draws = 30, BurnIn = 0 } }).Fit(OwnModules.RegressionRows(ml));
        const string said = "Sampling 1 selection on 40 rows: nbeta 10.84, localization 72.29, step size 2.77e-3, 2 chains x 30";
        Assert.Contains(lines, l => l.Contains(said, StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("30 steps take about ", StringComparison.Ordinal));
    }

    [Fact]
    public void Traces_GiveTheSameEstimatesAgain_AndARowADraw()
    {
        using var module = OwnModules.Regression();
        var options = new LlcOptions
        {
            Selections = [ParameterSelection.All, new("out", "2.*")], Sampling = TinyStudy.Options, KeepTraces = true,
        };
        var fitted = Estimator(ml, module, options).Fit(OwnModules.RegressionRows(ml));
        var again = ml.Rllc.EstimateRllc().Fit(fitted.Traces!).Transform(fitted.Traces!);
        Assert.Equal(fitted.Results.Select(r => r.Llc), again.GetColumn<double>("Rllc"));
        Assert.Equal(["full", "out"], again.GetColumn<string>("Component"));
        Assert.Equal(2 * 2 * 5, ml.Rllc.LossTraceTable(fitted.Traces!).GetColumn<double>("Loss").Count());
    }

    [Fact]
    public void TracesThatWereNotAskedFor_AreNone()
    {
        using var module = OwnModules.Regression();
        Assert.Null(Estimator(ml, module, new() { Sampling = TinyStudy.Options }).Fit(OwnModules.RegressionRows(ml)).Traces);
    }
}
