using System.Text;
using Microsoft.ML;
using MlNetRllc.Tables;
using Microsoft.ML.Data;

namespace MlNetRllc.Tests.Tables;

/// <summary>Tables of text as pandas, R, SQL and spreadsheets write them.</summary>
public sealed class ForeignCsvTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tables").FullName;
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("-nan")]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("<NA>")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData("\"\"")]
    public void MissingNumber_IsNaN_HoweverItIsWritten(string missing) =>
        Assert.Equal([1.5, double.NaN, -2], Load($"Step,Rllc\n0,1.5\n1,{missing}\n2,-2\n").GetColumn<double>("Rllc"));

    [Theory]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("1e-3", 0.001)]
    [InlineData(" 4 ", 4)]
    [InlineData("\"0.5\"", 0.5)]
    public void Number_IsReadHoweverItIsWritten(string written, double value) =>
        Assert.Equal([1.5, value], Load($"Step,Rllc\n0,1.5\n1,{written}\n").GetColumn<double>("Rllc"));

    [Fact]
    public void WholeNumbersWithGaps_AreDoubles() => Assert.Equal([1, double.NaN], Load("A,B\n1,x\n,y\n").GetColumn<double>("A"));

    [Fact]
    public void LargeWholeNumbers_KeepTheirDigits()
    {
        var table = Load("A,B,C\n9007199254740993,18446744073709551615,9007199254740993\n1,2,\n");
        Assert.Equal([9007199254740993, 1], table.GetColumn<long>("A"));
        Assert.Equal([ulong.MaxValue, 2], table.GetColumn<ulong>("B"));
        Assert.Equal(["9007199254740993", ""], table.GetColumn<string>("C"));
    }

    [Fact]
    public void TruthValues_AreBooleans_AndNumbersBesideGaps()
    {
        var table = Load("A,B\nTrue,false\nfalse,\n");
        Assert.Equal([true, false], table.GetColumn<bool>("A"));
        Assert.Equal([0, double.NaN], table.GetColumn<double>("B"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("NA\nnull\n")]
    [InlineData("1.2.3\n4\n")]
    public void OtherColumns_AreTexts(string values) =>
        Assert.Equal(values.TrimEnd('\n').Split('\n'), Load($"Reason\n{values}").GetColumn<string>("Reason"));

    [Theory]
    [InlineData(",Step\n0,5\n1,6\n", "Step")]
    [InlineData("\"\",\"Step\"\n\"1\",5\n\"2\",6\n", "Step")]
    [InlineData("Step,\n5,\n6,\n", "Step")]
    [InlineData(",Step\n3,5\n9,6\n", "Column1,Step")]
    [InlineData("Step,\n5,a\n6,b\n", "Step,Column2")]
    public void ColumnWithoutAName_IsDroppedWhereItCountsRows_ElseNamed(string text, string names) =>
        Assert.Equal(names.Split(','), Load(text).Schema.Select(c => c.Name));

    [Theory]
    [InlineData("Step;Name\n1;a, b\n", ".csv")]
    [InlineData("Step\tName\n1\ta, b\n", ".csv")]
    [InlineData("Step\tName\n1\ta, b\n", ".tsv")]
    [InlineData("Step,More\tName\n1\ta, b\n", ".TSV", "Step,More")]
    [InlineData("Step;Name\n1;a, b\n", ".CSV")]
    [InlineData("Step,Name\n1,\"a, b\"\n", ".tsv")]
    [InlineData("sep=;\r\nStep;Name\r\n1;a, b\r\n\r\n", ".csv")]
    [InlineData("Step, Name\n1, \"a, b\"\n", ".csv")]
    [InlineData("Step,Name\r1,\"a, b\"\r", ".csv")]
    [InlineData("\ufeffStep,Name\r\n1,\"a, b\"\r\n", ".csv")]
    public void SeparatorsAndLineBreaks_AreThoseOfTheFile(string text, string ending, string step = "Step")
    {
        var table = Load(text, ending);
        Assert.Equal([1], table.GetColumn<int>(step));
        Assert.Equal(["a, b"], table.GetColumn<string>("Name"));
    }

    [Fact]
    public void Utf16WithItsMark_IsRead()
    {
        File.WriteAllText(Path.Combine(folder, "t.csv"), "Step,Name\n1,é\n", Encoding.Unicode);
        Assert.Equal(["é"], ml.Rllc.LoadTable(Path.Combine(folder, "t.csv")).GetColumn<string>("Name"));
    }

    [Theory]
    [InlineData("Step;Rllc\n0;-0,5\n1;\n2;1,25\n", "column 'Rllc' writes numbers with a decimal comma (row 1: '-0,5')")]
    [InlineData("Step;Rllc\n0;1.234,5\n", "decimal comma")]
    [InlineData("Step\tRllc\n0\t\u22122,5\n", "decimal comma")]
    [InlineData("Step;Rllc\n;0.5\n100;1.5\n1.000;2.5\n",
        "'Step' holds '100' and '1.000' (row 3): that may be 1.000 with a decimal point or 1000")]
    [InlineData("Step,Rllc\n0,-0,5\n", "row 1 has 3 values; the first line names 2 columns, separated by commas")]
    [InlineData("Step,Rllc,Step\n0,1,2\n", "'Step' is there 2 times")]
    [InlineData("Step,Rllc\n0,\"1.5\n", "the quote that opens in line 2 is not closed")]
    [InlineData("", "is empty")]
    public void WhatCannotBeRead_IsSaid(string text, string said)
    {
        var message = Assert.Throws<InvalidDataException>(() => Load(text)).Message;
        Assert.Contains("t.csv", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latin1")]
    [InlineData("utf-16LE")]
    public void OtherEncodingWithoutAMark_IsRefused(string encoding)
    {
        File.WriteAllBytes(Path.Combine(folder, "t.csv"), Encoding.GetEncoding(encoding).GetBytes("Step,Name\n1,café\n"));
        var error = Assert.Throws<InvalidDataException>(() => ml.Rllc.LoadTable(Path.Combine(folder, "t.csv")));
        Assert.Contains("not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"0,5\"", "holds '0,5': it is written with a decimal comma. Write the numbers with a decimal point")]
    [InlineData("\"\u22120,5\"", "holds '\u22120,5': it is written with the minus sign U+2212 and a decimal comma.")]
    [InlineData("\u22120.5", "holds '\u22120.5': it is written with the minus sign U+2212.")]
    [InlineData("\"1,234\"", "holds '1,234': it is written with a comma, a decimal comma or one between thousands.")]
    [InlineData("1.2.3", "holds '1.2.3', which is no number: write its digits")]
    [InlineData("soon", "holds 'soon', which is no number.")]
    public void TextWhereANumberIsWanted_IsRefused_WithItsRowAndHowToWriteIt(string value, string said)
    {
        var table = Load($"Step,Component,Dataset,Rllc\n0,l0h0,docs,1.5\n1,l0h0,docs,\n2,l0h0,docs,{value}\n");
        var message = Assert.Throws<ArgumentException>(() => ml.Rllc.ClusterTrajectories(1).Fit(table)).Message;
        Assert.Contains($"'Rllc' is String; it must be Double. Row 3 (counted from 1) {said}", message, StringComparison.Ordinal);
        var ofStages = Assert.Throws<ArgumentException>(() => ml.Rllc.FindStages(table)).Message;
        Assert.Equal(message, ofStages.Replace("FindStages", "ClusterTrajectories", StringComparison.Ordinal));
    }

    [Fact]
    public void PointsAndCommasInAColumn_AreTexts_AndTheCommaIsNamedWhereNumbersAreWanted()
    {
        var table = Load("Step;Component;Dataset;Rllc\n0;l0h0;docs;-1.5\n1;l0h0;docs;2,25\n");
        Assert.Equal(["-1.5", "2,25"], table.GetColumn<string>("Rllc"));
        var message = Assert.Throws<ArgumentException>(() => ml.Rllc.ClusterTrajectories(1).Fit(table)).Message;
        Assert.Contains("Row 2 (counted from 1) holds '2,25': it is written with a decimal comma.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The table has no rows.")]
    [InlineData("0,l0h0,docs,9007199254740993\n1,l0h0,docs,\n", "Its values are numbers or empty, but kept as texts")]
    public void TextsWithoutAWrongValue_AreNotBlamedOnOne(string rows, string said)
    {
        var table = Load($"Step,Component,Dataset,Rllc\n{rows}");
        var message = Assert.Throws<ArgumentException>(() => ml.Rllc.ClusterTrajectories(1).Fit(table)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain("counted from 1", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Step;X\n1;0.125\n2;100\n", 0.125)]
    [InlineData("Step;X\n1;1.125\n2;100.000\n", 1.125)]
    [InlineData("Step;X\n1;1.125\n2;1000\n", 1.125)]
    [InlineData("Step;X\n1;1.125\n2;2.5\n", 1.125)]
    [InlineData("Step,X\n1,1.125\n2,100\n", 1.125)]
    public void PointThatCanOnlyBeDecimal_IsRead(string text, double first) =>
        Assert.Equal(first, Load(text).GetColumn<double>("X").First());

    [Theory]
    [InlineData("2024")]
    [InlineData("true")]
    [InlineData("007")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("1.50")]
    public void TextThatLooksLikeANumber_ComesBackAsSaved(string text)
    {
        var path = Path.Combine(folder, "texts.csv");
        ml.Rllc.SaveTable(ml.Data.LoadFromEnumerable([new Named { Number = 7, Dataset = text, Other = text }]), path);
        var table = ml.Rllc.LoadTable(path);
        Assert.Equal([text], table.GetColumn<string>("Dataset"));
        Assert.Equal([text], table.GetColumn<string>("Other"));
        Assert.Equal([7], table.GetColumn<int>("Number"));
    }

    [Fact]
    public void ComponentsAndDatasetsOfDigits_KeepTheirSpelling_AndStepsWithZerosAreNumbers()
    {
        var table = Load("Step,Component,Dataset,Id,Rllc\n000,007,2024,08,1\n010,7,2024,9,2\n");
        Assert.Equal(["007", "7"], table.GetColumn<string>("Component"));
        Assert.Equal(["2024", "2024"], table.GetColumn<string>("Dataset"));
        Assert.Equal(["08", "9"], table.GetColumn<string>("Id"));
        Assert.Equal([0, 10], table.GetColumn<int>("Step"));
    }

    [Theory]
    [InlineData(true, "Step,Id\n1,7\n")]
    [InlineData(false, "\"Step\",\"Id\"\n\"1\",\"7\"\n")]
    public void NumbersThatAreCopiedAsTexts_AreWrittenAsTheyWere(bool asWritten, string written)
    {
        var (step, id) = (new TextTableColumn("Step"), new TextTableColumn("Id"));
        step.Add("1");
        id.Add("7");
        var path = Path.Combine(folder, "copied.csv");
        TableFiles.WriteCsv(path, [step, id], asWritten);
        Assert.Equal(written, File.ReadAllText(path));
    }

    [Theory]
    [InlineData("\"A\",\"B\"\n\"1\",\"2\"\n")]
    [InlineData("A,B\n\"1\",\"2\"\n")]
    public void FileThatQuotesEverything_StillHoldsNumbers(string text) => Assert.Equal([1], Load(text).GetColumn<int>("A"));

    [Fact]
    public void NameWithASeparator_IsQuoted_AndComesBack()
    {
        var path = Path.Combine(folder, "names.csv");
        var table = ml.Transforms.SelectColumns("a;b").Fit(SemicolonNamed()).Transform(SemicolonNamed());
        ml.Rllc.SaveTable(table, path);
        Assert.Equal("\"a;b\"\n1\n", File.ReadAllText(path));
        Assert.Equal([1], ml.Rllc.LoadTable(path).GetColumn<int>("a;b"));
    }

    private IDataView SemicolonNamed() => ml.Transforms.CopyColumns("a;b", "A").Fit(Load("A,B\n1,2\n")).Transform(Load("A,B\n1,2\n"));

    private IDataView Load(string text, string ending = ".csv")
    {
        var path = Path.Combine(folder, $"t{ending}");
        File.WriteAllText(path, text);
        return ml.Rllc.LoadTable(path);
    }

    private sealed class Named
    {
        public int Number { get; init; }

        public string Dataset { get; init; } = "";

        public string Other { get; init; } = "";
    }
}
