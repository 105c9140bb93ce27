using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Weights;
using MlNetRllc.Patterns;
using MlNetRllc.Testing;
using MlNetRllc.Tests.Runner;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Patterns;

public sealed class ProbeTokensTests : IDisposable
{
    private static readonly string[] Texts = ["<s>", " the", " cat", "s", "\n", "7"];

    private readonly MLContext ml = new(seed: 1);
    private readonly TinyStudy study = new();

    public void Dispose() => study.Dispose();

    [Fact]
    public void EveryPredictedToken_IsARow()
    {
        var rows = ml.Rllc.ProbeTokens(Small(), new() { Dataset = "small", TokenTexts = Texts, TokensBefore = 2 });
        Assert.Equal(6, rows.GetRowCount());
        Assert.Equal(["small"], rows.GetColumn<string>("Dataset").Distinct());
        Assert.Equal([0, 0, 0, 1, 1, 1], rows.GetColumn<int>("Context"));
        Assert.Equal([1, 2, 3, 1, 2, 3], rows.GetColumn<int>("Position"));
        Assert.Equal([1, 2, 3, 5, 4, 9], rows.GetColumn<int>("Token"));
        Assert.Equal([" the", " cat", "s", "7", "\n", ""], rows.GetColumn<string>("TokenText"));
        Assert.Equal(["<s>", "<s> the", " the cat", "<s>", "<s>7", "7\n"], rows.GetColumn<string>("TextBefore"));
        Assert.All(rows.GetColumn<float>("Loss"), loss => Assert.True(float.IsNaN(loss)));
        Assert.Equal([true, true, false, false, false, false], rows.GetColumn<bool>("wordStart"));
        Assert.Equal([false, false, false, false, false, true], rows.GetColumn<bool>("afterNewline"));
    }

    [Fact]
    public void Losses_AreThoseOfTheCheckpoint_AndDecideWhatIsEasy()
    {
        var contexts = TinyStudy.Contexts(ml, 1);
        var expected = LossesOf(study.PathOf(0), contexts);
        var median = expected.Order().ElementAt(expected.Length / 2);
        var options = new ProbeTokensOptions { Limits = new() { EasyBelow = median, HardFrom = median } };
        var rows = ml.Rllc.ProbeTokens(contexts, options, checkpoint: study.PathOf(0));
        Assert.Equal(expected, rows.GetColumn<float>("Loss"), (a, b) => Math.Abs(a - b) < 1e-5);
        var losses = rows.GetColumn<float>("Loss").ToArray();
        Assert.Equal(losses.Select(l => l < median), rows.GetColumn<bool>("easy"));
        Assert.Equal(losses.Select(l => l >= median), rows.GetColumn<bool>("hard"));
    }

    [Fact]
    public void Patterns_AreAllThatCanBeFound_OrThoseAskedFor()
    {
        string[] fromTokens = ["firstRepeat", "laterRepeat", "inductionRight", "inductionWrong"];
        Assert.Equal(fromTokens, PatternsOf(ml.Rllc.ProbeTokens(Small())));
        var everything = ml.Rllc.ProbeTokens(
            TinyStudy.Contexts(ml, 1), new() { TokenTexts = Texts }, TinyStudy.Contexts(ml, 2), study.PathOf(0));
        Assert.Equal(PatternRules.All.Select(p => p.Name), PatternsOf(everything));
        var two = new ProbeTokensOptions { Patterns = ["inductionNew", "inductionRight"] };
        Assert.Equal(two.Patterns, PatternsOf(ml.Rllc.ProbeTokens(Small(), two, Small())));
    }

    [Fact]
    public void RulesAndColumnsOfOnesOwn_AreColumnsToo()
    {
        var rules = new Dictionary<string, PatternRule> { ["odd"] = (tokens, position) => tokens[position] % 2 == 1 };
        var rows = ml.Rllc.ProbeTokens(Small(), new() { Patterns = ["firstRepeat"], PatternColumns = ["Marked"] }, rules: rules);
        Assert.Equal(["firstRepeat", "odd", "Marked"], PatternsOf(rows));
        Assert.Equal([true, false, true, true, false, true], rows.GetColumn<bool>("odd"));
        Assert.Equal([false, true, false, true, false, false], rows.GetColumn<bool>("Marked"));
    }

    [Fact]
    public void Rule_IsAskedOnce_WhenAPatternIsRead()
    {
        var asked = 0;
        var rows = ml.Rllc.ProbeTokens(Small(), rules: new Dictionary<string, PatternRule> { ["own"] = (_, _) => ++asked > 0 });
        Assert.Equal(6, rows.GetColumn<int>("Token").Count());
        Assert.Equal(0, asked);
        Assert.Equal(rows.GetColumn<bool>("own"), rows.GetColumn<bool>("own"));
        Assert.Equal(6, asked);
    }

