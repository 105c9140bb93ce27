using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;
using ParquetSharp;
using ParquetSharp.Schema;
using Compression = ParquetSharp.Compression;
using Encoding = System.Text.Encoding;
using static MlNetRllc.Tests.Text.ParquetFiles;

namespace MlNetRllc.Tests.Text;

/// <summary>Parquet of many writers. What lies in Reference/parquet was written by pyarrow 26.</summary>
public sealed class ParquetTextTests
{
    private const string Question = "What did Mara find in the harbour?";
    private const string Answer = "A lantern and a compass, on day 0.";

    private static byte[] Reference(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "parquet", name));

    private static List<TextDocument> Read(byte[] bytes, string? column = null, ListHandling lists = ListHandling.Join)
    {
        var file = new SourceFile("a.parquet", () => new MemoryStream(bytes));
        return [.. DocumentReader.Read(file, TextFormat.Auto, new() { TextColumn = column, Lists = lists })];
    }

    private static string Refusal(byte[] bytes, string? column = null) =>
        Assert.Throws<InvalidDataException>(() => Read(bytes, column)).Message;

    // Messages of a chat: two rows, the second with a message whose content is missing, and a row of none.
    private static byte[] Chat(Action<WriterPropertiesBuilder>? configure = null) => Write(
        [List("messages", Struct("element", Strings("role"), Strings("content")))],
        [[
            new([4, 4, 4, 4, 0], [0, 1, 0, 1, 0], "user", "bot", "user", "bot"),
            new([4, 4, 4, 3, 0], [0, 1, 0, 1, 0], "one", "two", "three"),
        ]], configure);

    private static byte[] Uncompressed(string text, Action<WriterPropertiesBuilder>? configure = null) => Write(
        [Strings("text")], [[Stored.Flat(text)]], builder =>
        {
            builder.DisableDictionary().Compression(Compression.Uncompressed);
            configure?.Invoke(builder);
        });

    [Theory]
    [InlineData("lists-v2.parquet", "bf1f20a4172a2706031eda9dc145b9d83fb49d2f696d85685825d6fff502220a")]
    [InlineData("pyarrow-v2-zstd.parquet", "99c0ebb9bfe6dfc043f77f2e761cae43b24bda3dac0f316c7e51261855a27c72")]
    [InlineData("empty-row-groups-plain.parquet", "99c0ebb9bfe6dfc043f77f2e761cae43b24bda3dac0f316c7e51261855a27c72")]
    public void FilesOfPyArrow_GiveTheirText(string file, string sha256)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var document in Read(Reference(file))) hash.AppendData(Encoding.UTF8.GetBytes(document.Text + "\0"));
        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Theory]
    [InlineData("chat.parquet", "messages", "the column 'messages' has fields (messages.role, messages.content)", "messages.content")]
    [InlineData("translation.parquet", null, "the column 'text' has fields (text.en, text.de)", "text.en")]
    public void ColumnOfStructs_IsRefusedWithItsFields(string file, string? column, string found, string remedy)
    {
        var message = Refusal(Reference(file), column);
        Assert.StartsWith($"a.parquet: {found}", message, StringComparison.Ordinal);
        Assert.EndsWith($"textColumn: {remedy}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messages.content", $"{Question}\n{Answer}")]
    [InlineData("messages.list.element.content", $"{Question}\n{Answer}")]
    [InlineData("messages.role", "user\nassistant")]
    public void PathOfAField_NamesItsText(string path, string text) => Assert.Equal(text, Read(Reference("chat.parquet"), path)[0].Text);

    [Fact]
    public void FieldsBesideTheText_AreKnownByTheirPaths()
    {
        var fields = Read(Reference("translation.parquet"), "text.de")[0].Fields!;
        Assert.StartsWith("Mara carried the lantern", fields["text.en"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ParquetDataPageVersion.V1)]
    [InlineData(ParquetDataPageVersion.V2)]
    public void ListsOfStructs_AreJoinedOrTakenApart(ParquetDataPageVersion version)
    {
        var bytes = Chat(builder => builder.DataPageVersion(version));
        Assert.Equal(["one\ntwo", "three\n"], Read(bytes, "messages.content").Select(d => d.Text));
        var each = Read(bytes, "messages.content", ListHandling.Documents).Select(d => (d.Text, d.Name));
        Assert.Equal([("one", "a.parquet:0[0]"), ("two", "a.parquet:0[1]"), ("three", "a.parquet:1[0]")], each);
    }

    [Theory]
    [InlineData(ListHandling.Join, "a\nb\nc\n", "d")]
    [InlineData(ListHandling.Documents, "a", "b", "c", "d")]
    public void ListsOfLists_GiveEveryString(ListHandling lists, params string[] expected)
    {
        var nested = List("text", List("element", Strings("element")));
        var bytes = Write([nested], [[new([5, 5, 5, 2, 5], [0, 2, 1, 1, 0], "a", "b", "c", "d")]]);
        Assert.Equal(expected, Read(bytes, lists: lists).Select(d => d.Text));
    }

    [Fact]
    public void Maps_AreNamedByKeyOrValue()
    {
        var pair = new GroupNode("key_value", Repetition.Repeated, [Strings("key", Repetition.Required), Strings("value")]);
        var map = new GroupNode("text", Repetition.Optional, [pair], LogicalType.Map());
        var bytes = Write([map], [[new([2, 2], [0, 1], "en", "de"), new([3, 3], [0, 1], "one", "eins")]]);
        Assert.Contains("the column 'text' has fields (text.key, text.value)", Refusal(bytes), StringComparison.Ordinal);
        Assert.Equal("one\neins", Assert.Single(Read(bytes, "text.value")).Text);
    }

    [Fact]
    public void RepeatedColumn_IsAList()
    {
        var bytes = Write([Strings("text", Repetition.Repeated)], [[new([1, 1, 0], [0, 1, 0], "one", "two")]]);
        Assert.Equal(["one\ntwo"], Read(bytes).Select(d => d.Text));
    }

    [Theory]
    [InlineData("array", "text.a")]
    [InlineData("text_tuple", "text.a")]
    [InlineData("bag", null)]
    public void RepeatedGroupOfOneField_IsTheItem_WhereItsNameSaysSo(string group, string? field)
    {
        var repeated = new GroupNode(group, Repetition.Repeated, [Strings("a")]);
        var list = new GroupNode("text", Repetition.Optional, [repeated], LogicalType.List());
        var bytes = Write([list], [[new([3], [0], "one")]]);
        if (field is not null) Assert.Contains($"({field})", Refusal(bytes), StringComparison.Ordinal);
        Assert.Equal("one", Assert.Single(Read(bytes, field)).Text);
    }

    [Fact]
    public void RepeatedGroupOfTwoFields_IsTheItem()
    {
        var group = new GroupNode("list", Repetition.Repeated, [Strings("a"), Strings("b")]);
        var list = new GroupNode("text", Repetition.Optional, [group], LogicalType.List());
        var bytes = Write([list], [[new([3], [0], "one"), new([3], [0], "two")]]);
        Assert.Contains("(text.a, text.b)", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void NameWithADot_GoesBeforeAPath()
    {
        var bytes = Write([Struct("a", Strings("b")), Strings("a.b")], [[new([2], [], "inner"), Stored.Flat("outer")]]);
        Assert.Equal("outer", Assert.Single(Read(bytes, "a.b")).Text);
    }

    [Theory]
    [InlineData("messages.contents", "no text column 'messages.contents'; there are: messages.role, messages.content")]
    [InlineData("messages.content.x", "no text column 'messages.content.x'")]
    public void PathOfNothing_ListsThePaths(string column, string message) =>
        Assert.Contains(message, Refusal(Chat(), column), StringComparison.Ordinal);

    [Fact]
    public void TwoColumnsOfOneName_AreRefused()
    {
        var bytes = Write([Strings("text"), Strings("text")], [[Stored.Flat("one"), Stored.Flat("two")]]);
        Assert.Contains("2 columns are named 'text'", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNotMarkedAsText_AreRefusedWithTheRemedy()
    {
        var binary = new PrimitiveNode("text", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray);
        var message = Refusal(Write([binary], [[Stored.Flat("one")]]));
        Assert.Contains("the column 'text' is ByteArray", message, StringComparison.Ordinal);
        Assert.Contains("cast the column 'text' to string", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ParquetDataPageVersion.V1)]
    [InlineData(ParquetDataPageVersion.V2)]
    public void ListsOverManyPagesAndGroups_ComeWhole(ParquetDataPageVersion version)
    {
        // Lists of 0 to 6 strings; a row group of none stands between two.
        var random = new Random(5);
        string[] Row(int row) => [.. Enumerable.Range(0, random.Next(7)).Select(i => $"{row}.{i}")];
        var rows = Enumerable.Range(0, 3000).Select(Row).ToArray();
        var bytes = Write([List("text", Strings("element"))], [[Levels(rows[..1000])], [Levels([])], [Levels(rows[1000..])]],
            builder => builder.DataPageVersion(version).DataPagesize(500).DisableDictionary());
        Assert.Equal(rows.Where(row => row.Length > 0).Select(row => string.Join('\n', row)), Read(bytes).Select(d => d.Text));
    }

    private static Stored Levels(IReadOnlyCollection<string[]> rows) => new(
        [.. rows.SelectMany(row => row.Length == 0 ? [(short)1] : Enumerable.Repeat((short)3, row.Length))],
        [.. rows.SelectMany(row => Enumerable.Range(0, Math.Max(row.Length, 1)).Select(i => (short)(i == 0 ? 0 : 1)))],
        [.. rows.SelectMany(row => row)]);

    [Fact]
    public void PageDamagedUnderItsChecksum_IsRefused()
    {
        var bytes = Uncompressed("lantern", builder => builder.EnablePageChecksum());
        bytes[bytes.AsSpan().IndexOf("lantern"u8)]++;
        Assert.Contains("a.parquet, row group 0, column 'text': not Parquet, broken or cut off", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNotUtf8_NameTheColumn()
    {
        var bytes = Uncompressed("lantern");
        bytes[bytes.AsSpan().IndexOf("lantern"u8)] = 0xFF;
        Assert.Contains("a.parquet, row group 0, column 'text': bytes that are not UTF-8", Refusal(bytes), StringComparison.Ordinal);
    }

    // In the footer a column's path is followed by its codec: LZO (3) in the place of none (0), doubled as the format writes numbers.
    private static byte[] WithLzo(byte[] bytes, ReadOnlySpan<byte> path)
    {
        bytes[bytes.AsSpan().LastIndexOf(path) + path.Length - 1] = 6;
        return bytes;
    }

    [Fact]
    public void ColumnBesideTheTextThatCannotBeRead_DoesNotMatter_UnlessAskedFor()
    {
        var bytes = WithLzo(Write(
            [Strings("text"), Strings("bad"), Strings("good")],
            [[Stored.Flat("one", "two"), Stored.Flat("a", "b"), Stored.Flat("c", null)]],
            builder => builder.Compression(Compression.Uncompressed)), "\u0019\u0018\u0003bad\u0015\0"u8);
        Assert.Equal(["one [good, c]", "two "], Read(bytes).Select(d => $"{d.Text} {string.Join(' ', d.Fields!)}"));
        var file = new SourceFile("a.parquet", () => new MemoryStream(bytes));
        var asked = new FormatSettings { NeededFields = ["bad"] };
        var error = Assert.Throws<InvalidDataException>(() => DocumentReader.Read(file, TextFormat.Auto, asked).Count());
        Assert.StartsWith("a.parquet, row group 0, column 'bad': the file uses what this reader", error.Message);
    }

    [Fact]
    public void UnsupportedCodec_IsNotCalledBroken()
    {
        var bytes = WithLzo(Uncompressed("one"), "\u0019\u0018\u0004text\u0015\0"u8);
        var message = Refusal(bytes);
        Assert.Contains("the file uses what this reader, pyarrow's own, lacks", message, StringComparison.Ordinal);
        Assert.Contains("write_table", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Fetch or copy it again", message, StringComparison.Ordinal);
    }

    [Fact]
    public void CodecThatNoVersionKnows_IsRefused_NotTakenAsNone()
    {
        var bytes = WithLzo(Uncompressed("one"), "\u0019\u0018\u0004text\u0015\0"u8);
        bytes[bytes.AsSpan().LastIndexOf("\u0004text\u0015\u0006"u8) + 6] = 60;
        Assert.Contains("column 'text': the file uses what this reader", Refusal(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnOfNothingButNull_GivesNoDocuments()
    {
        var nothing = new PrimitiveNode("text", Repetition.Optional, LogicalType.Null(), PhysicalType.ByteArray);
        Assert.Empty(Read(Write([nothing], [[Stored.Flat(null, null)]])));
    }

    private static byte[] Table(params Column[] columns)
    {
        using var target = new MemoryStream();
        using (var writer = new ParquetFileWriter(target, [new Column<string>("text"), .. columns], leaveOpen: true))
        {
            using var group = writer.AppendRowGroup();
            using (var text = group.NextColumn().LogicalWriter<string>()) text.WriteBatch(["one", "two", "three"]);
            foreach (var column in columns) Fill(group, column);
            writer.Close();
        }
        return target.ToArray();
    }

    private static void Fill(RowGroupWriter group, Column column)
    {
        using var next = group.NextColumn();
        switch (column.Name)
        {
            case "year": Put(next, 2020L, 2021L, 2020L); break;
            case "share": Put<double?>(next, 0.5, null, 2.0); break;
            case "kept": Put(next, true, false, true); break;
            case "day": Put(next, new Date(2020, 5, 1), new Date(2021, 5, 1), new Date(2020, 5, 2)); break;
            case "price": Put(next, 1.50m, 2.25m, 3m); break;
            case "tags": Put(next, ["a", "b"], ["c"], Array.Empty<string>()); break;
            case "counts": Put(next, [1, 2], [3], Array.Empty<int>()); break;
            default: Put(next, new byte[] { 1 }, [2], [3]); break;
        }
    }

    private static void Put<T>(ColumnWriter column, params T[] values)
    {
        using var writer = column.LogicalWriter<T>();
        writer.WriteBatch(values);
    }

    private static readonly Column[] Others =
    [
        new Column<long>("year"), new Column<double?>("share"), new Column<bool>("kept"), new Column<Date>("day"),
        new Column<decimal>("price", LogicalType.Decimal(29, 2)), new Column<string[]>("tags"), new Column<int[]>("counts"),
        new Column<byte[]>("raw"),
    ];

    private static string[] Kept(string column, params string[] values)
    {
        var folder = Directory.CreateTempSubdirectory("rllc-filter-");
        try
        {
            var path = Path.Combine(folder.FullName, "a.parquet");
            File.WriteAllBytes(path, Table(Others));
            var filter = new DatasetFilter { Columns = new Dictionary<string, IReadOnlyList<string>> { [column] = values } };
            var card = new DatasetCard { Name = "a", Sources = [new() { Location = path }], Filter = filter };
            return [.. TextDataset.Load(new Microsoft.ML.MLContext(), card).Documents().Select(d => d.Text)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("year", "2020", "one three")]
    [InlineData("share", "0.5", "one")]
    [InlineData("share", "2", "three")]
    [InlineData("kept", "True", "one three")]
    [InlineData("kept", "false", "two")]
    [InlineData("day", "2020-05-01", "one")]
    [InlineData("price", "2.25", "two")]
    [InlineData("tags", "b", "one")]
    [InlineData("counts", "3", "two")]
    [InlineData("year", "1999", "")]
    public void FilterOnAnyColumn_KeepsItsRows(string column, string value, string texts) =>
        Assert.Equal(texts, string.Join(' ', Kept(column, value)));

    [Theory]
    [InlineData("none", "there is no column 'none' to filter by; there are: text, year, share, kept, day, price, tags, counts, raw")]
    [InlineData("raw", "column 'raw': ")]
    [InlineData("raw", "a filter compares texts, numbers, truths and dates")]
    public void FilterOnWhatCannotBeCompared_IsRefused(string column, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Kept(column, "1")).Message);

    [Fact]
    public void FilterOnAStruct_ListsItsFields()
    {
        var bytes = Write([Strings("text"), Struct("a", Strings("b"))], [[Stored.Flat("one"), new([2], [], "x")]]);
        var file = new SourceFile("a.parquet", () => new MemoryStream(bytes));
        var error = Assert.Throws<InvalidDataException>(() =>
            DocumentReader.Read(file, TextFormat.Auto, new() { NeededFields = ["a"] }).Count());
        Assert.Contains("the column 'a' of the filter has fields (a.b)", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EncryptedFile_SaysSo(bool plaintextFooter)
    {
        using var encryption = new FileEncryptionPropertiesBuilder("0123456789abcdef"u8.ToArray());
        using var encrypted = (plaintextFooter ? encryption.SetPlaintextFooter() : encryption).Build();
        var message = Refusal(Uncompressed("one", builder => builder.Encryption(encrypted)));
        Assert.Contains("it is encrypted", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Fetch or copy it again", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.parquet", true)]
    [InlineData("a.parquet", false)]
    [InlineData("a.parquet.gz", true)]
    public void ReadersLeftBehind_DoNoHarmWhenTheyAreCollected(string name, bool onDisk)
    {
        var folder = Directory.CreateTempSubdirectory("rllc-left-").FullName;
        var path = Path.Combine(folder, name);
        var bytes = Reference("pyarrow-v2-zstd.parquet");
        File.WriteAllBytes(path, name.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(bytes) : bytes);
        var file = onDisk ? SourceFile.Local(path) : new SourceFile(name, () => new MemoryStream(bytes));
        for (var i = 0; i < 10; i++) Begin(file, folder);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal([path], Directory.GetFiles(folder));
        Directory.Delete(folder, recursive: true);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Begin(SourceFile file, string folder) =>
        Assert.True(DocumentReader.Read(file, TextFormat.Auto, new() { TemporaryFolder = folder }).GetEnumerator().MoveNext());

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(bytes);
        return target.ToArray();
    }

    [Fact]
    public void NoTemporaryFolder_IsNotCalledBroken()
    {
        var bytes = Gzip(Uncompressed("one"));
        var file = new SourceFile("a.parquet.gz", () => new MemoryStream(bytes));
        var nowhere = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var settings = new FormatSettings { TemporaryFolder = nowhere };
        var error = Assert.Throws<IOException>(() => DocumentReader.Read(file, TextFormat.Auto, settings).Count());
        Assert.StartsWith("a.parquet.gz is compressed", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the folder '{nowhere}' does not take it", error.Message, StringComparison.Ordinal);
        Assert.Single(DocumentReader.Read(file, TextFormat.Auto, new()));
    }
}
