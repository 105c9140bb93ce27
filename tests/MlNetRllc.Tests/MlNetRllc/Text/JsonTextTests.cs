using System.Text;
using MlNetRllc.Text;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

/// <summary>Paths to the text of JSON records, and numbers that are no JSON.</summary>
public sealed class JsonTextTests
{
    private const string Chat = """{"messages":[{"role":"user","content":"one"},{"role":"bot","content":null},{"role":"bot"}],"id":1}""";
    private const string Nested = """{"a":{"b":[["one","two"],[],["three"]]}}""";

    private static List<TextDocument> Read(
        string json, string? column = null, ListHandling lists = ListHandling.Join, string name = "a.jsonl")
    {
        var file = new SourceFile(name, () => new Trickle(Encoding.UTF8.GetBytes(json)));
        return [.. DocumentReader.Read(file, TextFormat.Auto, new() { TextColumn = column, Lists = lists })];
    }

    private static string Refusal(string json, string? column = null, string name = "a.jsonl") =>
        Assert.Throws<InvalidDataException>(() => Read(json, column, name: name)).Message;

    [Theory]
    [InlineData(Chat, "messages.content", "one\n\n")]
    [InlineData(Chat, "messages.role", "user\nbot\nbot")]
    [InlineData(Nested, "a.b", "one\ntwo\n\nthree")]
    [InlineData("""{"translation":{"en":"one","de":"eins"}}""", "translation.de", "eins")]
    [InlineData("""{"a":{"b":"inner"},"a.b":"outer"}""", "a.b", "outer")]
    [InlineData("""{"a.b":{"c":"one"}}""", "a.b.c", "one")]
    [InlineData("""{"a":[{"b":[{"c":"one"}]},{"b":[{"c":["two"]}]}]}""", "a.b.c", "one\ntwo")]
    public void Path_NamesTheText(string json, string path, string text)
    {
        Assert.Equal(text, Assert.Single(Read(json, path)).Text);
        Assert.Equal(text, Assert.Single(Read($"[{json}]", path, name: "a.json")).Text);
    }

    [Fact]
    public void StringsOfListsInLists_GiveADocumentEach_WhenAsked() =>
        Assert.Equal([("one", "a.jsonl:1[0]"), ("two", "a.jsonl:1[1]"), ("three", "a.jsonl:1[3]")],
            Read(Nested, "a.b", ListHandling.Documents).Select(d => (d.Text, d.Name)));

    [Theory]
    [InlineData("""{"messages":null}""")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":[null,{"content":null}]}""")]
    public void PathToNothingSaid_IsNoDocument(string json) => Assert.Empty(Read(json, "messages.content"));

    [Theory]
    [InlineData(Chat, "messages", "the column 'messages' has fields (messages.role, messages.content)", "textColumn: messages.content")]
    [InlineData("""{"text":{"en":"one","de":"eins"}}""", null, "the column 'text' has fields (text.en, text.de)", "textColumn: text.en")]
    [InlineData("""{"text":{}}""", null, "the column 'text' has fields ()", "strings or lists of strings.")]
    public void Records_AreRefusedWithTheirFields(string json, string? column, string found, string remedy)
    {
        var message = Refusal(json, column);
        Assert.Contains(found, message, StringComparison.Ordinal);
        Assert.EndsWith(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Chat, "messages.contents", "no text column 'messages.contents'; there are: messages.role, messages.content.")]
    [InlineData(Chat, "message.content", "no text column 'message.content'; there are: messages, id.")]
    [InlineData(Chat, "id.x", "column 'id' is Number; it has no field 'x'.")]
    [InlineData(Chat, "id", "column 'id' is Number; the text must be")]
    public void PathToNowhere_SaysWhatThereIs(string json, string column, string message) =>
        Assert.Contains(message, Refusal(json, column), StringComparison.Ordinal);

    [Theory]
    [InlineData("NaN", "NaN")]
    [InlineData("Infinity", "Infinity")]
    [InlineData("-Infinity", "-Infinity")]
    [InlineData("[NaN, 1, -Infinity]", "NaN\n1\n-Infinity")]
    [InlineData("{\"x\":NaN}", null)]
    [InlineData("\"say \\\" NaN, Infinity\"", "say \" NaN, Infinity")]
    public void NumbersOfPython_AreReadPast(string value, string? known)
    {
        var json = $$"""{"score":{{value}},"text":"not NaN, Infinity: \\", "n" :NaN }""";
        foreach (var (text, name) in new[] { ($"{json}\n{json}", "a.jsonl"), ($"[{json}, {json}]", "a.json") })
            Assert.All(Read(text, name: name), document =>
            {
                Assert.Equal("not NaN, Infinity: \\", document.Text);
                Assert.Equal(known ?? "NaN", document.Fields![known is null ? "score.x" : "score"]);
                Assert.Equal("NaN", document.Fields["n"]);
            });
    }

    [Theory]
    [InlineData("""{"text":NaN}""", "a.jsonl:1, column 'text' is NaN; the text must be")]
    [InlineData("""{"text":["one",-Infinity]}""", "a.jsonl:1, column 'text' is -Infinity; the text must be")]
    [InlineData("""{"text":"one","n":-NaN}""", "a.jsonl:1:")]
    [InlineData("""{"text":"one","n":1NaN}""", "a.jsonl:1:")]
    [InlineData("""{"text":"one","n":NaN1}""", "a.jsonl:1:")]
    [InlineData("""{"text":"one","n":nan}""", "a.jsonl:1:")]
    [InlineData("""{"text":"one","n":Infinit""", "a.jsonl:1:")]
    [InlineData("NaN", "a.jsonl:1: expected a JSON object")]
    public void NumbersThatAreNoText_OrNobodyWrites_AreRefused(string json, string place) =>
        Assert.StartsWith(place, Refusal(json), StringComparison.Ordinal);

    [Fact]
    public void PlacesBehindNumbersOfPython_StayTrue() =>
        Assert.StartsWith("a.jsonl:1:24: ", Refusal("""{"n":NaN,"m":-Infinity ]"""), StringComparison.Ordinal);

    // Gives one, two, three bytes and so on, so that every token lies across the border of two reads somewhere.
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        private int last;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, last = last % 5 + 1));
    }
}
