using Microsoft.ML;
using MlNetRllc.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetRllc.Tests.Modules;

/// <summary>Batches that the caller makes of rows: an encoder over padded sentences, with a number beside each.</summary>
public sealed class RowBatchTests
{
    private readonly MLContext ml = new(seed: 1);

    private static LlcOptions Few => new() { Sampling = new() { Chains = 2, Draws = 4, BurnIn = 0, BatchSize = 6 } };

    [Fact]
    public void PaddedSentencesWithANumber_GiveAnEstimateASelection()
    {
        using var module = new SentenceModel();
        module.train();
        var before = Weights(module);
        var options = Few with
        {
            Selections =
            [
                new ParameterSelection("head 1").Head(1, of: 2, fused: "encoder.*.in_proj_*", output: "encoder.*.out_proj.weight"),
                new("norms", "*norm*"), new ParameterSelection("padding").Rows("words.weight", 0..1),
            ],
        };
        var fitted = Estimator(module, options).Fit(Sentences());
        // Three thirds of 4 rows of 8 and their biases, 4 columns of 8; scales and shifts of three norms; one row of the embedding.
        Assert.Equal([("head 1", 3 * (4 * 8 + 4) + 4 * 8), ("norms", 3 * 2 * 8), ("padding", 8)],
            fitted.Results.Select(r => (r.Selection, r.Dimension)));
        Assert.All(fitted.Results, r => Assert.True(double.IsFinite(r.Llc), $"{r}"));
        Assert.Equal(before, Weights(module));
        // A token that is masked, and whose row has no gradient, moves no loss.
        Assert.Equal(0, fitted.Results[2].Llc);
    }

    [Fact]
    public void Batch_IsMadeOnceAMinibatch_AndItsTensorsAreFreed()
    {
        using var module = new SentenceModel();
        var made = new List<Batch>();
        ml.Rllc.EstimateLlcOf(module, (IReadOnlyList<Sentence> rows, Device device) =>
        {
            made.Add(Batch.Of(rows, device));
            return made[^1];
        }, module.Loss, Few).Fit(Sentences());
        Assert.Equal(4, made.Count);
        Assert.All(made, batch => Assert.True(batch.Words.IsInvalid));
    }

    [Fact]
    public void RowsAsTensors_GiveTheBitsOfTheColumns()
    {
        using var module = OwnModules.Regression();
        var options = new LlcOptions { Sampling = TinyStudy.Options };
        static Tensor SquaredError(Tensor output, Tensor label) => functional.mse_loss(output.squeeze(-1), label);
        var columns = ml.Rllc.EstimateLlc(module, SquaredError, options).Fit(OwnModules.RegressionRows(ml));
        var rows = ml.Rllc.EstimateLlcOf(module, (IReadOnlyList<OwnModules.RegressionRow> batch, Device _) => (
                X: tensor(batch.SelectMany(r => r.Features).ToArray(), [batch.Count, 2L]), Y: tensor(batch.Select(r => r.Label).ToArray())),
            b => SquaredError(module.call(b.X), b.Y), options).Fit(OwnModules.RegressionRows(ml));
        Assert.Equal(columns.Results, rows.Results);
    }

    [Fact]
    public void MissingColumn_IsNamedWithItsMember()
    {
        using var module = new SentenceModel();
        var estimator = Estimator(module, Few);
        var error = Assert.Throws<ArgumentException>(() => estimator.Fit(OwnModules.RegressionRows(ml)));
        Assert.Contains("the column 'Words' (as Sentence.Words) is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoRows_AreRefused()
    {
        using var module = new SentenceModel();
        var estimator = Estimator(module, Few);
        var error = Assert.Throws<ArgumentException>(() => estimator.Fit(ml.Data.LoadFromEnumerable(Array.Empty<Sentence>())));
        Assert.Contains("no rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NullLoss_IsRefused()
    {
        using var module = new SentenceModel();
        var estimator = ml.Rllc.EstimateLlcOf(
            module, (IReadOnlyList<Sentence> rows, Device device) => Batch.Of(rows, device), _ => null!, Few);
        var error = Assert.Throws<InvalidOperationException>(() => estimator.Fit(Sentences()));
        Assert.Contains("gave null", error.Message, StringComparison.Ordinal);
    }

    private LlcEstimator Estimator(SentenceModel module, LlcOptions options) => ml.Rllc.EstimateLlcOf(
        module, (IReadOnlyList<Sentence> rows, Device device) => Batch.Of(rows, device), module.Loss, options);

    private IDataView Sentences() => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i => new Sentence
    {
        Words = [.. Enumerable.Range(0, 2 + i % 4).Select(p => 1 + (i * p + i) % 9)], Length = MathF.Sin(i), Kind = i % 3,
    }).ToList());

    private static float[] Weights(Module module) => [.. module.parameters().SelectMany(p => p.detach().data<float>().ToArray())];

    public sealed class Sentence
    {
        public int[] Words { get; set; } = [];

        public float Length { get; set; }

        public int Kind { get; set; }
    }

    private sealed record Batch(Tensor Words, Tensor Length, Tensor Kind)
    {
        public static Batch Of(IReadOnlyList<Sentence> rows, Device device)
        {
            var words = rows.Select(r => tensor(r.Words, ScalarType.Int64)).ToArray();
            return new(nn.utils.rnn.pad_sequence(words, batch_first: true).to(device), // [batch, pos]
                tensor(rows.Select(r => r.Length).ToArray(), device: device),
                tensor(rows.Select(r => (long)r.Kind).ToArray(), device: device));
        }
    }

    /// <summary>Embedding, torch's own encoder with a padding mask, batch normalisation of the mean and the number, and classes.</summary>
    private sealed class SentenceModel : Module
    {
        private readonly TorchSharp.Modules.Embedding words = Embedding(10, 8, padding_idx: 0);
        private readonly TorchSharp.Modules.TransformerEncoderLayer encoder = TransformerEncoderLayer(8, 2, 16);
        private readonly TorchSharp.Modules.BatchNorm1d norm = BatchNorm1d(8);
        private readonly TorchSharp.Modules.Linear read = Linear(8 + 1, 3);

        public SentenceModel() : base("sentences")
        {
            RegisterComponents();
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            foreach (var (_, parameter) in named_parameters())
                parameter.copy_(arange(parameter.numel()).mul(0.7).sin().mul(0.5).view(parameter.shape));
        }

        public Tensor Loss(Batch batch)
        {
            using var scope = NewDisposeScope();
            var padding = batch.Words.eq(0); // [batch, pos]
            var x = encoder.call(words.call(batch.Words).transpose(0, 1), null, padding).transpose(0, 1); // [batch, pos, d_model]
            var counts = padding.logical_not().to(ScalarType.Float32).unsqueeze(-1);
            var mean = norm.call((x * counts).sum(1) / counts.sum(1)); // [batch, d_model]
            var logits = read.call(cat([mean, batch.Length.unsqueeze(-1)], 1)); // [batch, class]
            return functional.cross_entropy(logits, batch.Kind).MoveToOuterDisposeScope();
        }
    }
}
