using System.Text.Json;
using MlNetRllc.Runner.Report;
using MlNetRllc.Tests.Runner.Running;

namespace MlNetRllc.Tests.Runner.Report;

/// <summary>The report of a study that really ran.</summary>
public sealed class ReportOfStudyTests
{
    private const string Inputs = "rllc: rllc, clusters: clusters, types: types, scores: scores, stages: stages, "
        + "reference: rllc-against-shallow, drllc: drllc";

    private static readonly string Yaml = AnalysisStudyTests.Yaml[..AnalysisStudyTests.Yaml.IndexOf("  report:", StringComparison.Ordinal)];

    [Fact]
    public void StudyWithTheWholeAnalysis_ShowsAFigureOfEveryTable()
    {
        using var study = new ReducedStudy($$"""
            {{Yaml}}  shown:
                examples: { model: model, types: types, text: docs, heads: [l0h1, l1h0], contexts: 2, length: 12 }
              report:
                report: { {{Inputs}}, examples: shown }
            """);
        study.Run();
        using var data = Data(study);
        // Two layers of two heads: too few to be sure that any memorised multigram varies.
        string[] expected =
        [
            "loss", "rllc", "texts", "clusters", "types", "agreement", "reference", "datasets",
            "behaviour", "composition", "ablation", "paths", "curvature", "tokens", "attention", "losses",
        ];
        Assert.Equal(expected, Figures(data).Where(id => id != "multigrams"));
        Assert.Equal("docs", data.RootElement.GetProperty("trainingText").GetString());
        var example = data.RootElement.GetProperty("examples")[1];
        Assert.Equal(12, example.GetProperty("tokens").GetArrayLength());
        Assert.Equal("l1h0", example.GetProperty("heads")[1].GetProperty("component").GetString());
        Assert.Equal(12 * 13 / 2, example.GetProperty("heads")[0].GetProperty("attention").GetBytesFromBase64().Length);
    }

    [Fact]
    public void StudyOfEstimatesAlone_ShowsOnlyThem()
    {
        using var study = new ReducedStudy(
            ReducedStudy.Yaml.Replace("rllc: rllc, clusters: clusters", "rllc: rllc", StringComparison.Ordinal));
        study.Run();
        using var data = Data(study);
        Assert.Equal(["loss", "rllc", "texts"], Figures(data));
    }

    private static IEnumerable<string?> Figures(JsonDocument data) =>
        data.RootElement.GetProperty("figures").EnumerateArray().Select(f => f.GetProperty("id").GetString());

    private static JsonDocument Data(ReducedStudy study)
    {
        var page = File.ReadAllText(study.At("runs", "tiny", "report.html"));
        return JsonDocument.Parse(ReportPage.DataIn(page)!);
    }
}
