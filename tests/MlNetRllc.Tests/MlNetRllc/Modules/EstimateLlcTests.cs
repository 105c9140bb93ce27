using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetRllc.Tests.Modules;

public sealed class EstimateLlcTests
{
    private readonly MLContext ml = new(seed: 1);

    private static Tensor SquaredError(Tensor y, Tensor label) => functional.mse_loss(y.squeeze(-1), label);

    // Linear regression on one feature, loss mean (w x - y)^2: curvature h = 2 mean(x^2), so that sampling with pull gamma gives
    // lambda = nbeta h / (2 (nbeta h + gamma)), up to the discretisation of small steps.
    [Fact]
    public void LinearRegression_GivesTheLlcOfAGaussian()
    {
        using var module = Linear(1, 1, hasBias: false, dtype: ScalarType.Float64);
        using (no_grad()) module.weight!.fill_(2.0);
        static Point PointOf(int i) => i % 2 == 0 ? new() { Features = 1, Label = 2 } : new() { Features = -1, Label = -2 };
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 64).Select(PointOf).ToList());
        var result = ml.Rllc.EstimateLlc(module, SquaredError, new()
        {
            FeatureShape = [1],
            Sampling = new() { NBeta = 50, Localization = 100, StepSize = 1e-3, Chains = 4, Draws = 3000, BurnIn = 200, BatchSize = 8 },
        }).Fit(rows).Results.Single();
        var exact = 50 * 2.0 / (2 * (50 * 2.0 + 100));
        Assert.Equal((1, "ok"), (result.Dimension, result.Status));
        Assert.InRange(result.Llc - exact, -5 * result.LlcStdErr - 0.02, 5 * result.LlcStdErr + 0.02);
        Assert.InRange(result.LlcStdErr, 1e-4, 0.05);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void NoNoise_TheLogSaysThatItIsNoSampler(double noiseLevel, bool isSaid)
    {
        List<string> lines = [];
        var context = new MLContext(seed: 1);
        context.Log += (_, e) => { lock (lines) lines.Add(e.Message); };
        using var module = Linear(1, 1);
        var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new Point { Features = i, Label = i }).ToList());
        context.Rllc.EstimateLlc(module, SquaredError, new()
        {
            FeatureShape = [1], Sampling = new() { NoiseLevel = noiseLevel, Chains = 2, Draws = 8, BurnIn = 0, BatchSize = 4 },
        }).Fit(rows);
        Assert.Equal(isSaid, lines.Exists(line => line.Contains("noise level is 0", StringComparison.Ordinal)));
    }

    [Fact]
    public void Module_IsLeftAsItWas()
    {
        var (hidden, output) = (OwnModules.Filled(Linear(2, 4)), OwnModules.Filled(Linear(4, 1)));
        using var module = Sequential(("0", hidden), ("drop", Dropout(0.5)), ("2", output));
        module.train();
        module.get_parameter("0.bias")!.requires_grad_(false);
        float[] Weights() => [.. module.parameters().SelectMany(p => p.detach().data<float>().ToArray())];
        var before = Weights();
        ml.Rllc.EstimateLlc(module, SquaredError, new() { Sampling = TinyStudy.Options }).Fit(OwnModules.RegressionRows(ml));
        Assert.Equal(before, Weights());
        Assert.True(module.training);
        Assert.Equal([true, false, true, true], module.parameters().Select(p => p.requires_grad));
    }

    [Fact]
    public void ImageClassifier_TakesKeysAndShapedFeatures()
    {
        using var module = OwnModules.Filled(Sequential(
            ("conv", Conv2d(1, 2, 3)), ("relu", ReLU()), ("flat", Flatten()), ("out", Linear(8, 3))));
        var images = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i => new Image
        {
            Pixels = [.. Enumerable.Range(0, 16).Select(p => MathF.Sin(i * p))], Kind = $"kind{i % 3}",
        }).ToList());
        var chain = ml.Transforms.Conversion.MapValueToKey("Label", "Kind").AppendCacheCheckpoint(ml)
            .Append(ml.Rllc.EstimateLlc(module, (logits, label) => functional.cross_entropy(logits, label), new()
            {
                FeatureColumn = "Pixels", FeatureShape = [1, 4, 4], Sampling = TinyStudy.Options,
                Selections = [new("conv", "conv.*"), new("out", "out.weight")],
            }));
        var results = chain.Fit(images).LastTransformer.Results;
        Assert.Equal([("conv", 20), ("out", 24)], results.Select(r => (r.Selection, r.Dimension)));
        Assert.All(results, r => Assert.True(double.IsFinite(r.Llc)));
    }

    [Fact]
    public void Chain_ComposesWithFilterSplitAndDataFrame()
    {
        var frame = new DataFrame(new SingleDataFrameColumn("A", Enumerable.Range(0, 60).Select(i => MathF.Sin(i))),
            new SingleDataFrameColumn("B", Enumerable.Range(0, 60).Select(i => MathF.Cos(3 * i))),
            new SingleDataFrameColumn("Label", Enumerable.Range(0, 60).Select(i => i == 7 ? float.NaN : MathF.Sin(i))));
        var split = ml.Data.TrainTestSplit(ml.Data.FilterRowsByMissingValues(frame, "Label"), 0.25, seed: 1);
        using var module = OwnModules.Regression();
        var model = ml.Transforms.Concatenate("Features", "A", "B")
            .Append(ml.Rllc.EstimateLlc(module, SquaredError, new() { Sampling = TinyStudy.Options })).Fit(split.TrainSet);
        var table = ml.Rllc.ToDataFrame(model.LastTransformer.Estimates);
        Assert.Equal(["full"], table["Selection"].Cast<string>());
        Assert.Single(model.Transform(split.TestSet).GetColumn<double[]>("Llc").Distinct(new Same()));
    }

    [Fact]
    public void MissingLabel_IsNamedWithItsRow()
    {
        using var module = OwnModules.Regression();
        static OwnModules.RegressionRow RowOf(int i) => new() { Features = [1, 2], Label = i == 5 ? float.NaN : 1 };
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(RowOf).ToList());
        var estimator = ml.Rllc.EstimateLlc(module, SquaredError, new() { Sampling = TinyStudy.Options });
        var error = Assert.Throws<InvalidOperationException>(() => estimator.Fit(rows));
        Assert.Contains("Row 5: the column 'Label' holds NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownParameter_IsRefusedWithThoseThereAre()
    {
        using var module = OwnModules.Regression();
        var options = new LlcOptions { Selections = [new("head", "attn.*")] };
        var error = Assert.Throws<ArgumentException>(() => ml.Rllc.EstimateLlc(module, SquaredError, options));
        const string said = "'attn.*'; the nearest is '0.weight'; the module has the parameters 0.weight, 0.bias, 2.weight, 2.bias";
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LossOfManyNumbers_IsRefused()
    {
        using var module = OwnModules.Regression();
        static Tensor OneARow(Tensor output, Tensor label) => (output.squeeze(-1) - label).square();
        var estimator = ml.Rllc.EstimateLlc(module, OneARow, new() { Sampling = TinyStudy.Options });
        var error = Assert.Throws<InvalidOperationException>(() => estimator.Fit(OwnModules.RegressionRows(ml)));
        Assert.Contains("shape [4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_StopsFit_AndPutsTheWeightsBack()
    {
        using var module = OwnModules.Regression();
        using var stop = new CancellationTokenSource();
        var before = module.get_parameter("0.weight")!.detach().clone();
        var options = new LlcOptions { Sampling = TinyStudy.Options, Cancellation = stop.Token, Progress = new Stop(stop) };
        var estimator = ml.Rllc.EstimateLlc(module, SquaredError, options);
        Assert.Throws<OperationCanceledException>(() => estimator.Fit(OwnModules.RegressionRows(ml)));
        Assert.True(before.Equals(module.get_parameter("0.weight")!));
    }

    [Fact]
    public void ContextSeed_IsUsedWhenNoOptionsAreGiven()
    {
        double Llc(int? seed)
        {
            using var module = OwnModules.Regression();
            return new MLContext(seed).Rllc.EstimateLlc(module, SquaredError).Fit(OwnModules.RegressionRows(ml)).Results[0].Llc;
        }
        Assert.Equal(Llc(5), Llc(5));
        Assert.NotEqual(Llc(5), Llc(6));
    }

    [Fact]
    public void GpuThatIsNotThere_FallsBackOrIsRefused()
    {
        using var module = OwnModules.Regression();
        var lines = new List<string>();
        var context = new MLContext(1) { GpuDeviceId = 99, FallbackToCpu = true };
        context.Log += (_, e) => { lock (lines) lines.Add(e.Message); };
        LlcEstimator Estimator() => context.Rllc.EstimateLlc(module, SquaredError, new() { Sampling = TinyStudy.Options });
        Assert.True(double.IsFinite(Estimator().Fit(OwnModules.RegressionRows(ml)).Results[0].Llc));
        Assert.Contains(lines, l => l.Contains("GPU 99 is not used", StringComparison.Ordinal));
        context.FallbackToCpu = false;
        var ofModule = Assert.Throws<InvalidOperationException>(() => Estimator().Fit(OwnModules.RegressionRows(ml)));
        Assert.Contains("GpuDeviceId is 99", ofModule.Message, StringComparison.Ordinal);
        var ofTraining = Assert.Throws<InvalidOperationException>(() =>
            context.Rllc.TrainAttentionOnlyTransformer("Tokens", new() { Steps = 1 }).Fit(TinyStudy.Contexts(ml, 1)));
        Assert.Contains("-p:Torch=cuda", ofTraining.Message, StringComparison.Ordinal);
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => source.Cancel();
    }

    private sealed class Same : IEqualityComparer<double[]>
    {
        public bool Equals(double[]? x, double[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(double[] values) => values.Length;
    }

    private sealed class Point
    {
        public double Features { get; set; }

        public double Label { get; set; }
    }

    private sealed class Image
    {
        [VectorType(16)]
        public float[] Pixels { get; set; } = [];

        public string Kind { get; set; } = "";
    }
}
