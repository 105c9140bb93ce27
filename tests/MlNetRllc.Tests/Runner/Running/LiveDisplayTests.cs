using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using Spectre.Console;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>What is shown on a terminal, narrow or wide.</summary>
public sealed class LiveDisplayTests
{
    [Fact]
    public void Lines_HaveLabels_OneBarForTheRun_AndFitANarrowTerminal()
    {
        List<string> Drawn(int width) => Written(width, console => console.Write(LiveLines.Draw(
            console,
            new("all", 0.5, TimeSpan.FromSeconds(75), TimeSpan.FromMinutes(61), "2 of 6 steps done"),
            [new("seed-1_model.steps-100/traces", 0.255, TimeSpan.FromSeconds(7), null, "step_0 on sentences: draw 218/60010")])));

        var wide = Drawn(120);
        Assert.Matches("^step +done +time +left +now$", wide[0]);
        Assert.Matches(@"^all .+ 50% +1:15 +1:01:00 +2 of 6 steps done$", wide[1]);
        Assert.Matches(@"^seed-1_model\.steps-100/traces .+ 25% +0:07 +step_0 on sentences: draw 218/60010$", wide[2]);
        var narrow = Drawn(60);
        Assert.Matches("^step +done +time +left$", narrow[0]);
        Assert.Matches(@"^\.\.\.\S+/traces .+ 25% +0:07$", narrow[3]);
        Assert.Equal("  step_0 on sentences: draw 218/60010", narrow[4]);
        Assert.All(narrow, line => Assert.InRange(line.Length, 1, 60));
    }

    [Fact]
    public void WholeRun_IsAsFarAsItsTimesSay()
    {
        var run = new RunProgress([Planned("short", 1), Planned("long", 99), Planned("cached", 0)], isMeasured: true);
        run.Reach("cached", 1);
        run.Reach("short", 1);
        Assert.InRange(run.Pace.Share, 0.01, 0.02);
        // Nothing is known of the pace yet: what was planned is still to come.
        Assert.InRange(run.Left!.Value.TotalSeconds, 99, 100);
        run.Reach("long", 0.5);
        Assert.InRange(run.Pace.Share, 0.5, 0.52);
        Assert.Equal((2, 3), (run.Done, run.Steps));
    }

    [Fact]
    public void PaceOfAResumedStep_LeavesOutWhatWasThere()
    {
        var pace = new StepPace();
        pace.Reach(0.5);
        Assert.Null(pace.Left);
        pace.Reach(0.75);
        Assert.InRange(pace.Left!.Value / pace.Elapsed, 0.5, 1.5);
    }

    [Theory]
    [InlineData("a bb ccc", 8, "a bb ccc")]
    [InlineData("a bb ccc", 7, "a bb\n    ccc")]
    [InlineData("see /a/long/path now", 8, "see\n    /a/long/path\n    now")]
    [InlineData("  step: done well", 12, "  step: done\n    well")]
    public void LongLine_BreaksBetweenWords(string line, int width, string expected) =>
        Assert.Equal(expected, WordWrap.Wrap(line, width));

    [Fact]
    public void Plan_FitsANarrowTerminal()
    {
        var size = "32 rows of 4 chains x 240 draws; 4,096 tokens observed at 40 draws";
        var lines = Written(60, console => PlanTable.Print(
            console, [new("asked", "stale", "SgldOptions changed", size, 89, 1 << 28, 1 << 21)]));
        Assert.Contains(lines, line => line.Trim() is "asked   stale   89 s   256 MiB   2 MiB");
        Assert.Contains(lines, line => line.StartsWith("asked: SgldOptions changed; 32 rows", StringComparison.Ordinal));
    }

    private static PlannedStep Planned(string name, double seconds) => new(name, "new", "", "", seconds, 0, 0);

    private static List<string> Written(int width, Action<IAnsiConsole> write)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        write(console);
        return [.. output.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0)];
    }
}
