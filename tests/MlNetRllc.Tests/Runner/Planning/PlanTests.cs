using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Planning;

public sealed class PlanTests
{
    [Fact]
    public void BeforeAnyRun_EveryStepIsNew()
    {
        using var study = new ReducedStudy();
        Assert.All(Plan(study), step => Assert.Equal("new", step.State));
    }

    [Fact]
    public void AfterARun_EveryStepIsCached()
    {
        using var study = new ReducedStudy();
        study.Run();
        Assert.All(Plan(study), step => Assert.Equal(("cached", ""), (step.State, step.Why)));
    }

    [Fact]
    public void ChangedOption_MakesItsStepStale_AndThoseBehindIt()
    {
        using var study = new ReducedStudy();
        study.Run();
        var plan = Plan(study, "traces.draws=9");
        Assert.Equal(["cached", "cached", "stale", "stale", "stale", "stale"], plan.Select(s => s.State));
        Assert.Equal(["SgldOptions changed", "traces changed"], plan.Skip(2).Take(2).Select(s => s.Why));
    }

    [Fact]
    public void CheckpointsBeyondTheEnd_AreTold()
    {
        using var study = new ReducedStudy();
        Assert.EndsWith(", 2 checkpoints; training ends before 9,000", Plan(study, "model.checkpoints={ steps: [5, 9000] }")[1].Size,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedText_MakesItsReadersStale()
    {
        using var study = new ReducedStudy();
        study.Run();
        File.SetLastWriteTimeUtc(study.At("code.jsonl"), DateTime.UtcNow.AddMinutes(5));
        Assert.All(Plan(study), step => Assert.Equal("cached", step.State));
        File.AppendAllText(study.At("code.jsonl"), "{\"text\":\"one more\"}\n");
        Assert.Equal([("contexts", ""), ("model", ""), ("traces", "datasets changed")], Plan(study).Take(3).Select(s => (s.Name, s.Why)));
    }

    [Fact]
    public void DamagedTable_MakesItsStepStale_AndSaysWhichFile()
    {
        using var study = new ReducedStudy();
        study.Run();
        File.AppendAllText(study.At("runs", "tiny", "tables", "rllc.csv"), "x");
        var plan = Plan(study);
        Assert.Equal(("stale", "tables/rllc.csv was changed"), (plan[3].State, plan[3].Why));
        Assert.All(plan.Where(s => s.Name != "rllc"), s => Assert.Equal("cached", s.State));
    }

    [Fact]
    public void Tokenizing_HasATime_WhereTheTextIsHere()
    {
        using var study = new ReducedStudy();
        Assert.InRange(Plan(study)[0].Seconds, 1e-6, 60);
        Assert.StartsWith("0 MB of text", Plan(study)[0].Size, StringComparison.Ordinal);
    }

    [Fact]
    public void BegunTraining_IsTakenOff()
    {
        using var study = new ReducedStudy();
        using var source = new CancellationTokenSource();
        var cancelling = new CancelAt(source, "model");
        Assert.ThrowsAny<Exception>(() => study.Run(display: cancelling, cancellation: source.Token, set: "model.steps=200000"));
        var train = Plan(study, "model.steps=200000")[1];
        Assert.Matches(@"^[\d,]+ of 200,000 steps are done$", train.Why);
    }

    [Fact]
    public void LongStudy_IsToldFromAShortOne_WithoutMeasuring()
    {
        using var study = new ReducedStudy();
        Assert.False(StudyPlan.IsLong(StepKinds.Reader.ReadMatrix(study.PipelineFile)));
        Assert.True(StudyPlan.IsLong(StepKinds.Reader.ReadMatrix(Path.Combine(Repository.Root, "pipelines", "quickstart.yaml"))));
    }

    [Fact]
    public void TwiceTheDraws_CostTwiceTheTime()
    {
        using var study = new ReducedStudy();
        double Seconds(params string[] set) => Plan(study, set).Single(s => s.Name == "traces").Seconds;
        // Besides the draws, the texts are tokenized once.
        var thousand = Seconds("traces.draws=1000");
        Assert.Equal(2, (Seconds("traces.draws=3000") - thousand) / (Seconds("traces.draws=2000") - thousand), 6);
    }

    [Fact]
    public void PapersConfiguration_IsPlanned_AndStatesItsCost()
    {
        var cache = Directory.CreateTempSubdirectory("mlnetrllc-cache-");
        try
        {
            var paper = Path.Combine(Repository.Root, "pipelines", "paper.yaml");
            var environment = new Dictionary<string, string> { ["XDG_CACHE_HOME"] = cache.FullName };
            var ended = RunnerProcess.Run(cache.FullName, ["plan", paper], environment);
            Assert.True(ended.ExitCode == 0, ended.Errors);
            Assert.Contains("3,638 rows", ended.Output, StringComparison.Ordinal);
            Assert.Matches(@"To do: about [\d.]+ (h|days)", ended.Output);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    [Fact]
    public void PapersCheckpoints_AreThoseOfTheLibrary()
    {
        var model = StepKinds.Reader.Read(Path.Combine(Repository.Root, "pipelines", "paper.yaml")).Steps.Single(s => s.Name == "model");
        var training = model.Get<MlNetRllc.Core.Training.TrainingOptions>();
        Assert.Equal(MlNetRllc.Core.Training.CheckpointSchedule.Paper.UpTo(50_000), training.Checkpoints.UpTo(training.Steps));
    }

    private static IReadOnlyList<PlannedStep> Plan(ReducedStudy study, params string[] set) =>
        StudyPlan.PlanOf(StepKinds.Reader.Read(study.PipelineFile, set), study.At("runs", "tiny"));

    private sealed class CancelAt(CancellationTokenSource source, string step) : MlNetRllc.Runner.Running.IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string name, string what)
        {
        }

        public void Progress(string name, double share, string now)
        {
            if (name == step && share > 0) source.Cancel();
        }

        public void End(string name, string summary, TimeSpan time)
        {
        }
    }
}