    [Fact]
    public void SavedTable_ReadsBackAsItWas()
    {
        var rows = ml.Rllc.ProbeTokens(Small(), new() { TokenTexts = Texts });
        foreach (var name in (string[])["probe.csv", "probe.parquet"])
        {
            var path = Path.Combine(study.Folder, name);
            ml.Rllc.SaveTable(rows, path);
            var read = ml.Rllc.LoadTable(path);
            Assert.Equal(rows.GetColumn<string>("TokenText"), read.GetColumn<string>("TokenText"));
            Assert.Equal(rows.GetColumn<bool>("digits"), read.GetColumn<bool>("digits"));
        }
    }

    [Theory]
    [InlineData("induction", "There is no pattern 'induction'; there are: wordStart, ")]
    [InlineData("hard", "made from losses, and no checkpoint is given")]
    [InlineData("digits", "made from the texts of tokens, which are not given")]
    [InlineData("rare", "made from n-grams of the training text, which is not given")]
    public void PatternThatCannotBeFound_IsRefusedAtOnce(string name, string expected) =>
        Assert.Contains(expected, Refused(new() { Patterns = [name] }), StringComparison.Ordinal);

    [Fact]
    public void NamesThatTwoColumnsWouldHave_AreRefused()
    {
        Assert.Contains("'Loss' needs another name", Refused(new(), "Loss"), StringComparison.Ordinal);
        Assert.Contains("'firstRepeat' needs another name", Refused(new(), "firstRepeat"), StringComparison.Ordinal);
        Assert.Contains("'Marked' needs another name", Refused(new() { PatternColumns = ["Marked"] }, "Marked"), StringComparison.Ordinal);
    }

    [Fact]
    public void PatternColumnOfAnotherTypeOrSize_IsRefused()
    {
        Assert.Contains("'Tokens' is", Refused(new() { PatternColumns = ["Tokens"] }), StringComparison.Ordinal);
        Assert.Contains("has 3 flags a row; the column 'Tokens' has 4 tokens", Refused(new() { PatternColumns = ["Short"] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ContextsThatTheModelCannotRead_AreRefusedAtOnce()
    {
        var contexts = TinyStudy.Contexts(ml, 1, vocabulary: 40);
        var refused = Assert.ThrowsAny<ArgumentException>(() => ml.Rllc.ProbeTokens(contexts, checkpoint: study.PathOf(0)));
        Assert.Contains("16", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_HasTheTableOfPatterns()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "src", "MlNetRllc", "README.md")).ReplaceLineEndings("\n");
        var lines = PatternRules.All.Select(pattern => $"| `{pattern.Name}` | {pattern.Description} |");
        var table = $"| pattern | picks a token when |\n|---|---|\n{string.Join('\n', lines)}\n";
        Assert.True(readme.Contains(table, StringComparison.Ordinal), $"src/MlNetRllc/README.md should hold this table:\n{table}");
    }

    private string Refused(ProbeTokensOptions options, string? rule = null)
    {
        var rules = rule is null ? null : new Dictionary<string, PatternRule> { [rule] = (_, _) => true };
        return Assert.Throws<ArgumentException>(() => ml.Rllc.ProbeTokens(Small(), options, rules: rules)).Message;
    }

    private static IEnumerable<string> PatternsOf(IDataView rows) => rows.Schema.Skip(7).Select(column => column.Name);

    private static float[] LossesOf(string checkpoint, IDataView contexts)
    {
        var (config, weights) = Checkpoint.Load(checkpoint);
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(weights);
        return [.. contexts.GetColumn<int[]>("Tokens").SelectMany(row =>
            model.PerTokenLoss(tensor(row.Select(t => (long)t).ToArray()).unsqueeze(0)).detach().data<float>().ToArray())];
    }

    private IDataView Small() => ml.Data.LoadFromEnumerable(
    [
        new MarkedContext { Tokens = [0, 1, 2, 3], Marked = [true, false, true, false], Short = [true, true, true] },
        new MarkedContext { Tokens = [0, 5, 4, 9], Marked = [false, true, false, false], Short = [true, true, true] },
    ]);

    private sealed class MarkedContext
    {
        [VectorType(4)]
        public int[] Tokens { get; set; } = [];

        [VectorType(4)]
        public bool[] Marked { get; set; } = [];

        [VectorType(3)]
        public bool[] Short { get; set; } = [];
    }
}
