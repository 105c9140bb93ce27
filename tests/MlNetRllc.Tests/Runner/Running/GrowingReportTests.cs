using System.Text.RegularExpressions;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>The page of a run that goes on shows what there is so far, and says so.</summary>
public sealed partial class GrowingReportTests
{
    [Fact]
    public void PageOfARunInProgress_HasTheCheckpointsThatAreDone_AndSaysThatTheRunGoesOn()
    {
        using var study = new ReducedStudy();
        List<string> pages = [];
        var run = study.Run(display: new Watching("traces", () =>
        {
            if (File.Exists(study.At("runs", "tiny", "report.html"))) pages.Add(Read(study));
        }));
        Assert.Equal("finished", run.State);
        var counts = pages.ConvertAll(page => (Told: Told().Match(page).Groups[1].Value, Rows: Row().Count(page)));
        Assert.Equal("0", counts[0].Told);
        // 4 heads on 2 texts, at each of 5 checkpoints; a page is written behind a checkpoint, before its successor is begun.
        Assert.Contains(("1", 8), counts);
        Assert.All(counts, c => Assert.Equal(8 * int.Parse(c.Told, null), c.Rows));
        Assert.DoesNotMatch(Told(), Read(study));
    }

    [Fact]
    public void FinishedPage_StaysUntilTheNewOneIsWhole()
    {
        using var study = new ReducedStudy();
        study.Run();
        List<string> pages = [];
        study.Run(display: new Watching("traces", () => pages.Add(Read(study))), set: "traces.draws=9");
        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.DoesNotMatch(Told(), page));
    }

    [Fact]
    public void RunOfSamplingAlone_WritesNoPage()
    {
        using var study = new ReducedStudy();
        study.Run(options: new() { Only = ["contexts", "model", "traces"] });
        Assert.False(File.Exists(study.At("runs", "tiny", "report.html")));
    }

    private static string Read(ReducedStudy study) => File.ReadAllText(study.At("runs", "tiny", "report.html"));

    [GeneratedRegex(@"The run goes on: (\d+) of \d+ checkpoints are sampled")]
    private static partial Regex Told();

    [GeneratedRegex(@"\[\d+,""l\dh\d"",""(docs|code)""")]
    private static partial Regex Row();

    private sealed class Watching(string step, Action look) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string begun, string what)
        {
        }

        public void Progress(string at, double share, string now)
        {
            if (at == step) look();
        }

        public void End(string ended, string summary, TimeSpan time)
        {
        }
    }
}
