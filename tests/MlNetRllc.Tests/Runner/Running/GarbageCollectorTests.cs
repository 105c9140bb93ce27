using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Tests.Sampling;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class GarbageCollectorTests
{
    [Fact]
    public void AfterARun_NothingIsGarbage()
    {
        using var study = new ReducedStudy();
        study.Run();
        Assert.True(GarbageCollector.Find(study.At("runs", "tiny"), new HashSet<string>(), StepKinds.ContentFolders).IsEmpty);
    }

    [Fact]
    public void WhatNoManifestRefersTo_IsTold_ThenRemoved_AndTheRunStaysWhole()
    {
        using var study = new ReducedStudy();
        study.Run(set: "model.seed=5");
        // The file itself has another seed, so nothing of this one belongs to it.
        study.Run();
        var told = RunnerProcess.Run(study.Folder, ["gc", "--dry-run"]);
        Assert.Contains("tiny: 32 rows, 0 token stores, 1 trainings", told.Output, StringComparison.Ordinal);
        Assert.Contains("Would remove", told.Output, StringComparison.Ordinal);
        Assert.Equal(64, Rows(study));
        Assert.Contains("Removed", RunnerProcess.Run(study.Folder, ["gc"]).Output, StringComparison.Ordinal);
        Assert.Equal(32, Rows(study));
        Assert.Empty(ReducedStudy.Done(study.Run()));
        Assert.True(GarbageCollector.Find(study.At("runs", "tiny"), new HashSet<string>(), StepKinds.ContentFolders).IsEmpty);
    }

    [Fact]
    public void WhatThePipelineHasNow_Stays_ThoughTheLastRunHadOtherOptions()
    {
        using var study = new ReducedStudy();
        study.Run();
        study.Run(set: "model.seed=5");
        var keys = StepKey.KeysOf(StepKinds.Reader.Read(study.PipelineFile)).Values.Select(k => k.Value).ToHashSet();
        Assert.True(GarbageCollector.Find(study.At("runs", "tiny"), keys, StepKinds.ContentFolders).IsEmpty);
        // Four checkpoints on two datasets.
        var unknown = GarbageCollector.Find(study.At("runs", "tiny"), new HashSet<string>(), StepKinds.ContentFolders);
        Assert.Equal(8, unknown.Contents.Single(c => c.Folder.Name == "rows").Paths.Count);
        Assert.Contains("Removed 0 KiB in all", RunnerProcess.Run(study.Folder, ["gc"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void InterruptedStudy_KeepsWhatItWillNeed()
    {
        using var study = new ReducedStudy();
        study.Run(options: new() { Only = ["contexts", "model"] });
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<Exception>(() => study.Run(display: new CancelAt(source, "traces"), cancellation: source.Token));
        var rows = Rows(study);
        Assert.InRange(rows, 4, 28);
        RunnerProcess.Run(study.Folder, ["gc"]);
        Assert.Equal(rows, Rows(study));
        var plan = StudyPlan.PlanOf(StepKinds.Reader.Read(study.PipelineFile), study.At("runs", "tiny")).Single(s => s.Name == "traces");
        Assert.Equal(("new", $"{rows} of 32 rows are stored"), (plan.State, plan.Why));
    }

    [Fact]
    public void FolderInUse_IsLeftAlone()
    {
        using var study = new ReducedStudy();
        study.Run();
        using var held = RunFolder.Open(study.At("runs", "tiny"));
        var ended = RunnerProcess.Run(study.Folder, ["gc"]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("is in use by another run", ended.Errors, StringComparison.Ordinal);
    }

    // What it will want again is not known; and it may be held for a moment, or mended. Another study is no matter of it.
    [Theory]
    [InlineData("held", "being used by another process")]
    [InlineData("broken", "there is no kind of step 'tokenise'")]
    [InlineData("folder", "this is a folder")]
    [InlineData("record", "run.json: it is damaged")]
    [InlineData("references", "is damaged: ")]
    [InlineData("in use", "is in use by another run")]
    public void StudyThatCannotBeRead_IsLeftAsItIs_AndSaid_AndTheNextIsCollected(string fault, string expected)
    {
        using var study = new ReducedStudy();
        study.Run(set: "seed=5");
        study.Run();
        study.Run(set: "name=untidy");
        var garbage = Path.Combine(study.At("runs", "untidy", "tokens"), new string('0', 64));
        Directory.CreateDirectory(garbage);
        using var run = fault == "in use" ? RunFolder.Open(study.At("runs", "tiny")) : null;
        if (fault == "record") Cut(study.At("runs", "tiny", "run.json"));
        if (fault == "references") foreach (var file in Directory.GetFiles(study.At("runs", "tiny", "references"))) Cut(file);
        if (fault == "folder") File.Delete(study.PipelineFile);
        if (fault == "folder") Directory.CreateDirectory(study.PipelineFile);
        using var held = fault == "held" ? File.Open(study.PipelineFile, FileMode.Open, FileAccess.Read, FileShare.None) : null;
        var broken = ReducedStudy.Yaml.Replace("tokenize:", "tokenise:", StringComparison.Ordinal);
        if (fault == "broken") File.WriteAllText(study.PipelineFile, broken);
        var rows = Rows(study);
        var ended = RunnerProcess.Run(study.Folder, ["gc"]);
        Assert.Equal((1, rows), (ended.ExitCode, Rows(study)));
        Assert.Contains("tiny: nothing more is removed of it: ", ended.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        // The second has the same file, and a record and references of its own.
        Assert.Equal(fault is "held" or "broken" or "folder", Directory.Exists(garbage));
    }

    [Fact]
    public void SweepWithoutARecord_IsLeftAsItIs()
    {
        using var study = new ReducedStudy();
        study.Run(set: "seed=5");
        Directory.CreateDirectory(study.At("runs", "sweep"));
        Directory.Move(study.At("runs", "tiny"), study.At("runs", "sweep", "seed-5"));
        File.Delete(study.At("runs", "sweep", "seed-5", "run.json"));
        File.WriteAllText(study.At("runs", "sweep", "sweep.json"), "{}");
        var ended = RunnerProcess.Run(study.Folder, ["gc"]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("no run.json there says of which file it is", ended.Errors, StringComparison.Ordinal);
    }

    private static void Cut(string file) => File.WriteAllText(file, File.ReadAllText(file)[..^40]);

    private static int Rows(ReducedStudy study) => RowFiles.Count(study.At("runs", "tiny", "rows"));

    private sealed class CancelAt(CancellationTokenSource source, string step) : IStudyDisplay
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
