using System.Text.Json;
using MlNetRllc.Runner.Report;
using MlNetRllc.Tests.Runner.Report.Browser;

namespace MlNetRllc.Tests.Runner.Report;

/// <summary>Several runs on one page.</summary>
[Collection(BrowserTests.Name)]
public sealed class SweepPageTests(ReportBrowser browser) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetrllc-sweep-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Sweep(params (string Run, StudyReport Study)[] runs)
    {
        foreach (var (run, study) in runs) ReportPage.Write(At(run + ".html"), study);
        SweepPage.Write(At("report.html"), "three", runs.Select(r => (r.Run, At(r.Run + ".html"))));
        return At("report.html");
    }

    private static StudyReport Higher(double by) =>
        ReportBrowser.Study with { Rllc = [.. ReportBrowser.Study.Rllc.Select(r => r with { Rllc = r.Rllc + by })] };

    [Fact]
    public void JoinedTables_HoldTheRowsOfEveryRunUnderItsName()
    {
        var page = Sweep(("seed-1", Higher(0)), ("seed-2", Higher(1)));
        using var data = JsonDocument.Parse(ReportPage.DataIn(File.ReadAllText(page))!);
        var (study, root) = (ReportBrowser.Study, data.RootElement);
        Assert.Equal(2 * study.Rllc.Count, root.GetProperty("rllc").GetProperty("rows").GetArrayLength());
        Assert.Equal(2 * study.Scores.Count, root.GetProperty("scores").GetProperty("rows").GetArrayLength());
        Assert.Contains("seed-2/l1h6", root.GetProperty("types").EnumerateArray().Select(t => t.GetProperty("component").GetString()));
        var patterns = root.GetProperty("patterns");
        var last = patterns.GetProperty("rows")[patterns.GetProperty("rows").GetArrayLength() - 1];
        var names = patterns.GetProperty("names").EnumerateArray().Select(n => n.GetString()!).ToList();
        Assert.Equal(("seed-2/l1h7", study.Patterns[^1].Pattern), (names[last[0].GetInt32()], names[last[3].GetInt32()]));
    }

    [Fact]
    public void OneRun_IsNoPage()
    {
        ReportPage.Write(At("a.html"), SyntheticStudy.Create());
        Assert.Equal(1, SweepPage.Write(At("report.html"), "one", [("a", At("a.html")), ("b", At("missing.html"))]));
        Assert.False(File.Exists(At("report.html")));
    }

    [Fact]
    public async Task TypesOfAllRuns_StandSideBySide_WithTheirSpread()
    {
        var page = Sweep(("seed-1", Higher(0)), ("seed-2", Higher(1)), ("seed-3", Higher(2)));
        await using var opened = await browser.OpenFileAsync(new(Address: "#seed-2/l1h6"), new Uri(page));
        Assert.Equal("seed-2/l1h6", await opened.Page.GetAttributeAsync("[data-sheet]", "data-sheet"));
        Assert.Contains("48 of 48 heads", await opened.Page.InnerTextAsync("#finder figcaption"));
        // Means over runs one apart have a standard deviation of 1.
        Assert.Matches(@"induction \d\.\d ± 1\.0 \(3 runs\)", await opened.Page.InnerTextAsync("#runs figcaption"));
        Assert.DoesNotContain("seed-1/", await opened.Page.InnerTextAsync("[data-sheet] .partners"));
        opened.AssertQuiet();
    }
}
