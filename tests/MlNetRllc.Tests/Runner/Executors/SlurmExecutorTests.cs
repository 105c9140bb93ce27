using Microsoft.ML;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Executors;
using MlNetRllc.Runner.Executors.Slurm;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Sampling;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Runner.Executors;

/// <summary>The driver against a queue in memory; <see cref="RealSlurmTests"/> has the real one.</summary>
public sealed class SlurmExecutorTests : IDisposable
{
    private static readonly SlurmOptions Options = new() { PollSeconds = 0.1, ComponentsPerPart = 2, Retries = 2 };

    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void Rows_AreThoseOfALocalSweep_BitForBit()
    {
        var slurm = new FakeSlurm(FakeSlurm.Complete);
        Fill(slurm);
        // Two checkpoints, two datasets, four heads in twos.
        Assert.Equal("0-7", ArrayIndices.Compact(Assert.Single(slurm.Submitted).Indices));
        Assert.Equal(16, Stored());
        Assert.Equal(Dump(Sampler(Path.Combine(study.Folder, "local"))), Dump(Sampler(Rows)));
    }

    [Fact]
    public void RowsInTheStore_AreNotSubmitted()
    {
        Fill(new FakeSlurm(FakeSlurm.Complete));
        File.Delete(RowFiles.In(Rows)[0]);
        var second = new FakeSlurm(FakeSlurm.Complete);
        Fill(second);
        Assert.Single(Assert.Single(second.Submitted).Indices);
        var third = new FakeSlurm(FakeSlurm.Complete);
        Fill(third);
        Assert.Empty(third.Submitted);
    }

    [Fact]
    public void Forced_SamplesAllRowsAnew()
    {
        Fill(new FakeSlurm(FakeSlurm.Complete));
        var damaged = RowFiles.In(Rows)[0];
        File.WriteAllText(damaged, "{}");
        var slurm = new FakeSlurm(FakeSlurm.Complete);
        Fill(slurm, forced: true);
        Assert.Equal(8, Assert.Single(slurm.Submitted).Indices.Count);
        Assert.NotEqual("{}", File.ReadAllText(damaged));
    }

    [Fact]
    public void MoreParts_ThanTheArrayMayHaveTasks_AreSharedOut()
    {
        var slurm = new FakeSlurm(FakeSlurm.Complete);
        Fill(slurm, Options with { MostTasks = 3, Throttle = 2 });
        Assert.Equal("0-2", ArrayIndices.Compact(Assert.Single(slurm.Submitted).Indices));
        Assert.Equal(16, Stored());
    }

    [Fact]
    public void FailedTask_IsSubmittedAgain()
    {
        var slurm = new FakeSlurm((folder, task, before) => task == 3 && before < 2 ? "FAILED" : FakeSlurm.Complete(folder, task, before));
        Fill(slurm);
        Assert.Equal(["0-7", "3", "3"], slurm.Submitted.Select(a => ArrayIndices.Compact(a.Indices)));
        Assert.Equal(16, Stored());
    }

