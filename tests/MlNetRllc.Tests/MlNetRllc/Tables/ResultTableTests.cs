using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Tables;

public sealed class ResultTableTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void Parquet_GivesBackEveryBit_VectorsIncluded()
    {
        var table = Rows();
        ml.Rllc.SaveTable(table, PathOf("t.parquet"));
        Assert.Equal(RowDump.Of(table), RowDump.Of(ml.Rllc.LoadTable(PathOf("t.parquet"))));
    }

    [Fact]
    public void Csv_HoldsScalars_AndGivesBackEveryBit()
    {
        var table = Rows();
        ml.Rllc.SaveTable(table, PathOf("t.csv"));
        var scalars = ml.Transforms.DropColumns("Losses").Fit(table).Transform(table);
        Assert.Equal(RowDump.Of(scalars), RowDump.Of(ml.Rllc.LoadTable(PathOf("t.csv"))));
        Assert.StartsWith("Step,Component,Rllc\n", File.ReadAllText(PathOf("t.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void DataFrame_GoesOutAndComesBackIn()
    {
        var table = Rows();
        DataFrame frame = ml.Rllc.ToDataFrame(table);
        Assert.Equal(3, frame.Rows.Count);
        var scalars = new[] { "Step", "Component", "Rllc" };
        var back = ml.Transforms.SelectColumns(scalars).Fit(frame).Transform(frame);
        Assert.Equal(RowDump.Of(ml.Transforms.SelectColumns(scalars).Fit(table).Transform(table)), RowDump.Of(back));
    }

    [Fact]
    public void DataFrame_TakesVectorsOfTextsAndTruthValues_AndOfAnySize()
    {
        var table = ml.Transforms.Text.TokenizeIntoWords("Words", "Component").Fit(Rows()).Transform(Rows());
        var masked = ml.Data.LoadFromEnumerable([new Masked { LossMask = [true, false] }, new Masked { LossMask = [false, true] }]);
        var back = ml.Rllc.ToDataFrame(table);
        Assert.Equal(["a", "\"quoted\",", "odd\nname"], back.GetColumn<string[]>("Words").ElementAt(1));
        Assert.Equal([1, 2, double.NaN], back.GetColumn<double[]>("Losses").First());
        Assert.Equal([[true, false], [false, true]], ml.Rllc.ToDataFrame(masked).GetColumn<bool[]>("LossMask"));
    }

    [Fact]
    public void DataFrame_OfClusters_IsOurs_OrMlNetsBehindTheirNames()
    {
        var grid = study.Grid(ml);
        var rows = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Append(ml.Rllc.EstimateRllc())
            .Append(ml.Rllc.ClusterTrajectories(clusters: 2)).Fit(grid).Transform(grid);
        var ours = ml.Rllc.ToDataFrame(rows).GetColumn<string>("Cluster").ToList();
        Assert.Equal(["1", "2"], ours.Distinct().Order(StringComparer.Ordinal));
        Assert.Throws<NotSupportedException>(() => rows.ToDataFrame("Cluster")); // When this begins to work, the docstrings change.
        var named = ml.Transforms.Conversion.MapKeyToValue("Cluster").Fit(rows).Transform(rows);
        Assert.Equal(ours, named.ToDataFrame("Cluster").GetColumn<string>("Cluster"));
    }

    [Fact]
    public void FailedWrite_LeavesTheOldTable()
    {
        var path = PathOf("t.csv");
        ml.Rllc.SaveTable(Rows(), path);
        var old = File.ReadAllText(path);
        var broken = ml.Data.LoadFromEnumerable(Broken());
        Assert.Throws<InvalidOperationException>(() => ml.Rllc.SaveTable(broken, path));
        Assert.Equal(old, File.ReadAllText(path));
        Assert.DoesNotContain(Directory.EnumerateFiles(study.Folder), f => f.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void OtherEnding_IsRefused() =>
        Assert.Contains(".parquet or .csv", Assert.Throws<ArgumentException>(() =>
            ml.Rllc.SaveTable(Rows(), PathOf("t.xlsx"))).Message, StringComparison.Ordinal);

    [Fact]
    public void DamagedFile_IsRefusedByName()
    {
        File.WriteAllText(PathOf("t.parquet"), "PAR1 no");
        var broken = Assert.Throws<InvalidDataException>(() => ml.Rllc.LoadTable(PathOf("t.parquet")));
        Assert.Contains("t.parquet", broken.Message, StringComparison.Ordinal);
        File.WriteAllText(PathOf("t.csv"), "a,b\n1\n");
        var uneven = Assert.Throws<InvalidDataException>(() => ml.Rllc.LoadTable(PathOf("t.csv")));
        Assert.Contains("row 1 has 1 values", uneven.Message, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(study.Folder, name);

    private IDataView Rows() => ml.Data.LoadFromEnumerable(new List<Row>
    {
        new() { Step = 0, Component = "l0h0", Rllc = 0.1 + 0.2, Losses = [1, 2, double.NaN] },
        new() { Step = 1, Component = "a \"quoted\", odd\nname", Rllc = double.NaN, Losses = [4, double.Epsilon, 6] },
        new() { Step = -7, Component = "", Rllc = 1e-300, Losses = [7, 8, 9] },
    });

    private static IEnumerable<Row> Broken()
    {
        yield return new() { Losses = [1, 2, 3] };
        throw new InvalidOperationException("the source broke");
    }

    private sealed class Row
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public double Rllc { get; set; }

        [VectorType(3)]
        public double[] Losses { get; set; } = [];
    }

    private sealed class Masked
    {
        [VectorType(2)]
        public bool[] LossMask { get; init; } = [];
    }
}
