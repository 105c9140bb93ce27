using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Clustering;

namespace MlNetRllc.Tests.Clustering;

public sealed class ClusterTrajectoriesTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void HeadsThatMoveAlike_ShareACluster_OnEveryDatasetsRows()
    {
        var table = Table();
        var result = ml.Rllc.ClusterTrajectories(clusters: 2).Fit(table).Transform(table);
        var pairs = result.GetColumn<string>("Component").Zip(result.GetColumn<uint>("Cluster"));
        var clusters = pairs.Distinct().ToDictionary(c => c.First, c => c.Second);
        Assert.Equal(clusters["l0h0"], clusters["l0h1"]);
        Assert.Equal(clusters["l1h0"], clusters["l1h1"]);
        Assert.NotEqual(clusters["l0h0"], clusters["l1h0"]);
    }

    [Fact]
    public void OtherComponents_HaveNoCluster()
    {
        var table = Table("full");
        var result = ml.Rllc.ClusterTrajectories(clusters: 2).Fit(table).Transform(table);
        Assert.All(result.GetColumn<string>("Component").Zip(result.GetColumn<uint>("Cluster"), result.GetColumn<float>("Silhouette")),
            row => Assert.Equal(row.First == "full", row.Second == 0 && float.IsNaN(row.Third)));
    }

    [Fact]
    public void Silhouette_ChoosesTheNumber_WhenNoneIsGiven() =>
        Assert.Equal(2, ml.Rllc.ClusterTrajectories().Fit(Table()).Clusters.Result.K);

    [Fact]
    public void UnknownDataset_IsRefused_ListingThoseThereAre()
    {
        var poems = new ClusterTrajectoriesOptions { Dataset = "poems" };
        var error = Assert.Throws<ArgumentException>(() => ml.Rllc.ClusterTrajectories(poems).Fit(Table()));
        Assert.Contains("docs, code", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RepeatedRow_IsRefusedByStepAndComponent()
    {
        var twice = Rows().Append(new Row { Step = 2, Component = "l0h1", Dataset = "docs" });
        Assert.Contains("step 2 of l0h1 on 'docs' appears twice", Assert.Throws<ArgumentException>(() =>
            ml.Rllc.ClusterTrajectories(2).Fit(ml.Data.LoadFromEnumerable(twice))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assignments_AreOneRowAHead()
    {
        var assignments = ml.Rllc.ClusterTrajectories(clusters: 2).Fit(Table("full")).Assignments;
        Assert.Equal(["l0h0", "l0h1", "l1h0", "l1h1"], assignments.GetColumn<string>("Component"));
        Assert.DoesNotContain(0u, assignments.GetColumn<uint>("Cluster"));
    }

    private IDataView Table(params string[] others) => ml.Data.LoadFromEnumerable(Rows(others).ToList());

    private static IEnumerable<Row> Rows(params string[] others) =>
        from dataset in new[] { "docs", "code" }
        from step in Enumerable.Range(0, 4)
        from component in new[] { "l0h0", "l0h1", "l1h0", "l1h1" }.Concat(others)
        let rllc = component[1] == '0' ? step : 5 - step * step + 0.01 * component[3]
        select new Row { Step = step, Component = component, Dataset = dataset, Rllc = rllc };

    private sealed class Row
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public double Rllc { get; set; }
    }
}
