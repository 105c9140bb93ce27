using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Prediction;
using MlNetRllc.Text;
using MlNetRllc.Training;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Prediction;

/// <summary>Text in, what the model makes of it out.</summary>
public sealed class PredictTextTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1);
    private readonly TextModel trained;

    public PredictTextTests() => trained = new(ml);

    public void Dispose() => trained.Dispose();

    private Answer Ask(string text, TextPredictionOptions? options = null)
    {
        var chosen = options ?? new() { TopTokens = 3, Continuation = 6, Attention = true };
        var chain = ml.Rllc.PredictText(trained.Tokenizer, trained.Model, options: chosen).Fit(trained.Documents);
        using var engine = ml.Model.CreatePredictionEngine<Question, Answer>(chain);
        return engine.Predict(new() { Text = text });
    }

    [Fact]
    public void Prediction_AgreesWithCore_OnTheTextsOwnTokens()
    {
        using var scope = NewDisposeScope();
        int[] seen = [trained.Tokenizer.Tokenizer.BosId, .. trained.Tokenizer.Tokenizer.Encode("Document 3")];
        var answer = Ask("Document 3");
        using var core = new AttentionOnlyTransformer(trained.Model.Config);
        core.Load(trained.Model.Weights);
        var ids = tensor(seen, dtype: ScalarType.Int64).unsqueeze(0);
        var losses = core.PerTokenLoss(ids).data<float>().ToArray();
        Assert.Equal([.. seen, .. Enumerable.Repeat(-1, 16 - seen.Length)], answer.Tokens);
        Assert.Equal(losses, answer.TokenLosses.Take(losses.Length));
        Assert.All(answer.TokenLosses.Skip(losses.Length), loss => Assert.Equal(float.NaN, loss));
        Assert.Equal(losses.Average(), answer.Loss, 1e-6);
        var chances = core.forward(ids).select(1, seen.Length - 1).softmax(-1).view(-1).data<float>().ToArray();
        Assert.Equal(Enumerable.Range(0, chances.Length).OrderByDescending(t => chances[t]).Take(3), answer.NextTokens);
        Assert.Equal(answer.NextTokens.Select(trained.Tokenizer.Tokenizer.TokenText), answer.NextTokenTexts);
        var patterns = stack(core.AttentionPatterns(ids)).squeeze(1); // [layer, head, query, key]
        Assert.Equal(patterns[1, 1, 2, 1].item<float>(), answer.Attention[((1 * 2 + 1) * 16 + 2) * 16 + 1]);
    }

    [Fact]
    public void EmptyText_IsPredictedFromItsBeginningAlone()
    {
        var answer = Ask("");
        Assert.Equal(float.NaN, answer.Loss);
        Assert.Equal(3, answer.NextTokens.Length);
    }

    [Fact]
    public void LongText_IsSeenByItsLastTokens()
    {
        var tokenizer = trained.Tokenizer.Tokenizer;
        var text = string.Concat(Enumerable.Repeat("Document 12 tells of it; ", 10));
        Assert.Equal([tokenizer.BosId, .. tokenizer.Encode(text).TakeLast(15)], Ask(text).Tokens);
    }

    [Fact]
    public void Continuation_IsText_TheSameForTheSameSeed()
    {
        Assert.Equal(Ask("Document 3").Continuation, Ask("Document 3").Continuation);
        Assert.NotEqual("", Ask("Document 3").Continuation);
        TextPredictionOptions Seeded(int seed) => new() { Seed = seed, TopTokens = 3, Attention = true };
        Assert.NotEqual(Ask("Document 3", Seeded(5)).Continuation, Ask("Document 3", Seeded(6)).Continuation);
    }

    [Fact]
    public void TokenizerOfAnotherVocabulary_IsRefused()
    {
        var other = ml.Rllc.TokenizeText(vocabularySize: 270, contextLength: 16).Fit(trained.Documents);
        var error = Assert.Throws<ArgumentException>(() => ml.Rllc.PredictText(other, trained.Model));
        Assert.Contains("270 tokens, the model 300", error.Message, StringComparison.Ordinal);
    }

    private sealed class Question
    {
        public string Text { get; set; } = "";
    }

    private sealed class Answer
    {
        public int[] Tokens { get; set; } = [];

        public float Loss { get; set; }

        public float[] TokenLosses { get; set; } = [];

        public int[] NextTokens { get; set; } = [];

        public string[] NextTokenTexts { get; set; } = [];

        public string Continuation { get; set; } = "";

        public float[] Attention { get; set; } = [];
    }
}