    [Fact]
    public void TaskThatFailsMoreOftenThanRetriesAllow_EndsPartlyDone_WithItsLog_AndKeepsTheOthers()
    {
        var slurm = new FakeSlurm((folder, task, before) =>
        {
            if (task != 3) return FakeSlurm.Complete(folder, task, before);
            File.AppendAllText(Path.Combine(folder.Logs, "3.log"), $"start {before}\nthe node has no .NET\n");
            return "OUT_OF_MEMORY";
        });
        var e = Assert.Throws<PartlyDoneException>(() => Fill(slurm));
        Assert.Equal(3, slurm.Submitted.Count);
        Assert.Equal(14, Stored());
        Assert.Contains("1 of 8 tasks failed", e.Message, StringComparison.Ordinal);
        Assert.Contains("Task 3 ended 3 times without its rows, the last time OUT_OF_MEMORY on n1", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("start 2\n  the node has no .NET", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TasksThatTheClusterEnded_AreNotCounted()
    {
        static string EndedFiveTimes(SweepFolder folder, int task, int before) =>
            task != 1 || before >= 5 ? FakeSlurm.Complete(folder, task, before) : before % 2 == 0 ? "PREEMPTED" : "NODE_FAIL";
        var slurm = new FakeSlurm(EndedFiveTimes);
        Fill(slurm);
        Assert.Equal(6, slurm.Submitted.Count);
        Assert.Equal(16, Stored());
    }

    [Fact]
    public void TaskThatSomebodyCancelled_IsNotSubmittedAgain()
    {
        var slurm = new FakeSlurm((folder, task, before) => task == 1 ? "CANCELLED" : FakeSlurm.Complete(folder, task, before));
        Assert.Contains("Task 1 was cancelled", Assert.Throws<PartlyDoneException>(() => Fill(slurm)).Message, StringComparison.Ordinal);
        Assert.Single(slurm.Submitted);
    }

    [Fact]
    public void RunningArrayOfAnEarlierDriver_IsTakenOver()
    {
        var slow = 3;
        // Seen as running for ever. The first driver dies where it tells of its progress.
        var slurm = new FakeSlurm((folder, task, before) => "RUNNING");
        Assert.ThrowsAny<Exception>(() => Fill(slurm, progress: (_, now) =>
        {
            if (now.Contains("8 waiting", StringComparison.Ordinal)) throw new InvalidDataException("killed");
        }));
        Assert.Single(slurm.Submitted);
        Fill(slurm, progress: (_, _) =>
        {
            if (--slow != 0) return;
            var folder = SweepFolder.Open(Directory.GetDirectories(Path.Combine(study.Folder, "slurm")).Single());
            foreach (var task in folder.Tasks) RowsCommand.Sample(folder, task.Key, TextWriter.Null, default);
        });
        Assert.Single(slurm.Submitted);
        Assert.Equal(16, Stored());
    }

    [Fact]
    public void Cancelled_EndsTheArray()
    {
        using var source = new CancellationTokenSource();
        var slurm = new FakeSlurm((_, _, _) => "RUNNING");
        Assert.ThrowsAny<OperationCanceledException>(() => Fill(slurm, progress: (_, now) =>
        {
            if (now.Contains("8 running", StringComparison.Ordinal)) source.Cancel();
        }, cancellation: source.Token));
        Assert.Equal([1], slurm.Cancelled);
    }

    [Fact]
    public void RowsThatCannotBeSampled_AreLeftToTheStep_WhichSaysWhy()
    {
        var (sampler, grid) = (Sampler(Rows), study.Grid(ml));
        File.WriteAllText(study.PathOf(1), "not weights");
        var slurm = new FakeSlurm(FakeSlurm.Complete);
        Executor(slurm, Options).Fill(new("traces", sampler, grid, study.Folder, false, (_, _) => { }, default));
        Assert.Equal("0-3", ArrayIndices.Compact(Assert.Single(slurm.Submitted).Indices));
        Assert.Equal(8, Stored());
    }

    [Fact]
    public void StoppedTask_KeepsThePartInHand_AndGoesOnLater()
    {
        var kept = 0;
        var slurm = new FakeSlurm((folder, task, before) =>
        {
            if (before > 0) return FakeSlurm.Complete(folder, task, before);
            using var source = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => RowsCommand.Sample(folder, task, new CancelAtLine(source), source.Token));
            kept = Stored();
            return "FAILED";
        });
        Fill(slurm, Options with { MostTasks = 1 });
        Assert.Equal(2, kept);
        Assert.Equal(2, slurm.Submitted.Count);
        Assert.Equal(16, Stored());
    }

    [Theory]
    [InlineData("executor: slurm\nslurm: { partition: nope }", "1:1: executor slurm: invalid partition specified: nope")]
    [InlineData("executor: slurm\nslurm: { timeMinutes: 2, warningSeconds: 100 }",
        "1:1: slurm: tasks of 2 minutes would be warned 100 seconds before their end")]
    public void WhatCannotWork_IsSaidBeforeAnythingRuns(string keys, string said)
    {
        var pipeline = Read(keys);
        var executor = new SlurmExecutor(pipeline.Execution.Slurm, new FakeSlurm(FakeSlurm.Complete), pipeline.ExecutionError);
        var e = Assert.Throws<PipelineException>(() => executor.Check());
        Assert.StartsWith($"a.yaml:{said}", e.Located, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownExecutor_IsRefused_WithItsPlace()
    {
        var e = Assert.Throws<PipelineException>(() => Read("executor: slurn"));
        Assert.Equal("a.yaml:1:11: executor is 'slurn'. Did you mean 'Slurm'?", e.Located);
    }

    [Fact]
    public void FolderThatIsNoSweep_IsRefused()
    {
        var error = Assert.Throws<PipelineException>(() => SweepFolder.Open(study.Folder));
        Assert.Contains("not the folder of a sweep", error.Message, StringComparison.Ordinal);
    }

    private static Pipeline Read(string keys) => StepKinds.Reader.Read(YamlFile.Parse("a.yaml",
        $"{keys}\nversion: 1\nname: a\ndatasets: {{ docs: dotnet-docs }}\nsteps: {{ c: {{ tokenize: {{ text: docs }} }} }}"));

    private string Rows => Path.Combine(study.Folder, "rows");

    private int Stored() => RowFiles.Count(Rows);

    private SgldSamplingTransformer Sampler(string rows) =>
        ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, new RowStore(rows)).Fit(study.Grid(ml));

    private List<string> Dump(SgldSamplingTransformer sampler) => [.. RowDump.Of(sampler.Transform(study.Grid(ml)))];

    private static SlurmExecutor Executor(FakeSlurm slurm, SlurmOptions options) =>
        new(options, slurm, message => new PipelineException(message));

    private void Fill(
        FakeSlurm slurm,
        SlurmOptions? options = null,
        bool forced = false,
        Action<double, string>? progress = null,
        CancellationToken cancellation = default)
    {
        var tell = progress ?? ((_, _) => { });
        Executor(slurm, options ?? Options)
            .Fill(new("traces", Sampler(Rows), study.Grid(ml), study.Folder, forced, tell, cancellation));
    }

    /// <summary>Asks to stop when the task says that a part is done.</summary>
    private sealed class CancelAtLine(CancellationTokenSource source) : StringWriter
    {
        public override void WriteLine(string? value) => source.Cancel();
    }
}
