using System.IO.Compression;
using System.Text;
using MlNetRllc.Text;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

/// <summary>Tables of text as spreadsheets and programs write them.</summary>
public sealed class SeparatedTextTests
{
    private static List<TextDocument> Read(string name, string text, TextFormat format = TextFormat.Auto) =>
        Read(name, Encoding.UTF8.GetBytes(text), format);

    private static List<TextDocument> Read(string name, byte[] bytes, TextFormat format = TextFormat.Auto) =>
        [.. DocumentReader.Read(new SourceFile(name, () => new MemoryStream(bytes)), format, new())];

    private static void AssertTable(List<TextDocument> documents)
    {
        Assert.Equal(["one, \"1\"; a|b", "two"], documents.Select(d => d.Text));
        Assert.Equal(["1", "2"], documents.Select(d => d.Fields!["id"]));
    }

    [Theory]
    [InlineData("a.csv", ",")]
    [InlineData("a.csv", ";")]
    [InlineData("a.csv", "\t")]
    [InlineData("a.csv", "|")]
    [InlineData("a.tsv", "\t")]
    [InlineData("a.TSV", "\t")]
    [InlineData("a.tab", "\t")]
    [InlineData("a.psv", "|")]
    public void Table_IsSplitAtItsSeparator(string name, string s) =>
        AssertTable(Read(name, $"\uFEFFid{s}text{s}value\r\n1{s}\"one, \"\"1\"\"; a|b\"{s}0\r\n2{s}two{s}1\r\n"));

    [Fact]
    public void CompressedTable_IsSplitAtItsSeparator()
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write("id\ttext\n1\t\"one, \"\"1\"\"; a|b\"\n2\ttwo\n"u8);
        AssertTable(Read("a.tsv.gz", target.ToArray()));
    }

    [Fact]
    public void Semicolons_LeaveDecimalCommasAlone()
    {
        var documents = Read("a.csv", "id;text;wert\n0;one, two;0,5\n");
        Assert.Equal("one, two", Assert.Single(documents).Text);
        Assert.Equal("0,5", documents[0].Fields!["wert"]);
    }

    [Fact]
    public void CommaInAQuotedName_IsNoSeparator() => Assert.Equal("one", Assert.Single(Read("a.csv", "\"a, b\";text\n1;one\n")).Text);

    [Fact]
    public void SemicolonBesideACommaInTheHeader_IsText() => Assert.Equal("b;c", Assert.Single(Read("a.csv", "x;y,text\n1,b;c\n")).Text);

    [Fact]
    public void FirstLineOfExcel_NamesTheSeparator() =>
        AssertTable(Read("a.csv", "sep=;\r\nid;text\r\n1;\"one, \"\"1\"\"; a|b\"\r\n2;two\r\n"));

    [Fact]
    public void TabSeparatedText_KeepsOtherSeparators() =>
        Assert.Equal("one, two; three", Assert.Single(Read("a.tsv", "text\tn,m\none, two; three\t5\n")).Text);

    [Fact]
    public void SingleColumn_IsRead() => Assert.Equal(["one", "two"], Read("a.tsv", "text\none\ntwo\n").Select(d => d.Text));

    [Fact]
    public void TableInUtf16_IsRead() =>
        AssertTable(Read("a.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("id;text\r\n1;\"one, \"\"1\"\"; a|b\"\r\n2;two\r\n")]));

    [Fact]
    public void PlainText_AskedFor_StaysPlain() =>
        Assert.Equal("id\ttext\n1\tone\n", Assert.Single(Read("a.tsv", "id\ttext\n1\tone\n", TextFormat.Text)).Text);

    [Fact]
    public void MarkWithinAField_IsText() => Assert.Equal("a 5\" pipe", Assert.Single(Read("a.tsv", "text\tn\na 5\" pipe\t1\n")).Text);

    [Theory]
    [InlineData("a.tsv", "id,text\n1,one\n", "separated by tabs: no text column")]
    [InlineData("a.tsv", "id\ttext\n1\tone\ttwo\n", "a.tsv:2: 3 fields where the header has 2")]
    [InlineData("a.tsv", "", "a.tsv is empty")]
    [InlineData("a.csv", "id,text\n1,\"he said \\\"go now\\\" and left\"\n", "a.csv:2: the quotation mark")]
    [InlineData("a.tsv", "id\ttext\n1\t\"Go,\" she said.\n2\ttwo\n", "a.tsv:2: the quotation mark")]
    [InlineData("a.csv", "id,text\n1,\"open to the end\n2,two\n", "is not closed")]
    [InlineData("a.csv", "id,text,n\n1,,\"open\n2,two,3\n", "is not closed")]
    [InlineData("a.xlsx", "PK", "a.xlsx: tables that end in .XLSX are not read")]
    [InlineData("a.arrow", "ARROW1", "Save it as Parquet, CSV or JSON Lines")]
    public void WhatIsNoSuchTable_IsRefusedWithItsPlace(string name, string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Read(name, text)).Message);

    [Fact]
    public void BytesThatAreNotUtf8_AreRefused()
    {
        byte[] invalid = [.. "id;text\n1;gr"u8, 0xFC, .. "n\n"u8];
        Assert.Contains("not UTF-8", Assert.Throws<InvalidDataException>(() => Read("a.csv", invalid)).Message);
    }
}
