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

    [Fact]
    public void SeveralDatasets_AreChannelsJoinedByNameAndStep()
    {
        // On docs heads are alike in pairs of a layer, on code in pairs of an index.
        var rows = Rows().Select(r => r.Dataset == "docs" ? r : r with { Rllc = r.Component[3] == '0' ? r.Step : -r.Step });
        var fitted = ml.Rllc.ClusterTrajectories(datasets: ["docs", "code"], clusters: 4)
            .Fit(ml.Data.LoadFromEnumerable(rows.OrderByDescending(r => r.Step)));
        var clusters = fitted.Clusters;

        Assert.Equal([0, 1, 2, 3], clusters.Result.Labels);
        Assert.Equal(("docs and code", 2), (clusters.Dataset, clusters.Result.Channels));
        Assert.Equal(["docs", "code"], clusters.Channels);
        Assert.Equal([0.0, 1, 2, 3], clusters.Steps);
    }

    [Fact]
    public void ChannelsAndStarts_AreKeptInTheModelFile()
    {
        var fitted = ml.Rllc.ClusterTrajectories(datasets: ["docs", "code"], clusters: 2).Fit(Table());
        using var file = new MemoryStream();
        ml.Model.Save(fitted, Table().Schema, file);
        file.Position = 0;
        var loaded = Assert.IsType<TrajectoryClusteringTransformer>(ml.Model.Load(file, out _));

        Assert.Equal(fitted.Clusters.Channels, loaded.Clusters.Channels);
        Assert.Equal(fitted.Clusters.Result.CostHistory, loaded.Clusters.Result.CostHistory);
        Assert.Equal(fitted.Clusters.Result.Centres, loaded.Clusters.Result.Centres);
    }

    [Fact]
    public void ComponentMissingOnADataset_IsLeftOutWithTheChannel()
    {
        var rows = Rows().Where(r => r is not { Component: "l1h1", Dataset: "code" });
        var fitted = ml.Rllc.ClusterTrajectories(datasets: ["docs", "code"], clusters: 2).Fit(ml.Data.LoadFromEnumerable(rows));
        var result = fitted.Clusters.Result;
        Assert.Equal("0 of 4 points of channel 1 are finite; a curve needs 2.", Assert.Single(result.Excluded).Reason);
    }

    [Fact]
    public void FilledPoints_AreToldByHeadAndChannel()
    {
        var rows = Rows().Select(r => r is { Component: "l1h1", Dataset: "code", Step: 1 or 2 } ? r with { Rllc = double.NaN } : r);
        var fitted = ml.Rllc.ClusterTrajectories(datasets: ["docs", "code"], clusters: 2).Fit(ml.Data.LoadFromEnumerable(rows));
        Assert.Contains("missing points were filled along straight lines: 2 of code in l1h1", fitted.Clusters.Remarks);
    }

    [Fact]
    public void VectorColumn_HasAChannelASlot_AndNeedsNoDataset()
    {
        var rows = Rows().Where(r => r.Dataset == "docs")
            .Select(r => new { r.Step, r.Component, Profile = new[] { 1f, (float)r.Rllc, r.Step } });
        var schema = SchemaDefinition.Create(rows.First().GetType());
        schema["Profile"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        var options = new ClusterTrajectoriesOptions { Column = "Profile", InitialComponents = ["l1h0", "l0h1"] };
        var clusters = ml.Rllc.ClusterTrajectories(options).Fit(ml.Data.LoadFromEnumerable(rows, schema)).Clusters;

        Assert.Equal([0, 0, 1, 1], clusters.Result.Labels);
        Assert.Equal(["Profile 1", "Profile 2", "Profile 3"], clusters.Channels);
        Assert.Equal(2, clusters.Result.K);
    }

    [Fact]
    public void OptionsThatDoNotGoTogether_AreRefused()
    {
        string Message(ClusterTrajectoriesOptions options) =>
            Assert.Throws<ArgumentException>(() => ml.Rllc.ClusterTrajectories(options).Fit(Table())).Message;
        Assert.Contains("give one of the two", Message(new() { Dataset = "docs", Datasets = ["code"] }), StringComparison.Ordinal);
        Assert.Contains("'docs' is given twice", Message(new() { Datasets = ["docs", "docs"] }), StringComparison.Ordinal);
        Assert.Contains("'poems' is not in the table", Message(new() { Datasets = ["docs", "poems"] }), StringComparison.Ordinal);
        Assert.Contains("'l7h7' is not among the curves", Message(new() { InitialComponents = ["l7h7"] }), StringComparison.Ordinal);
        Assert.Contains("column 'Profile'", Message(new() { Column = "Profile" }), StringComparison.Ordinal);
    }

    [Fact]
    public void NullList_IsNamed()
    {
        string? Name(Action action) => Assert.Throws<ArgumentNullException>(action).ParamName;

        Assert.Equal("datasets", Name(() => ml.Rllc.ClusterTrajectories(datasets: null!)));
        Assert.Equal("options.Datasets", Name(() => ml.Rllc.ClusterTrajectories(new ClusterTrajectoriesOptions { Datasets = null! })));
        Assert.Equal("options.InitialComponents",
            Name(() => ml.Rllc.ClusterTrajectories(new ClusterTrajectoriesOptions { InitialComponents = null! })));
        Assert.Equal("options.Clustering", Name(() => ml.Rllc.ClusterTrajectories(new ClusterTrajectoriesOptions { Clustering = null! })));
    }

    [Fact]
    public void InitialComponentWithAGap_IsACentreAsItIsACurve()
    {
        var rows = Rows().Where(r => (r.Component, r.Step) != ("l1h0", 2));
        var result = ml.Rllc.ClusterTrajectories(new ClusterTrajectoriesOptions { InitialComponents = ["l1h0", "l0h1"] })
            .Fit(ml.Data.LoadFromEnumerable(rows)).Clusters.Result;

        Assert.Equal([0, 0, 1, 1], result.Labels);
        Assert.Equal((2, 0, 1), Assert.Single(result.Filled.Select(f => (f.Index, f.Channel, f.Points))));
    }

    private IDataView Table(params string[] others) => ml.Data.LoadFromEnumerable(Rows(others).ToList());

    private static IEnumerable<Row> Rows(params string[] others) =>
        from dataset in new[] { "docs", "code" }
        from step in Enumerable.Range(0, 4)
        from component in new[] { "l0h0", "l0h1", "l1h0", "l1h1" }.Concat(others)
        let rllc = component[1] == '0' ? step : 5 - step * step + 0.01 * component[3]
        select new Row { Step = step, Component = component, Dataset = dataset, Rllc = rllc };

    private sealed record Row
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public double Rllc { get; set; }
    }
}
