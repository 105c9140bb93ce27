using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;
using Parquet;
using Parquet.Schema;

namespace MlNetRllc.Tests.Text;

public sealed class LoaderTests : IDisposable
{
    private static readonly MLContext Context = new();
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-text-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static List<string> Texts(
        string path, DocumentUnit unit = DocumentUnit.File, string? column = null, DatasetOptions? options = null)
    {
        var card = new DatasetCard { Name = "test", Unit = unit, TextColumn = column, Sources = [new() { Location = path }] };
        return [.. TextDataset.Load(Context, card, options).Documents().Select(d => d.Text)];
    }

    private static byte[] Gzip(string text)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }

    private static byte[] Zstd(string text)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    // "one\n\ntwo\n", as xz writes it.
    private static readonly byte[] Xz = Convert.FromBase64String(
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAIb25lCgp0d28KAAAAAJ2kv5jqme8WAAEhCWwYxdUftvN9AQAAAAAEWVo=");

    private static async Task<byte[]> Parquet(string column)
    {
        var text = new DataField<string>(column);
        var schema = new ParquetSchema(text, new DataField<string>("language"), new DataField<int>("number"));
        using var target = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, target))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(schema.GetDataFields()[0], new List<string?> { "one", "two" });
            await group.WriteAsync(schema.GetDataFields()[1], new List<string?> { "en", "de" });
            await group.WriteAsync<int>(schema.GetDataFields()[2], new int[] { 1, 2 }.AsMemory());
        }
        return target.ToArray();
    }

    [Fact]
    public void PlainText_IsCutAsAsked()
    {
        var path = Write("a.txt", "\uFEFFone\r\ntwo\n\n \nthree<|endoftext|>\nfour\n");
        Assert.Equal(["one\r\ntwo\n\n \nthree<|endoftext|>\nfour\n"], Texts(path));
        Assert.Equal(["one", "two", "three<|endoftext|>", "four"], Texts(path, DocumentUnit.Line));
        Assert.Equal(["one\ntwo", "three<|endoftext|>\nfour"], Texts(path, DocumentUnit.Block));
        Assert.Equal(["one\r\ntwo\n\n \nthree", "four"], Texts(path, DocumentUnit.Separator));
    }

    [Fact]
    public void Separator_AcrossBuffers_IsFound()
    {
        var pieces = Enumerable.Range(0, 50).Select(i => new string((char)('a' + i % 26), 2620 + i)).ToList();
        Assert.Equal(pieces, Texts(Write("a.txt", string.Join("<|endoftext|>", pieces)), DocumentUnit.Separator));
    }

    [Fact]
    public void Jsonl_FindsUsualColumns_AndJoinsLists()
    {
        var path = Write("a.jsonl",
            "{\"id\":1,\"contents\":\"one\",\"metadata\":{\"set\":\"A\"}}\n\n{\"sentences\":[\"two\",\"three\"]}\n");
        Assert.Equal(["one", "two\nthree"], Texts(path));
    }

    [Fact]
    public void JsonArray_IsReadRecordByRecord() =>
        Assert.Equal(["one", "two"], Texts(Write("a.json", "[{\"text\":\"one\"},{\"text\":\"two\"}]")));

    [Fact]
    public void Csv_ReadsQuotedFields() =>
        Assert.Equal(["one, \"1\"\nline", "two"], Texts(Write("a.csv", "id,Text\n1,\"one, \"\"1\"\"\nline\"\n2,two\n")));

    [Fact]
    public async Task Parquet_ReadsTextColumn() => Assert.Equal(["one", "two"], Texts(Write("a.parquet", await Parquet("code"))));

    [Fact]
    public void Compressed_ReadsAsWhatItHolds()
    {
        Assert.Equal(["one", "two"], Texts(Write("a.txt.gz", Gzip("one\n\ntwo\n")), DocumentUnit.Line));
        Assert.Equal(["one", "two"], Texts(Write("a.txt.zst", Zstd("one\n\ntwo\n")), DocumentUnit.Line));
        Assert.Equal(["one", "two"], Texts(Write("a.txt.xz", Xz), DocumentUnit.Block));
        Assert.Equal(["one"], Texts(Write("a.jsonl.gz", Gzip("{\"text\":\"one\"}"))));
    }

    [Fact]
    public void FolderAndPattern_ReadFilesInOrdinalOrder()
    {
        Write("b.txt", "2");
        Write("a.txt", "1");
        Write("c.md", "3");
        Assert.Equal(["1", "2", "3"], Texts(folder));
        Assert.Equal(["1", "2"], Texts(Path.Combine(folder, "*.txt")));
    }

    [Fact]
    public void Filters_KeepWhatTheCardAsks()
    {
        static string Record(int i) =>
            $"{{\"text\":\"text {i % 10} {{0}}\",\"meta\":{{\"lang\":\"{(i % 2 == 0 ? "en" : "de")}\"}}}}\n";
        var path = Write("a.jsonl", string.Concat(Enumerable.Range(0, 40).Select(Record)));
        var card = new DatasetCard
        {
            Name = "test", Sources = [new() { Location = path }],
            Filter = new()
            {
                Columns = new Dictionary<string, IReadOnlyList<string>> { ["meta.lang"] = ["en"] },
                Duplicates = DuplicateRemoval.Exact, StripFormatItems = true,
            },
        };
        var texts = TextDataset.Load(Context, card).Documents().Select(d => d.Text);
        Assert.Equal(["text 0 ", "text 2 ", "text 4 ", "text 6 ", "text 8 "], texts);
        var sampled = TextDataset.Load(Context, card with { Sample = new() { Documents = 2, Seed = 3 } });
        Assert.Equal(2, sampled.Documents().Count());
        Assert.Equal(sampled.Documents().Select(d => d.Name), sampled.Documents().Select(d => d.Name));
        var twice = TextDataset.Load(Context, card with { Filter = new(), Sources = [new() { Location = path, Weight = 2 }] });
        Assert.Equal(80, twice.Documents().Count());
    }

    [Fact]
    public void WrongChecksum_IsRefusedAtTheEnd()
    {
        var card = new DatasetCard { Name = "test", Sources = [new() { Location = Write("a.txt", "one") }], Checksum = "00" };
        var error = Assert.Throws<InvalidDataException>(() => TextDataset.Load(Context, card).Documents().Count());
        Assert.Contains("not what its card says", error.Message);
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    [InlineData(".xz")]
    public void CutOffCompression_NamesTheFile(string ending)
    {
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 20000).Select(_ => (char)random.Next('a', 'z')));
        var whole = ending switch { ".gz" => Gzip(text), ".zst" => Zstd(text), _ => Xz };
        var path = Write("a.txt" + ending, whole[..^(ending == ".xz" ? 40 : whole.Length / 3)]);
        Assert.Contains("a.txt" + ending, Assert.Throws<InvalidDataException>(() => Texts(path)).Message);
    }

    [Fact]
    public async Task CutOffParquet_NamesTheFile()
    {
        var whole = await Parquet("text");
        var error = Assert.Throws<InvalidDataException>(() => Texts(Write("a.parquet", whole[..(whole.Length / 2)])));
        Assert.Contains("a.parquet", error.Message);
    }

    [Fact]
    public void InvalidUtf8_NamesFileAndLine()
    {
        byte[] invalid = [(byte)'o', (byte)'\n', 0xC3, 0x28];
        var error = Assert.Throws<InvalidDataException>(() => Texts(Write("a.txt", invalid), DocumentUnit.Line));
        Assert.Contains("a.txt, at or after line ", error.Message);
        Assert.Contains("not UTF-8", error.Message);
    }

    [Fact]
    public void LongLine_IsRefusedWithItsPlace()
    {
        var path = Write("a.txt", "short\n" + new string('x', 5000));
        var error = Assert.Throws<InvalidDataException>(() => Texts(path, DocumentUnit.Line, options: new() { LongestDocument = 1000 }));
        Assert.Contains("a.txt, line 2", error.Message);
    }

    [Fact]
    public void NoTextColumn_ListsColumns()
    {
        var path = Write("a.jsonl", "{\"title\":\"one\",\"year\":1}");
        Assert.Contains("there are: title, year", Assert.Throws<InvalidDataException>(() => Texts(path)).Message);
        Assert.Contains("'body'", Assert.Throws<InvalidDataException>(() => Texts(path, column: "body")).Message);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"text\":\"one\"}\n{\"text\":", "a.jsonl:2")]
    [InlineData("a.jsonl", "[1]", "expected a JSON object")]
    [InlineData("a.jsonl", "{\"text\":5}", "column 'text' is Number")]
    [InlineData("a.jsonl", "{\"text\":\"a\",\"text\":\"b\"}", "a.jsonl:1")]
    [InlineData("a.json", "[{\"text\":\"one\"},", "a.json:1")]
    [InlineData("a.json", "", "a.json")]
    [InlineData("a.csv", "", "a.csv is empty")]
    [InlineData("a.csv", "text,b\nx\n", "a.csv:2")]
    [InlineData("a.parquet", "", "a.parquet")]
    public void BrokenFile_NamesItsPlace(string name, string text, string place) =>
        Assert.Contains(place, Assert.Throws<InvalidDataException>(() => Texts(Write(name, text))).Message);

    [Fact]
    public void EmptyTextFile_HasNoDocuments() => Assert.Empty(Texts(Write("a.txt", "")));

    [Fact]
    public void MissingFile_IsRefusedOnLoad() =>
        Assert.Contains("none.txt", Assert.Throws<FileNotFoundException>(() =>
            Context.Rllc.LoadText(Path.Combine(folder, "none.txt"))).Message);

    [Theory]
    [InlineData("sources:\n  - location: a\nlicense: MIT\n", "card.yaml:3:1", "license")]
    [InlineData("name: x\n", "card.yaml", "sources")]
    [InlineData("sources: 5\n", "card.yaml:1:", "")]
    [InlineData("sources:\n  - location: a\n    weight: -1\n", "card.yaml", "weight")]
    [InlineData("name: a\nname: b\n", "card.yaml:2:1", "name")]
    public void WrongCard_NamesFileLineAndKey(string yaml, string place, string key)
    {
        var error = Assert.Throws<InvalidDataException>(() => Context.Rllc.LoadText(Write("card.yaml", yaml)));
        Assert.Contains(place, error.Message);
        Assert.Contains(key, error.Message);
    }

    [Fact]
    public void MissingPackage_Offline_NamesTheRemedy()
    {
        var card = new DatasetCard { Name = "x", Sources = [new() { Location = "nuget://No.Such.Package/1.0.0/*.xml" }] };
        var error = Assert.Throws<FileNotFoundException>(() => TextDataset.Load(Context, card, new() { Offline = true }));
        Assert.Contains("dotnet restore", error.Message);
    }
}
