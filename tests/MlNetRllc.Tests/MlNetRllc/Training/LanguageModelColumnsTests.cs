using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Training;

/// <summary>What the trained model appends is what Core's model computes.</summary>
public sealed class LanguageModelColumnsTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);
    private static readonly int[] Row = [1, 5, 2, 9, 3, 3, 15, 0];

    public void Dispose() => study.Dispose();

    private LanguageModelTransformer Fitted(double temperature = 1, int seed = 1) => ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new()
    {
        Shape = TinyStudy.Config, VocabularySize = 16, Steps = 2, BatchSize = 4, TokenLosses = true, TopTokens = 3, Attention = true,
        CheckpointFolder = Path.Combine(study.Folder, Guid.NewGuid().ToString("n")),
        Continuation = 20, Temperature = temperature, Seed = seed,
    }).Fit(TinyStudy.Contexts(ml, 5));

    private Output Predict(LanguageModelTransformer model)
    {
        using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
        return engine.Predict(new Input { Tokens = Row });
    }

    [Fact]
    public void Prediction_AgreesWithCore()
    {
        using var model = Fitted();
        var output = Predict(model);
        using var scope = NewDisposeScope();
        using var core = new AttentionOnlyTransformer(model.Config);
        core.Load(model.Weights);
        var ids = tensor(Row, dtype: ScalarType.Int64).unsqueeze(0);
        Assert.Equal(core.PerTokenLoss(ids).data<float>().ToArray(), output.TokenLosses);
        Assert.Equal(output.TokenLosses.Average(), output.Loss, 1e-6);
        Assert.Equal(core.AttentionPatterns(ids).SelectMany(p => p.contiguous().data<float>().ToArray()), output.Attention);
        var chances = core.forward(ids).select(1, 7).softmax(-1).view(-1).data<float>().ToArray();
        Assert.Equal(Enumerable.Range(0, 16).OrderByDescending(t => chances[t]).Take(3), output.NextTokens);
        Assert.Equal(chances.OrderDescending().Take(3), output.NextTokenProbabilities);
    }

    [Fact]
    public void Continuation_IsSeeded_AndGreedyAtZeroTemperature()
    {
        using var model = Fitted();
        using var other = Fitted(seed: 2);
        Assert.Equal(Predict(model).Continuation, Predict(model).Continuation);
        Assert.NotEqual(Predict(model).Continuation, Predict(other).Continuation);
        using var greedy = Fitted(temperature: 0);
        var output = Predict(greedy);
        Assert.Equal(output.NextTokens[0], output.Continuation[0]);
    }

    [Fact]
    public void Training_StopsWhenCancelled_AndGoesOnAfterwards()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        LanguageModelOptions Options(CancellationToken cancellation) => new()
        {
            Shape = TinyStudy.Config, VocabularySize = 16, Steps = 2, BatchSize = 4,
            CheckpointFolder = Path.Combine(study.Folder, "train"), Cancellation = cancellation,
        };
        Assert.Throws<OperationCanceledException>(() =>
            ml.Rllc.TrainAttentionOnlyTransformer("Tokens", Options(stopped.Token)).Fit(TinyStudy.Contexts(ml, 5)));
        using var model = ml.Rllc.TrainAttentionOnlyTransformer("Tokens", Options(default)).Fit(TinyStudy.Contexts(ml, 5));
        Assert.Equal(2, model.Checkpoints.GetColumn<int>("Step").Max());
    }

    private sealed class Input
    {
        [VectorType(8)]
        public int[] Tokens { get; set; } = [];
    }

    private sealed class Output
    {
        public float Loss { get; set; }

        public float[] TokenLosses { get; set; } = [];

        public int[] NextTokens { get; set; } = [];

        public float[] NextTokenProbabilities { get; set; } = [];

        public int[] Continuation { get; set; } = [];

        public float[] Attention { get; set; } = [];
    }
}
