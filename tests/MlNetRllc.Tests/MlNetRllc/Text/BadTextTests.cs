using System.Text;
using Microsoft.ML;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

/// <summary>Files that are not what they should be, each once by hand; <see cref="LoaderFuzzTests"/> has the many.</summary>
public sealed class BadTextTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-bad-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static List<TextDocument> Read(
        string path, TextFormat format = TextFormat.Auto, DocumentUnit unit = DocumentUnit.File, ListHandling lists = ListHandling.Join)
    {
        var card = new DatasetCard { Name = "test", Format = format, Unit = unit, Lists = lists, Sources = [new() { Location = path }] };
        return [.. TextDataset.Load(new MLContext(), card).Documents()];
    }

    [Theory]
    [InlineData("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"\\ud800\"}\n", "a.jsonl:2")]
    [InlineData("a.jsonl", "{\"text\":\"one\",\"other\":\"\\udc00\"}\n", "a.jsonl:1")]
    [InlineData("a.json", "[{\"text\":\"one\"},{\"text\":\"\\ud800x\"}]", "a.json[1]")]
    [InlineData("a.jsonl", "{\"text\":\"one\"}\n{\"text\":\"two\",\"\\udf0a\":1,\"b\":2}\n", "a.jsonl:2")]
    [InlineData("a.json", "[{\"text\":\"one\"},{\"text\":\"two\",\"\\udf0a\":1,\"b\":2}]", "a.json:1:48")]
    public void HalfASurrogatePair_NamesItsRecord(string name, string text, string place) =>
        Assert.Contains(place, Assert.Throws<InvalidDataException>(() => Read(Write(name, Encoding.UTF8.GetBytes(text)))).Message);

    [Theory]
    [InlineData(DocumentUnit.File)]
    [InlineData(DocumentUnit.Line)]
    [InlineData(DocumentUnit.Block)]
    [InlineData(DocumentUnit.Separator)]
    public void ByteOrderMarkAlone_IsNoDocument(DocumentUnit unit) => Assert.Empty(Read(Write("a.txt", [0xEF, 0xBB, 0xBF]), unit: unit));

    [Fact]
    public void ByteOrderMark_IsSkippedAtTheBeginningOnly()
    {
        // The mark stands at the beginning of the reader's second buffer.
        var text = "\uFEFF" + new string('x', (1 << 16) - 1) + "\uFEFFy";
        Assert.Equal(text[1..], Assert.Single(Read(Write("a.txt", Encoding.UTF8.GetBytes(text)))).Text);
    }

    [Fact]
    public void NativeLibrary_IsNoResourceText()
    {
        // The smallest image: headers for a machine, no section, no CLI header.
        var image = new byte[512];
        "MZ"u8.CopyTo(image);
        image[0x3C] = 0x40;
        "PE\0\0"u8.CopyTo(image.AsSpan(0x40));
        (image[0x44], image[0x45], image[0x54], image[0x58], image[0x59]) = (0x64, 0x86, 0xF0, 0x0B, 0x02);
        var error = Assert.Throws<InvalidDataException>(() => Read(Write("native.dll", image), TextFormat.Resources));
        Assert.Contains("native.dll is no .NET assembly with resources", error.Message);
    }

    [Fact]
    public void LineOfHundredMegabytes_IsRefusedBeforeItIsRead()
    {
        var text = new Endless('x');
        var file = new SourceFile("long.txt", () => text);
        var settings = new FormatSettings { Unit = DocumentUnit.Line, LongestDocument = 1_000_000 };
        var error = Assert.Throws<InvalidDataException>(() => DocumentReader.Read(file, TextFormat.Text, settings).Count());
        Assert.Contains("long.txt, line 1", error.Message);
        Assert.Contains("Raise LongestDocument", error.Message);
        Assert.InRange(text.Position, 1_000_000, 2_000_000);
    }

    [Theory]
    [InlineData(TextFormat.Jsonl)]
    [InlineData(TextFormat.Csv)]
    public void RecordWithoutEnd_IsRefusedBeforeItIsRead(TextFormat format)
    {
        var text = new Endless('x');
        var file = new SourceFile("long", () => text);
        Assert.Throws<InvalidDataException>(() => DocumentReader.Read(file, format, new() { LongestDocument = 1_000_000 }).Count());
        Assert.InRange(text.Position, 1_000_000, 8_000_000);
    }

    [Fact]
    public void Lists_GiveADocumentEach_WhenAsked()
    {
        var path = Write("a.jsonl", "{\"sentences\":[\"one\",\"two\"],\"label\":\"x\"}\n"u8.ToArray());
        Assert.Equal(["one\ntwo"], Read(path).Select(d => d.Text));
        var each = Read(path, lists: ListHandling.Documents);
        Assert.Equal(["one", "two"], each.Select(d => d.Text));
        Assert.EndsWith("a.jsonl:1[1]", each[1].Name);
        Assert.All(each, d => Assert.Equal("x", d.Fields!["label"]));
    }

    [Theory]
    [InlineData(ListHandling.Join, "one\n\ntwo", "three")]
    [InlineData(ListHandling.Documents, "one", "two", "three")]
    public async Task ParquetLists_AreJoinedOrTakenApart(ListHandling lists, params string[] expected)
    {
        var path = Write("a.parquet", await Lists());
        Assert.Equal(expected, Read(path, lists: lists).Select(d => d.Text));
    }

    private static async Task<byte[]> Lists()
    {
        var item = new Parquet.Schema.DataField<string>("element");
        var schema = new Parquet.Schema.ParquetSchema(new Parquet.Schema.ListField("sentences", item));
        using var target = new MemoryStream();
        await using (var writer = await Parquet.ParquetWriter.CreateAsync(schema, target))
        {
            using var group = writer.CreateRowGroup();
            List<string?> texts = ["one", null, "two", "three"];
            await group.WriteAsync(schema.GetDataFields()[0], texts, new ReadOnlyMemory<int>([0, 1, 1, 0]));
        }
        return target.ToArray();
    }

    private sealed class Endless(char letter) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Assert.True(position < 100_000_000, "The whole line was read.");
            buffer.AsSpan(offset, count).Fill((byte)letter);
            position += count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    [Fact]
    public void FormatThatNobodyReads_IsAnError_AndNotPlainText()
    {
        var file = new SourceFile("a.txt", () => new MemoryStream("some text"u8.ToArray()));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => DocumentReader.Read(file, (TextFormat)99, new()).Count());
        Assert.Contains("there is no text format 99; there are: Auto, Text, Jsonl", error.Message, StringComparison.Ordinal);
        var unknown = new FormatSettings { Unit = (DocumentUnit)99 };
        error = Assert.Throws<ArgumentOutOfRangeException>(() => DocumentReader.Read(file, TextFormat.Text, unknown).Count());
        Assert.Contains("there is no unit 99", error.Message, StringComparison.Ordinal);
    }
}
