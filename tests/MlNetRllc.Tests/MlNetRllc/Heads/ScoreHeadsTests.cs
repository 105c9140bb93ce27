using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Grid;
using MlNetRllc.Heads;
using MlNetRllc.Tests.Core.Heads;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Heads;

public sealed class ScoreHeadsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void HandBuiltHeads_GetTheirScoresAndTypesAsColumns()
    {
        var grid = Grid("l0h0", "l0h1", "l0h2", "l0h3", "l1h0", "l1h1", "l1h2", "l1h3", "full");
        var contexts = Contexts();
        var rows = ml.Rllc.ScoreHeads(contexts).Append(ml.Rllc.ClassifyHeads()).Fit(grid).Transform(grid);
        Assert.Equal(["previous-token", "current-token", "unclear", "unclear", "induction", "unclear", "unclear", "unclear", "unclear"],
            rows.GetColumn<string>("HeadType"));
        Assert.Equal(1, rows.GetColumn<int>("PreviousTokenRank").First());
        Assert.True(rows.GetColumn<double[]>("PathAblation").ElementAt(4)[0] > 0.5);
        Assert.All(rows.GetColumn<double[]>("KComposition").First(), value => Assert.True(double.IsNaN(value)));
        const string notAHead = "'full' is not a single head; only the model's scores are given.";
        Assert.Equal([.. Enumerable.Repeat("", 8), notAHead], rows.GetColumn<string>("ScoreStatus"));
        Assert.Single(rows.GetColumn<double>("ModelLoss").Distinct());
    }

    [Fact]
    public void RowWithoutCheckpointOrComponent_SaysWhy_AndTheOthersGoOn()
    {
        var grid = Grid("l0h0", "l9h9");
        var fitted = ml.Rllc.ScoreHeads(Contexts()).Fit(Grid("l0h0"));
        Assert.Equal((true, true), fitted.Transform(grid).GetColumn<string>("ScoreStatus").ToList() is var status
            ? (status[0].Length == 0, status[1].Contains("'l9h9' is unknown", StringComparison.Ordinal)) : default);
        var lost = ml.Data.LoadFromEnumerable([new GridRow { Component = "l0h0", Checkpoint = Path.Combine(folder, "lost.safetensors") }]);
        Assert.Contains("does not exist", fitted.Transform(lost).GetColumn<string>("ScoreStatus").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("l9h9", null, "ScoreHeads, of model.safetensors: The component 'l9h9' is unknown.")]
    [InlineData("l0h0", "modle.safetensors", "(1 of 1 rows) does not exist. Did you mean 'model.safetensors'?")]
    public void GridThatNamesWhatThereIsNot_IsRefusedByFit(string component, string? file, string told)
    {
        var there = Grid(component).GetColumn<string>("Checkpoint").Single();
        var path = file is null ? there : Path.Combine(folder, file);
        var grid = ml.Data.LoadFromEnumerable([new GridRow { Component = component, Checkpoint = path }]);
        var refused = Assert.ThrowsAny<Exception>(() => ml.Rllc.ScoreHeads(Contexts()).Fit(grid));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooShortContexts_SayWhatTheyCannotShow()
    {
        using var study = new TinyStudy();
        var grid = study.Grid(ml);
        var chain = ml.Rllc.ScoreHeads(TinyStudy.Contexts(ml, 1)).Append(ml.Rllc.ClassifyHeads());
        var rows = chain.Fit(grid).Transform(grid);
        const string tooShort = "need a context of 16 tokens; the model's is 8";
        Assert.All(rows.GetColumn<string>("ScoreNotes"), note => Assert.Contains(tooShort, note, StringComparison.Ordinal));
        Assert.All(rows.GetColumn<string>("HeadType"), type => Assert.Equal("unclear", type));
        var reasons = rows.GetColumn<string>("HeadTypeReason");
        Assert.All(reasons, reason => Assert.Contains("could be measured", reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Traces_AreThoseOfTheHead_AndOnlyGivenWhenAskedFor()
    {
        var grid = Grid("l1h0", "l0h0");
        var options = new ScoreHeadsOptions { Traces = true, Curvature = new() { Probes = 4, Contexts = 4 } };
        IDataView Scored(ScoreHeadsOptions? chosen) => ml.Rllc.ScoreHeads(Contexts(), options: chosen).Fit(grid).Transform(grid);
        var (config, repeating) = (InductionModel.Config, InductionModel.Repeating(16));
        var expected = new CurvatureTraces(config, InductionModel.Weights, repeating) { Options = options.Curvature }
            .Hessian([.. Component.Expand("heads", config).Select(n => Component.Parse(n, config))]);
        Assert.Equal([expected[4].Value, expected[0].Value], Scored(options).GetColumn<double>("HessianTrace"));
        Assert.All(Scored(options).GetColumn<double>("FisherTrace"), trace => Assert.True(trace > 0));
        Assert.All(Scored(null).GetColumn<double>("FisherTrace"), trace => Assert.True(double.IsNaN(trace)));
    }

    [Fact]
    public void TokenThatBeginsDocuments_IsTheOneThatTheContextsName()
    {
        static Document DocumentOf(int i) => new($"Document {i} looks back at the token before it.");
        var documents = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(DocumentOf));
        var (small, tokenizer) = (Text.PublishedTokenizers.Small, Path.Combine(folder, "tokenizer"));
        small.Save(tokenizer);
        var config = new TransformerConfig
        {
            VocabularySize = 300, ContextLength = 16, Layers = 1, Heads = 2, ModelWidth = 8, HeadWidth = 4,
        };
        var path = Path.Combine(folder, "padded.safetensors");
        Checkpoint.Save(path, config, MlNetRllc.Tests.Core.Sampling.TinyModels.Weights(config, 1));
        var grid = ml.Data.LoadFromEnumerable([new GridRow { Component = "l0h0", Checkpoint = path }]);
        List<double> Scored(int vocabulary, int bos)
        {
            var tokenization = new TokenizeTextOptions { VocabularySize = vocabulary, ContextLength = 16, TokenizerFolder = tokenizer };
            var contexts = ml.Rllc.TokenizeText(tokenization).Fit(documents).Transform(documents);
            var options = new ScoreHeadsOptions { TokenClasses = false, Scoring = new() { BeginningOfSequence = bos, Sequences = 8 } };
            return [.. ml.Rllc.ScoreHeads(contexts, options: options).Fit(grid).Transform(grid).GetColumn<double>("PreviousToken")];
        }
        Assert.Equal(Scored(300, small.BosId), Scored(300, -1));
        Assert.Equal(Scored(300, small.BosId), Scored(small.VocabularySize, -1));
        Assert.NotEqual(Scored(300, 299), Scored(300, -1));
    }

    [Fact]
    public void OptionOutsideItsRange_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        ml.Rllc.ScoreHeads(Contexts(), options: new ScoreHeadsOptions { Scoring = new() { Sequences = 0 } }));

    private IDataView Grid(params string[] components)
    {
        var path = Path.Combine(folder, "model.safetensors");
        Checkpoint.Save(path, InductionModel.Config, InductionModel.Weights);
        var rows = components.Select(c => new GridRow { Component = c, Checkpoint = path, Dataset = "text" });
        return ml.Data.LoadFromEnumerable(rows.ToList());
    }

    private IDataView Contexts()
    {
        var contexts = InductionModel.Repeating(16);
        var rows = Enumerable.Range(0, contexts.Count).Select(i => new Row { Tokens = contexts[i].ToArray() });
        return ml.Data.LoadFromEnumerable(rows.ToList());
    }

    private sealed record Document(string Text);

    private sealed class Row
    {
        [VectorType(32)]
        public int[] Tokens { get; set; } = [];
    }
}
