using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Tables;

namespace MlNetRllc.Tests.Tables;

/// <summary>Files that pandas, polars and Arrow wrote; Reference/tables/README.md says which.</summary>
public sealed class ForeignParquetTests
{
    private readonly MLContext ml = new(seed: 1);
    private readonly List<string> warnings = [];

    public ForeignParquetTests() => ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning) warnings.Add(e.RawMessage);
    };

    [Theory]
    [InlineData("pandas")]
    [InlineData("polars-null")]
    [InlineData("categories")]
    [InlineData("index-column")]
    [InlineData("step-int64")]
    public void NullAmongCoefficients_IsAGap_AndHeadsAreClusteredAround(string file)
    {
        var table = Load(file);
        Assert.Equal(3, table.GetColumn<double>("Rllc").Count(double.IsNaN));
        var clusters = ml.Rllc.ClusterTrajectories(clusters: 3).Fit(table).Transform(table).GetColumn<uint>("Cluster");
        // Of scikit-learn's k-means on the same curves.
        Assert.Equal([1u, 2, 3, 1, 2, 3], clusters.Take(6));
    }

    [Fact]
    public void NumbersOfAnyWidth_AreRead()
    {
        var table = Load("arrow-types");
        Assert.Equal([-3, -2, -1, 0, 1, 2], table.GetColumn<int>("I8"));
        Assert.Equal(Enumerable.Range(65530, 6), table.GetColumn<int>("U16"));
        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => ulong.MaxValue - 5 + (ulong)i)], table.GetColumn<ulong>("U64"));
    }

    [Fact]
    public void NullAmongNumbers_IsNaN()
    {
        var table = Load("arrow-types");
        Assert.Equal([0, 100, double.NaN, 300, 400, 500], table.GetColumn<double>("I64"));
        Assert.Equal([0, 0.5f, float.NaN, 1.5f, 2, 2.5f], table.GetColumn<float>("F32"));
        Assert.Equal([1, 0, double.NaN, 0, 1, 0], table.GetColumn<double>("Ok"));
        Assert.Equal([-1.25, -0.25, double.NaN, 1.75, 2.75, 3.75], table.GetColumn<double>("Dec"));
        Assert.All(table.GetColumn<double>("None"), value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void WholeNumbersBesideGaps_ThatADoubleCannotHold_KeepTheirDigits() => Assert.Equal(
        ["9007199254740993", "9007199254740994", "", "9007199254740996", "9007199254740997", "9007199254740998"],
        Load("arrow-types").GetColumn<string>("Id"));

    [Fact]
    public void TextsCategoriesAndTimestamps_AreTexts()
    {
        var table = Load("arrow-types");
        Assert.Equal(["t0", "t1", "", "t1", "t0", "t1"], table.GetColumn<string>("Text"));
        Assert.Equal(["a", "b", "", "b", "a", "b"], table.GetColumn<string>("Kind"));
        Assert.Equal(["2024-01-02T03:04:05", "2024-01-02T03:04:05.001", ""], table.GetColumn<string>("At").Take(3));
    }

    [Fact]
    public void ListsOfEveryKind_AreVectors()
    {
        var table = Load("arrow-lists");
        Assert.Equal([0, 0.1, 0.2, 0.3], table.GetColumn<double[]>("Large").Take(2).SelectMany(v => v));
        Assert.Equal([0, 0.1, 1, 1.1], table.GetColumn<double[]>("Fixed").Take(2).SelectMany(v => v));
    }

    [Fact]
    public void NullInAList_OrForOne_IsNaN()
    {
        var table = Load("arrow-lists");
        var floats = table.GetColumn<float[]>("Floats").ToList();
        Assert.Equal([1, 1.25f, float.NaN], floats[1]);
        Assert.Equal([float.NaN, float.NaN, float.NaN], floats[3]);
        Assert.Equal([4, 4.25f, 4.5f], floats[4]);
        Assert.Equal([2, 3, 4, double.NaN, 6, 7], table.GetColumn<double[]>("Wholes").Skip(1).Take(3).SelectMany(v => v));
    }

    [Fact]
    public void ColumnWithoutAPlace_IsLeftOut_AndNamed()
    {
        var table = Load("arrow-lists");
        string[] left = ["Texts", "Structs", "Struct", "Bytes"];
        Assert.DoesNotContain(table.Schema, c => left.Contains(c.Name));
        Assert.Equal(left, warnings.Select(w => w.Split('\'')[1]));
        Assert.Contains("structs (a)", warnings[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arrow-float16", "is left out: a result table has no place for numbers of 16 bits (float16)")]
    [InlineData("arrow-lists-v2", "'Large' is left out: its values cannot be read (lists in pages of version 2)")]
    [InlineData("arrow-ragged", "'Ragged' is left out: The column 'Ragged' holds lists of 1 and, in row 4, of 2")]
    public void ColumnWhoseValuesHaveNoPlace_IsLeftOut_AndNamed_WhileOthersAreRead(string file, string said)
    {
        var table = Load(file);
        Assert.Contains(said, Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(["Step"], table.Schema.Select(c => c.Name));
        Assert.Equal(Enumerable.Range(0, 6), Steps(table));
    }

    [Theory]
    [InlineData("Losses", true)]
    [InlineData("Extra", false)]
    public void ListsOfDifferentSizes_AreRefusedOnlyWhereComponentsReadThem(string name, bool refused)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"ragged-{name}.parquet");
        TableFiles.WriteParquetGroups(path, [[Lists(name, 2)], [Lists(name, 3)]]);
        var error = Record.Exception(() => ml.Rllc.LoadTable(path));
        File.Delete(path);
        Assert.Equal(refused, error is InvalidDataException);
        Assert.Equal(refused ? 0 : 1, warnings.Count);
    }

    [Fact]
    public void OptionalTextsWithoutAValue_AreEmptyTexts_WhateverTypeStoresThem()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "status-nan.parquet");
        ml.Rllc.SaveTable(ml.Data.LoadFromEnumerable([new Status(), new Status()]), path);
        var table = ml.Rllc.LoadTable(path);
        File.Delete(path);
        Assert.Equal(["", ""], table.GetColumn<string>("SampleStatus"));
        Assert.All(table.GetColumn<double>("Other"), value => Assert.True(double.IsNaN(value)));
    }

    [Theory]
    [InlineData("arrow-twice", "'Step' is there 2 times")]
    public void WhatCannotBeRead_IsSaid(string file, string said)
    {
        var message = Assert.Throws<InvalidDataException>(() => Load(file)).Message;
        Assert.Contains($"{file}.parquet", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Steps(IDataView table) => table.Schema["Step"].Type.RawType == typeof(int)
        ? table.GetColumn<int>("Step") : table.GetColumn<long>("Step").Select(step => (int)step);

    private static VectorTableColumn<double> Lists(string name, int size)
    {
        var column = new VectorTableColumn<double>(name);
        column.Add(new double[size]);
        return column;
    }

    private IDataView Load(string file) =>
        ml.Rllc.LoadTable(Path.Combine(AppContext.BaseDirectory, "Reference", "tables", $"{file}.parquet"));

    private sealed class Status
    {
        public double SampleStatus { get; init; } = double.NaN;

        public double Other { get; init; } = double.NaN;
    }
}
