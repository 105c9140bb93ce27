using System.Diagnostics;
using Microsoft.ML;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Calibration;
using MlNetRllc.Core.Training;
using MlNetRllc.Prediction;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Prediction;
using MlNetRllc.Tests.Workout;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc.Tests.Foundation;

/// <summary>What works long is stopped by its token and by its context, and read anew by another.</summary>
public sealed class StoppingTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1), own = new(seed: 1);
    private readonly TinyStudy study = new();
    private readonly TextModel text;

    public StoppingTests() => text = new(ml);

    public void Dispose()
    {
        text.Dispose();
        study.Dispose();
    }

    public static TheoryData<string> Components =>
        ["TokenizeText", "TokenizeText, stored", "PredictText", "ScoreHeads", "TrainAttentionOnlyTransformer", "SampleSgld"];

    private (ITransformer Fitted, IDataView Input) Make(string component, MLContext context, CancellationToken cancellation = default)
    {
        var (documents, grid) = (text.Documents, study.Grid(ml));
        return component switch
        {
            "TokenizeText" => (context.Rllc.TokenizeText(Tokens, cancellation: cancellation).Fit(documents), documents),
            "TokenizeText, stored" =>
                (context.Rllc.TokenizeText(Tokens with { StoreFolder = Store }, cancellation: cancellation).Fit(documents), documents),
            "PredictText" => (context.Rllc.PredictText(text.Tokenizer, text.Model, cancellation: cancellation).Fit(documents), documents),
            "ScoreHeads" => (context.Rllc.ScoreHeads(TinyStudy.Contexts(ml, 1), cancellation: cancellation).Fit(grid), grid),
            "SampleSgld" =>
                (context.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, cancellation: cancellation).Fit(grid), grid),
            _ => (context.Rllc.With(text.Model, cancellation), text.Tokenizer.Transform(documents)),
        };
    }

    private string Store => Path.Combine(study.Folder, "tokens");

    private TokenizeTextOptions Tokens
    {
        get
        {
            var folder = Path.Combine(study.Folder, "vocabulary");
            text.Tokenizer.Tokenizer.Save(folder);
            return new() { VocabularySize = 300, ContextLength = 16, TokenizerFolder = folder };
        }
    }

    private static void Stopped(ITransformer fitted, IDataView input) =>
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(fitted.Transform(input)));

    [Theory, MemberData(nameof(Components))]
    public void CancelledToken_StopsTheView_AndWithReadsTheSameBytes(string component)
    {
        var (fitted, input) = Make(component, ml);
        var (cancelled, _) = Make(component, ml, Cancelling.Cancelled);
        Stopped(cancelled, input);
        Stopped(ml.Rllc.With(fitted, Cancelling.Cancelled), input);
        Assert.False(Directory.Exists(Store) && Directory.EnumerateFileSystemEntries(Store).Any()); // nothing is left of what was begun
        var expected = RowDump.Of(fitted.Transform(input));
        Assert.Equal(expected, RowDump.Of(ml.Rllc.With(cancelled).Transform(input)));
        Stopped(cancelled, input);
    }

    [Theory, MemberData(nameof(Components))]
    public void CancelledContext_StopsTheView_AndAnotherContextReadsTheSameBytes(string component)
    {
        var (fitted, input) = Make(component, own);
        own.CancelExecution();
        Stopped(fitted, input);
        Assert.Equal(RowDump.Of(Make(component, ml).Fitted.Transform(input)), RowDump.Of(ml.Rllc.With(fitted).Transform(input)));
    }

    [Fact]
    public void Vocabulary_IsNotLearnedFromTextsBehindTheOneAtWhichItIsCancelled()
    {
        using var stop = new CancellationTokenSource();
        var read = 0;
        var documents = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1000).Select(i =>
        {
            if (++read == 5) stop.Cancel();
            return new Document { Text = $"Document {i}" };
        }));
        var tokenizer = ml.Rllc.TokenizeText(vocabularySize: 260, cancellation: stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => tokenizer.Fit(documents));
        Assert.InRange(read, 5, 500); // ML.NET reads some rows ahead
    }

    [Fact]
    public void Continuation_IsCancelledBetweenItsTokens()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        var options = new TextPredictionOptions { Continuation = 100_000 };
        var prediction = ml.Rllc.PredictText(text.Tokenizer, text.Model, options: options, cancellation: stop.Token);
        var reader = prediction.Fit(text.Documents);
        Stopped(reader, ml.Data.TakeRows(text.Documents, 1));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20); // all of them take minutes
    }

    [Fact]
    public void CancelledContext_StopsTraining_WhichGoesOnInAnother()
    {
        LanguageModelOptions Options(Action<int> told) => new()
        {
            Shape = TinyStudy.Config, VocabularySize = 16, Steps = 200_000, BatchSize = 4,
            CheckpointFolder = Path.Combine(study.Folder, "train"),
            Progress = new Cancelling.Listener<TrainingProgress>(p => told(p.Step)),
        };
        var last = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => own.Rllc.TrainAttentionOnlyTransformer("Tokens", Options(step =>
        {
            last = step;
            own.CancelExecution();
        })).Fit(TinyStudy.Contexts(ml, 5)));
        using var stop = new CancellationTokenSource();
        var first = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => ml.Rllc.TrainAttentionOnlyTransformer("Tokens", Options(step =>
        {
            if (first == 0) first = step;
            stop.Cancel();
        }) with { Cancellation = stop.Token }).Fit(TinyStudy.Contexts(ml, 5)));
        Assert.InRange(last, 1, 199_999);
        Assert.True(first > last, $"Training went on at step {first}; it was stopped at {last}.");
    }

    [Fact]
    public void CancelledContext_StopsCalibration()
    {
        var told = 0;
        var listener = new Cancelling.Listener<SamplingProgress>(_ => { if (++told == 2) own.CancelExecution(); });
        var options = new CalibrationOptions { Sampling = TinyStudy.Options };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            own.Rllc.CalibrateSgld(study.PathOf(1), TinyStudy.Contexts(ml, 1), ["l0h0"], options, listener));
        Assert.Equal(2, told);
    }

    [Fact]
    public void CancelledContext_StopsTheSamplingOfAModule()
    {
        var (told, module) = (0, OwnModules.Regression());
        static TorchSharp.torch.Tensor SquaredError(TorchSharp.torch.Tensor output, TorchSharp.torch.Tensor label) =>
            TorchSharp.torch.nn.functional.mse_loss(output.squeeze(-1), label);
        Assert.ThrowsAny<OperationCanceledException>(() => own.Rllc.EstimateLlc(module, SquaredError, new()
        {
            Sampling = new() { Chains = 2, Draws = 20, BurnIn = 0, BatchSize = 8 },
            Progress = new Cancelling.Listener<SamplingProgress>(_ => { if (++told == 2) own.CancelExecution(); }),
        }).Fit(OwnModules.RegressionRows(ml)));
        Assert.Equal(2, told);
    }

    private sealed class Document
    {
        public string Text { get; set; } = "";
    }
}
