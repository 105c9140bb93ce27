using Microsoft.ML;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

public sealed class CardFilterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-card-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Lines(string name, IEnumerable<string> lines)
    {
        File.WriteAllLines(Path.Combine(folder, name), lines);
        return Path.Combine(folder, name);
    }

    private static List<string> Read(DatasetCard card)
    {
        var lines = card with { Name = "test", Unit = DocumentUnit.Line };
        return [.. TextDataset.Load(new MLContext(), lines).Documents().Select(d => d.Text)];
    }

    private static DatasetCard Of(string path) => new() { Sources = [new() { Location = path }] };

    [Fact]
    public void Length_KeepsWhatLiesBetween() => Assert.Equal(["xx", "xxx"],
        Read(Of(Lines("a.txt", ["x", "xx", "xxx", "xxxx"])) with { Filter = new() { MinimumLength = 2, MaximumLength = 3 } }));

    [Fact]
    public void ColumnOfAList_MatchesAnyOfItsValues()
    {
        var path = Lines("a.jsonl",
        [
            """{"text":"one","meta":{"sets":["A","B"]}}""",
            """{"text":"two","meta":{"sets":["C"]}}""",
            """{"text":"three"}""",
        ]);
        var columns = new Dictionary<string, IReadOnlyList<string>> { ["meta.sets"] = ["B", "D"] };
        Assert.Equal(["one"], Read(Of(path) with { Filter = new() { Columns = columns } }));
    }

    private static DatasetCard By(string path, string column, string value) =>
        Of(path) with { Filter = new() { Columns = new Dictionary<string, IReadOnlyList<string>> { [column] = [value] } } };

    [Theory]
    [InlineData("a.jsonl", "yeer", "there is no column 'yeer' to filter by; there are: meta.sets, year")]
    [InlineData("a.jsonl", "meta", "there is no column 'meta' to filter by")]
    [InlineData("a.csv", "yeer", "there is no column 'yeer' to filter by; there are: text, year")]
    [InlineData("a.txt", "year", "None of 1 documents has what the filter asks for: there is no column 'year'")]
    public void ColumnOfNoRecord_IsRefused(string name, string column, string reason)
    {
        string[] lines = name switch
        {
            "a.jsonl" => ["{\"text\":\"one\",\"year\":2020,\"meta\":{\"sets\":[1]}}"],
            "a.csv" => ["text,year", "one,2020"],
            _ => ["one"],
        };
        var path = Lines(name, lines);
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Read(By(path, column, "2020"))).Message);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("True")]
    public void TruthOfJson_IsComparedAsItIsWritten(string value) => Assert.Equal(["one"],
        Read(By(Lines("a.jsonl", ["{\"text\":\"one\",\"kept\":true}", "{\"text\":\"two\",\"kept\":false}"]), "kept", value)));

    [Theory]
    [InlineData("text,text,x", "2 columns are named 'text'. Rename all but one.")]
    [InlineData("text,x,x", "2 columns are named 'x'. Rename all but one.")]
    public void NameThatTwoColumnsOfATableHave_IsRefused(string header, string reason) => Assert.Contains(reason,
        Assert.Throws<InvalidDataException>(() => Read(By(Lines("a.csv", [header, "one,two,three"]), "x", "three"))).Message);

    [Fact]
    public void JsonLinesInAFileThatEndsInJson_AreToldTheirFormat()
    {
        var path = Lines("a.json", ["{\"text\":\"one\"}", "{\"text\":\"two\"}"]);
        var message = Assert.Throws<InvalidDataException>(() => Read(Of(path))).Message;
        Assert.Contains("say format: jsonl", message);
        Assert.DoesNotContain("System.", message);
        Assert.Equal(["one", "two"], Read(Of(path) with { Format = TextFormat.Jsonl }));
    }

    [Fact]
    public void NearDuplicates_AreDropped()
    {
        var words = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"word{i * 7919 % 1009}"));
        var card = Of(Lines("a.txt", [words, words + " more", "something else"]));
        Assert.Equal([words, "something else"], Read(card with { Filter = new() { Duplicates = DuplicateRemoval.Near } }));
    }

    [Fact]
    public void Weights_TakeShares()
    {
        var a = Lines("a.txt", Enumerable.Range(0, 2000).Select(i => $"a{i}"));
        var b = Lines("b.txt", Enumerable.Range(0, 100).Select(i => $"b{i}"));
        var drawn = Read(new() { Sources = [new() { Location = a, Weight = 0.25 }, new() { Location = b, Weight = 2.5 }] });
        // Binomial counts within five standard deviations.
        Assert.InRange(drawn.Count(text => text[0] == 'a'), 500 - 97, 500 + 97);
        Assert.InRange(drawn.Count(text => text[0] == 'b'), 250 - 25, 250 + 25);
        Assert.All(Enumerable.Range(0, 100), i => Assert.InRange(drawn.Count(text => text == $"b{i}"), 2, 3));
    }

    [Fact]
    public void Sample_HasItsSize_ItsOrder_AndIsDecidedByItsSeed()
    {
        var card = Of(Lines("a.txt", Enumerable.Range(0, 500).Select(i => $"{i:D3}")));
        List<string> Drawn(int documents, long seed) => Read(card with { Sample = new() { Documents = documents, Seed = seed } });
        Assert.Equal(50, Drawn(50, 1).Count);
        Assert.Equal(Drawn(50, 1).Order(), Drawn(50, 1));
        Assert.NotEqual(Drawn(50, 1), Drawn(50, 2));
        Assert.Empty(Drawn(50, 1).Except(Drawn(80, 1)));
    }

    [Theory]
    [InlineData("arxiv", "sentences")]
    [InlineData("cc100", null)]
    [InlineData("codeparrot", "content")]
    [InlineData("pile", "text")]
    [InlineData("pile-dsir", "contents")]
    [InlineData("tinystories", null)]
    [InlineData("wikitext", "text")]
    public void PublishedDatasets_HaveWhatACardMustSay(string name, string? column)
    {
        Assert.Contains(name, TextDataset.KnownNames);
        var card = DatasetCardReader.ReadKnown(name);
        Assert.Equal((name, column), (card.Name, card.TextColumn));
        Assert.All((string?[])[card.Title, card.Licence], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.StartsWith("https://", card.Homepage);
        Assert.All(card.Sources, source => Assert.True(name == "pile-dsir" ? source.Location.EndsWith(".jsonl", StringComparison.Ordinal)
            : Downloads.AddressOf(source.Location).IsAbsoluteUri));
    }
}
