using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Tests.Runner.Commands;

/// <summary>Runs by name, runs that were moved, and parts of runs.</summary>
public sealed class NamedRunTests
{
    [Fact]
    public void RunByName_IsFoundInTheRunsFolder_AndTheNearestNameIsTold()
    {
        using var study = new ReducedStudy();
        study.Run(options: new() { Only = ["contexts"] });
        var runs = study.At("runs");
        Assert.Equal(Path.Combine(runs, "tiny"), RunArgument.FolderOf("tiny", runs));
        Assert.Equal(study.At("runs", "tiny"), RunArgument.FolderOf(study.At("runs", "tiny"), "elsewhere"));
        var error = Assert.Throws<PipelineException>(() => RunArgument.FolderOf("tony", runs));
        Assert.Contains("Did you mean 'tiny'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MovedRun_IsShownAndRunAgain_WithoutItsOldPath()
    {
        using var study = new ReducedStudy();
        study.Run();
        Directory.Move(study.At("runs"), study.At("moved"));
        var shown = RunnerProcess.Run(study.Folder, ["show", "tiny", "--runs", "moved"]);
        Assert.Contains("report: report.html", shown.Output, StringComparison.Ordinal);
        var again = RunnerProcess.Run(study.Folder, ["run", "tiny.yaml", "--runs", "moved"]);
        Assert.Contains("report: report.html (done before)", again.Output, StringComparison.Ordinal);
        // The process knows its folder by where links lead.
        Assert.Contains($"Report: {RealPath.Resolve(study.At("moved", "tiny", "report.html"))}", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(study.At("runs"), shown.Output + again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RunWithoutTheReport_AnnouncesNone()
    {
        using var study = new ReducedStudy();
        var ended = study.Start("--only", "contexts,model");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.DoesNotContain("report", ended.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void PlanOfSomeSteps_ListsThese_AndRefusesWhatARunWould()
    {
        using var study = new ReducedStudy();
        study.Run(options: new() { Only = ["contexts"] });
        var ended = RunnerProcess.Run(study.Folder, ["plan", "tiny.yaml", "--only", "contexts,model"]);
        Assert.Matches(@"contexts +cached.*\n +model +new", ended.Output);
        Assert.DoesNotContain("traces", ended.Output, StringComparison.Ordinal);
        var refused = RunnerProcess.Run(study.Folder, ["plan", "tiny.yaml", "--from", "rllc"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("the step 'rllc' needs 'model', which is not done (it never ran)", refused.Errors, StringComparison.Ordinal);
    }
}
