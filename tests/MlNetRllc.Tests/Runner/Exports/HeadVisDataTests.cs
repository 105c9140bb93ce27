using System.Text.Json;
using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Exports.HeadVis;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Exports;

/// <summary>What the viewer is given, worked out by hand.</summary>
public sealed class HeadVisDataTests
{
    [Fact]
    public void EstimateThatIsNotOk_IsNoPoint()
    {
        var metrics = HeadVisMetrics.OfEstimates("rllc",
        [
            Row("l0h0", 10, 1, "ok"), Row("l0h0", 20, 2, "ok"), Row("l0h1", 20, 3, "drifting"), Row("full", 20, 90, "ok"),
        ]).ToList();
        Assert.Equal(["rllc_docs", "rllc_docs_stderr"], metrics.Select(m => m.Name));
        Assert.Equal(new Dictionary<HeadName, double> { [new(0, 0)] = 2 }, metrics[0].Values);
    }

    [Fact]
    public void HeadWithoutANumber_HasNoKeyOfIt()
    {
        HeadVisMetric[] metrics =
        [
            new("a", "", new Dictionary<HeadName, double> { [new(0, 0)] = 1, [new(1, 2)] = 2 }),
            new("b", "", new Dictionary<HeadName, double> { [new(1, 2)] = 0.123456 }),
            new("none", "", new Dictionary<HeadName, double>()),
        ];
        var data = new HeadVisData("study", metrics, HeadVisSequences.SequencesOf([]));
        Assert.Equal("""[{"layer":0,"head":0,"a":1},{"layer":1,"head":2,"a":2,"b":0.1235}]""", TextOf(data, "scatter_data.json"));
        using var config = JsonDocument.Parse(TextOf(data, "config.json"));
        Assert.Equal("""["a","b"]""", config.RootElement.GetProperty("metrics").GetRawText());
        Assert.Contains("\"sequences\":[],", TextOf(data, "heads/L0H0.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void TopTokensAndDistances_LeaveTheFirstQueryAndKeyOut()
    {
        IReadOnlyList<IReadOnlyList<double>> attention = [[1.0], [0.9, 0.1], [0.0, 0.75, 0.25], [0.2, 0.0, 0.75, 0.05]];
        var file = new ExamplesFile(1, "docs", "validation", [new("l0h0", "")], [new(["a", "b", "c", "b"], [], [new(attention, [])])]);
        var data = new HeadVisData("study", [], HeadVisSequences.SequencesOf([file]));
        using var head = JsonDocument.Parse(TextOf(data, "heads/L0H0.json"));
        var root = head.RootElement;
        Assert.Equal("""[{"token":"c","weight":1},{"token":"b","weight":0.9}]""", root.GetProperty("top_query_tokens").GetRawText());
        Assert.Equal("""[{"token":"c","weight":1},{"token":"b","weight":0.9}]""", root.GetProperty("top_key_tokens").GetRawText());
        // The three queries look 1, 1 and 1 back.
        Assert.Equal("""{"bin_edges":[0,1,2],"bin_values":[0,3]}""", root.GetProperty("qk_distance_histogram").GetRawText());
        var sequence = root.GetProperty("sequences")[0];
        Assert.Equal("[0,4,5,9,10,12,14,15]", sequence.GetProperty("attention_indices").GetRawText());
        Assert.Equal("[1,0.9,0.1,0.75,0.25,0.2,0.75,0.05]", sequence.GetProperty("attention_values").GetRawText());
        Assert.Equal(0.75, sequence.GetProperty("max_activation").GetDouble());
    }

    [Fact]
    public void RunWithoutHeads_IsRefused()
    {
        var refused = Assert.Throws<PipelineException>(() => HeadVisExport.Read(new()
        {
            Study = "study", Estimates = [], Patterns = [], Scores = [], Clusters = [], ClusterScope = "all", Examples = [],
        }));
        Assert.Contains("no table of this run has a head", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Row(string component, int step, double value, string status) => new()
    {
        ["Step"] = $"{step}", ["Component"] = component, ["Dataset"] = "docs", ["Rllc"] = $"{value}", ["RllcStdErr"] = "0.1",
        ["Status"] = status,
    };

    private static string TextOf(HeadVisData data, string path) =>
        System.Text.Encoding.UTF8.GetString(data.Files().Single(f => f.Path == path).Content);
}
