using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using CsCheck;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;
using Parquet;
using Parquet.Schema;
using PageCompression = ParquetSharp.Compression;
using PageVersion = ParquetSharp.ParquetDataPageVersion;

namespace MlNetRllc.Tests.Text;

/// <summary>Thousands of damaged files: every loader reads them or refuses them by name.</summary>
public sealed class LoaderFuzzTests
{
    private const string Words = "one two, \"three\"\nfour\r\n\r\nfünf 日本 \ud83d\ude00<|endoftext|>";

    private static readonly FormatSettings Settings = new() { LongestDocument = 20_000 };

    // "one\n\ntwo\n", as xz writes it.
    private static readonly byte[] Xz = Convert.FromBase64String(
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAIb25lCgp0d28KAAAAAJ2kv5jqme8WAAEhCWwYxdUftvN9AQAAAAAEWVo=");

    private const string XmlDocument = """
        <?xml version="1.0" encoding="utf-8"?><doc><members>
        <member name="T:A.B"><summary>A <see cref="T:A.C`1"/> <c>x</c>.</summary></member>
        <member name="M:A.B.D(System.Int32)"><returns>Two.</returns></member>
        <member name="P:A.B.E"><remarks><para>&lt;<see langword="null"/></para>
        <list><item><paramref name="x"/></item></list><![CDATA[3]]><see cref=""/><!-- 4 --></remarks></member>
        </members></doc>
        """;

    private const string Card = """
        name: x
        format: jsonl
        unit: line
        sources:
          - location: a.jsonl
            weight: 0.5
        filter:
          columns: { language: [en, de] }
          minimumLength: 3
        sample: { documents: 5, seed: 1 }

        """;

    // Bytes flipped, cut out, doubled or put in, a few times over.
    private static Gen<byte[]> Damaged(byte[] whole) =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, int.MaxValue], Gen.Int[1, 12], Gen.Byte).Array[1, 4].Select(changes =>
        {
            var bytes = whole.ToList();
            foreach (var (kind, place, length, value) in changes)
            {
                var at = bytes.Count == 0 ? 0 : place % bytes.Count;
                var count = Math.Min(length, bytes.Count - at);
                if (kind == 0 && count > 0) bytes[at] ^= (byte)(value | 1);
                else if (kind == 1) bytes.RemoveRange(at, count);
                else if (kind == 2) bytes.InsertRange(at, bytes.GetRange(at, count));
                else if (kind == 3) bytes.InsertRange(at, Enumerable.Repeat(value, length));
                else bytes.RemoveRange(at, bytes.Count - at);
            }
            return bytes.ToArray();
        });

    private static void ReadsOrRefuses(string name, TextFormat format, byte[] whole, int cases, FormatSettings? settings = null) =>
        Damaged(whole).ForAll(bytes =>
        {
            try
            {
                foreach (var document in Documents(name, bytes, format, settings ?? Settings))
                    Assert.False(string.IsNullOrWhiteSpace(document.Text));
            }
            catch (InvalidDataException e)
            {
                Assert.Contains(name, e.Message);
            }
        }, cases: cases);

    private static void ReadsOrRefuses(string name, byte[] whole, int cases, FormatSettings? settings = null) =>
        ReadsOrRefuses(name, TextFormat.Auto, whole, cases, settings);

    private static IEnumerable<TextDocument> Documents(string name, byte[] bytes, TextFormat format, FormatSettings settings) =>
        DocumentReader.Read(new SourceFile(name, () => new MemoryStream(bytes)), format, settings);

    private static byte[] Compressed(Func<Stream, Stream> open, string text)
    {
        using var target = new MemoryStream();
        using (var stream = open(target)) stream.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }

    [Theory]
    [InlineData(DocumentUnit.File)]
    [InlineData(DocumentUnit.Line)]
    [InlineData(DocumentUnit.Block)]
    [InlineData(DocumentUnit.Separator)]
    public void Text(DocumentUnit unit) =>
        ReadsOrRefuses("a.txt", Encoding.UTF8.GetBytes(Words + Words), 500, Settings with { Unit = unit });

    [Theory]
    [InlineData(ListHandling.Join)]
    [InlineData(ListHandling.Documents)]
    public void JsonLines(ListHandling lists)
    {
        var lines = """
            {"text":"one \u0041 \ud83d\ude00","meta":{"set":["a",1,null]}}
            {"sentences":["two","drei"],"n":1.5e3,"ok":true}

            """u8;
        ReadsOrRefuses("a.jsonl", lines.ToArray(), 1000, Settings with { Lists = lists });
    }

    [Theory]
    [InlineData("a.jsonl",
        "{\"a\":[{\"b\":\"one \\\" NaN\",\"c\":NaN},{\"b\":[\"two\"],\"c\":-Infinity}]}\n"
        + "{\"a\":{\"b\":null},\"c\":[Infinity,1]}\n")]
    [InlineData("a.json", "[{\"a\":[{\"b\":\"one\",\"c\":NaN},{\"c\":-Infinity}]}, {\"a.b\":\"two\",\"c\":[Infinity,1]}]")]
    public void PathsAndNumbersOfPython(string name, string json) =>
        ReadsOrRefuses(name, TextFormat.Auto, Encoding.UTF8.GetBytes(json), 1000, Settings with { TextColumn = "a.b" });

    [Fact]
    public void Json() => ReadsOrRefuses("a.json",
        """[{"text":"one \ud83d\ude00","meta":{"set":"a"}}, {"text":["two","drei"]}]"""u8.ToArray(), 1500);

    [Fact]
    public void Csv() => ReadsOrRefuses("a.csv",
        "id,text,\"language\"\r\n1,\"one, \"\"two\"\"\nthree\",en\r\n2,vier,de\r\n"u8.ToArray(), 1500);

    [Fact]
    public async Task ParquetFile() => ReadsOrRefuses("a.parquet", TextFormat.Auto, await ParquetOf(), 1000);

    [Theory]
    [InlineData(ListHandling.Join)]
    [InlineData(ListHandling.Documents)]
    public async Task ParquetFileOfLists(ListHandling lists) =>
        ReadsOrRefuses("a.parquet", await ParquetOfLists(), 500, Settings with { Lists = lists });

    [Theory]
    [InlineData(PageVersion.V1, PageCompression.Snappy)]
    [InlineData(PageVersion.V2, PageCompression.Zstd)]
    [InlineData(PageVersion.V2, PageCompression.Uncompressed)]
    public void ParquetFileOfStructs(PageVersion version, PageCompression compression)
    {
        var message = ParquetFiles.Struct("element", ParquetFiles.Strings("role"), ParquetFiles.Strings("content"));
        var whole = ParquetFiles.Write(
            [ParquetFiles.List("messages", message), ParquetFiles.Strings("language")],
            [
                [
                    new([4, 4, 4], [0, 1, 0], "user", "bot", "user"),
                    new([4, 3, 4], [0, 1, 0], "one", "three"),
                    ParquetFiles.Stored.Flat("en", null),
                ],
                [new([], []), new([], []), ParquetFiles.Stored.Flat()],
                [new([4], [0], "bot"), new([4], [0], "four"), ParquetFiles.Stored.Flat("de")],
            ], builder => builder.DataPageVersion(version).Compression(compression));
        ReadsOrRefuses("a.parquet", whole, 1000, Settings with { TextColumn = "messages.content" });
    }

    [Fact]
    public async Task ParquetFooterThatDoesNotEnd_IsRefused()
    {
        // Another field in the place of the mark that ends the footer.
        var bytes = await ParquetOf();
        Assert.Equal(0, bytes[^9]);
        bytes[^9] = 0x1D;
        var reading = Task.Run(() => Assert.Throws<InvalidDataException>(() =>
            Documents("a.parquet", bytes, TextFormat.Auto, Settings).Count()));
        var error = await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Contains("a.parquet: not Parquet, broken or cut off: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip() =>
        ReadsOrRefuses("a.txt.gz", Compressed(target => new GZipStream(target, CompressionLevel.Fastest), Words), 800);

    [Fact]
    public void Zstandard() =>
        ReadsOrRefuses("a.txt.zst", Compressed(target => new ZstdSharp.CompressionStream(target), Words), 800);

    [Fact]
    public void XzFile() => ReadsOrRefuses("a.txt.xz", TextFormat.Auto, Xz, 800);

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    [InlineData(".xz")]
    public void SeveralParts(string ending)
    {
        var part = ending switch
        {
            ".gz" => Compressed(target => new GZipStream(target, CompressionLevel.Fastest), Words),
            ".zst" => Compressed(target => new ZstdSharp.CompressionStream(target), Words),
            _ => Xz,
        };
        ReadsOrRefuses($"a.txt{ending}", TextFormat.Auto, [.. part, .. new byte[ending == ".zst" ? 0 : 4], .. part], 800);
    }

    [Fact]
    public void XmlDocumentationFile() =>
        ReadsOrRefuses("a.xml", TextFormat.XmlDoc, Encoding.UTF8.GetBytes(XmlDocument), 800);

    [Fact]
    public void Resources() => ReadsOrRefuses("a.dll", TextFormat.Resources, ResourceAssembly(), 500);

    [Fact]
    public void Cards() => Damaged(Encoding.UTF8.GetBytes(Card))
        .ForAll(bytes =>
        {
            try
            {
                Assert.NotEmpty(DatasetCardReader.Parse(Encoding.UTF8.GetString(bytes), "card.yaml").Sources);
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("card.yaml", e.Message);
            }
        }, cases: 1500);

    private static async Task<byte[]> ParquetOf()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<string>("language"), new DataField<int>("number"));
        using var target = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, target))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(schema.GetDataFields()[0], new List<string?> { "one", "two", "three" });
            await group.WriteAsync(schema.GetDataFields()[1], new List<string?> { "en", "de", null });
            await group.WriteAsync<int>(schema.GetDataFields()[2], new int[] { 1, 2, 3 }.AsMemory());
        }
        return target.ToArray();
    }

    // Lists of strings, and two columns that read the same.
    private static async Task<byte[]> ParquetOfLists()
    {
        var inner = new DataField<string>("b");
        var list = new ListField("text", new DataField<string>("element"));
        var schema = new ParquetSchema(list, new StructField("a", inner), new DataField<string>("a.b"));
        var fields = schema.GetDataFields();
        using var target = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, target))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(fields[0], new List<string?> { "one", "two", "three" }, new[] { 0, 1, 0 });
            await group.WriteAsync(fields[1], new List<string?> { "en", "de" });
            await group.WriteAsync(fields[2], new List<string?> { "fr", "es" });
        }
        return target.ToArray();
    }

    // An assembly with one resource, emitted here.
    private static byte[] ResourceAssembly()
    {
        using var resources = new MemoryStream();
        using (var writer = new System.Resources.ResourceWriter(resources))
        {
            writer.AddResource("first", "one two");
            writer.AddResource("second", "three");
            writer.AddResource("third", " ");
            writer.Generate();
                return AssemblyWith("texts.resources", resources.ToArray());
        }
    }

    private static byte[] AssemblyWith(string resource, byte[] packed)
    {
        var metadata = new MetadataBuilder();
        var moduleId = metadata.GetOrAddGuid(new Guid("5b1d8a1c-1111-4222-8333-944455566677"));
        metadata.AddModule(0, metadata.GetOrAddString("a.dll"), moduleId, default, default);
        metadata.AddAssembly(metadata.GetOrAddString("a"), new Version(1, 0, 0, 0), default, default, 0, AssemblyHashAlgorithm.Sha1);
        var (firstField, firstMethod) = (MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        metadata.AddTypeDefinition(0, default, metadata.GetOrAddString("<Module>"), default, firstField, firstMethod);
        metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString(resource), default, 0);
        var managed = new BlobBuilder();
        managed.WriteInt32(packed.Length);
        managed.WriteBytes(packed);
        var root = new MetadataRootBuilder(metadata);
        var image = new ManagedPEBuilder(new PEHeaderBuilder(), root, new BlobBuilder(), managedResources: managed);
        var blob = new BlobBuilder();
        image.Serialize(blob);
        return blob.ToArray();
    }

    [Fact]
    public void EveryWholeFile_IsRead()
    {
        var texts = Documents("a.dll", ResourceAssembly(), TextFormat.Resources, Settings).Select(d => d.Text);
        Assert.Equal(["one two\nthree"], texts);
        Assert.Equal(2, Documents("a.txt.xz", Xz, TextFormat.Text, Settings with { Unit = DocumentUnit.Line }).Count());
    }
}
