using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Planning;

/// <summary>A study cut down to a time.</summary>
public sealed class StudyBudgetTests
{
    private static readonly string[] Long = ["traces.draws=100000", "model.checkpoints.logarithmic=12"];

    [Fact]
    public void TimeThatSuffices_ChangesNothing()
    {
        using var study = new ReducedStudy();
        Assert.Empty(Budget(study).Choose("100h", TimeSpan.FromHours(100)).Steps);
    }

    [Fact]
    public void ShorterTime_IsFilledWithFewerCheckpointsAndDraws()
    {
        using var study = new ReducedStudy();
        var time = TimeSpan.FromSeconds(SecondsOf(study, []) / 2);
        var choice = Budget(study).Choose("half", time);
        var traces = Assert.Single(choice.Steps);
        Assert.Equal(("traces", 100_000), (traces.Step, traces.OfDraws));
        Assert.InRange(traces.Draws, 30, 99_999);
        Assert.InRange(traces.Checkpoints, 4, traces.OfCheckpoints - 1);
        Assert.InRange(SecondsOf(study, choice.Assignments) / time.TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void TimeThatIsTooShort_IsRefused_WithTheTimeOfTheLeast()
    {
        using var study = new ReducedStudy();
        var error = Assert.Throws<PipelineException>(() => Budget(study).Choose("1s", TimeSpan.FromSeconds(1)));
        Assert.Matches(
            @"^--within 1s: even the least takes about \d+ s here \(traces samples 4 of \d+ checkpoints with 30 of 100000", error.Message);
    }

    [Fact]
    public void StepThatIsDone_IsLeftAsItIs()
    {
        using var study = new ReducedStudy();
        study.Run();
        var matrix = StepKinds.Reader.ReadMatrix(study.PipelineFile);
        var budget = new StudyBudget(matrix, study.At("runs"), _ => matrix, pipeline => pipeline.Steps);
        Assert.Empty(budget.Choose("1s", TimeSpan.FromSeconds(1)).Steps);
    }

    [Fact]
    public void Errors_GrowAsTheRootOfTheDrawsThatAreMissing() =>
        Assert.Equal(2, new ReducedSampling("traces", 4, 4, 20, 80).StandardErrors);

    [Fact]
    public void SameTimeAgain_TakesTheChoiceOfTheFirstRun()
    {
        using var study = new ReducedStudy();
        var choice = new BudgetChoice("100h", [new("traces", 3, 4, 6, 8)]);
        var whole = StepKinds.Reader.Read(study.PipelineFile);
        var reduced = StepKinds.Reader.Read(study.PipelineFile, choice.Assignments) with { Assignments = [], Budget = choice };
        using (var folder = RunFolder.Open(study.At("runs", "tiny")))
            StudyRunner.Run(reduced, folder, NoDisplay.Instance, CancellationToken.None, new() { Only = ["contexts", "model", "traces"] });
        var run = study.At("runs", "tiny");
        Assert.Equal(choice.Assignments, KeptBudget.Find(run, whole, "100h")!.Assignments);
        Assert.Null(KeptBudget.Find(run, whole, "99h"));
        Assert.Null(KeptBudget.Find(run, whole with { Assignments = ["seed=2"] }, "100h"));

        // The file's own settings would fit as well; what is done stays done.
        var planned = RunnerProcess.Run(study.Folder, ["plan", "tiny.yaml", "--within", "100h"]);
        Assert.Contains("Within 100h: traces samples 3 of 4 checkpoints with 6 of 8 draws, standard errors about 1.15 times",
            planned.Output, StringComparison.Ordinal);
        Assert.Matches(@"traces +cached +24 of 24 rows sampled", planned.Output);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("10", null)]
    [InlineData("0m", null)]
    [InlineData("m", null)]
    [InlineData("", null)]
    [InlineData("1m1h", null)]
    public void Time_IsHoursMinutesAndSeconds(string text, int? seconds) =>
        Assert.Equal(seconds, TimeArgument.TimeOf(text)?.TotalSeconds);

    private static StudyBudget Budget(ReducedStudy study) => new(
        Read(study, []), study.At("runs"), more => Read(study, more), pipeline => pipeline.Steps);

    private static StudyMatrix Read(ReducedStudy study, IReadOnlyList<string> more) =>
        StepKinds.Reader.ReadMatrix(study.PipelineFile, [.. Long, .. more]);

    private static double SecondsOf(ReducedStudy study, IReadOnlyList<string> more) =>
        StudyPlan.PlanOf(Read(study, more), study.At("runs")).Sum(step => step.Seconds);
}
