using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

public sealed class TokenizeTextTests
{
    private readonly MLContext ml = new(seed: 1);

    private static Row Document(int i) =>
        new($"Document {i} tells of the number {i} and of the number {i * 7}; it tells it twice, twice.");

    private IDataView Documents(int count = 60) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(Document));

    private static List<Context> Rows(MLContext ml, IDataView view) => [.. ml.Data.CreateEnumerable<Context>(view, reuseRowObject: false)];

    [Fact]
    public void Contexts_HaveFixedLength_BeginWithBos_AndComeInBothSplits()
    {
        var fitted = ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 32).Fit(Documents());
        var contexts = Rows(ml, fitted.Transform(Documents()));
        Assert.All(contexts, context => Assert.Equal((32, fitted.Tokenizer.BosId), (context.Tokens.Length, context.Tokens[0])));
        Assert.Equal(["train", "validation"], contexts.Select(context => context.Split).Distinct().Order());
    }

    [Fact]
    public void ContextsLaidEndToEnd_AreTheDocuments()
    {
        var options = new TokenizeTextOptions
        {
            VocabularySize = 300, ContextLength = 16, ValidationFraction = 0, BosAtContextStart = false,
        };
        var fitted = ml.Rllc.TokenizeText(options).Fit(Documents());
        var tokens = Rows(ml, fitted.Transform(Documents())).SelectMany(context => context.Tokens);
        var tokenizer = fitted.Tokenizer;
        var all = Documents().GetColumn<string>("Text").SelectMany(text => tokenizer.Encode(text).Prepend(tokenizer.BosId)).ToList();
        Assert.Equal(all.Take(all.Count / 16 * 16), tokens);
    }

    [Fact]
    public void Cursors_GiveTheSameRowsAgain()
    {
        var view = ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 32).Fit(Documents()).Transform(Documents());
        Assert.Equal(Rows(ml, view).SelectMany(context => context.Tokens), Rows(ml, view).SelectMany(context => context.Tokens));
    }

    [Fact]
    public void PromisedSchema_IsDelivered()
    {
        var estimator = ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 32);
        var promised = estimator.GetOutputSchema(Shape(Documents().Schema));
        var delivered = Shape(estimator.Fit(Documents()).Transform(Documents()).Schema);
        Assert.Equal(delivered.Select(c => (c.Name, c.Kind, c.ItemType)), promised.Select(c => (c.Name, c.Kind, c.ItemType)));
    }

    [Fact]
    public void SavedModel_LoadsInFreshContext_AndTokenizesAlike()
    {
        var fitted = ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 32).Fit(Documents());
        using var file = new MemoryStream();
        ml.Model.Save(fitted, Documents().Schema, file);
        file.Position = 0;
        var fresh = new MLContext();
        var loaded = Assert.IsType<TokenizeTextTransformer>(fresh.Model.Load(file, out _));
        var expected = Rows(ml, fitted.Transform(Documents())).SelectMany(c => c.Tokens);
        Assert.Equal(expected, Rows(fresh, loaded.Transform(Documents())).SelectMany(c => c.Tokens));
    }

    [Fact]
    public void ContextLongerThanAllDocuments_SaysSo()
    {
        var view = ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 100_000).Fit(Documents()).Transform(Documents());
        var error = Assert.Throws<InvalidOperationException>(() => Rows(ml, view));
        Assert.Contains("fill no context of 100000", error.Message);
    }

    [Fact]
    public void ColumnOfAnotherType_IsRefusedBeforeFitting()
    {
        var numbers = ml.Data.LoadFromEnumerable([new Number(1)]);
        var error = Assert.Throws<ArgumentException>(() => ml.Rllc.TokenizeText(inputColumnName: "Value").Fit(numbers));
        Assert.Contains("'Value'", error.Message);
        error = Assert.Throws<ArgumentException>(() => ml.Rllc.TokenizeText().Fit(numbers));
        Assert.Contains("'Text'", error.Message);
    }

    [Fact]
    public void VocabularyOutsideRange_IsRefused() =>
        Assert.Contains("VocabularySize", Assert.Throws<ArgumentOutOfRangeException>(() =>
            ml.Rllc.TokenizeText(vocabularySize: 100)).Message);

    // ML.NET keeps this to itself; the library reaches it by access to its internals, the tests by reflection.
    private static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.Invoke(null, [schema])!;

    private sealed record Row(string Text);

    private sealed record Number(float Value);

    private sealed class Context
    {
        public int[] Tokens { get; set; } = [];

        public string Split { get; set; } = "";
    }
}
