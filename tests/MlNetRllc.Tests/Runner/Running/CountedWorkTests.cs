using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>What a study does beside its work grows no faster than the study: counted, for times are noisy.</summary>
public sealed class CountedWorkTests
{
    private const string Matrix = "seed: 1\nmatrix:\n  rllc.discardFraction: [0.1, 0.2, 0.3, 0.4]";

    private static readonly string OfCombinations =
        ReducedStudy.Yaml.Replace("seed: 1", Matrix, StringComparison.Ordinal);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.2);

    [Fact]
    public void GcOfAMatrix_ReadsTheFileOfItsCombinationsOnce()
    {
        using var study = new ReducedStudy(OfCombinations);
        RunAll(study);
        var read = new List<string>();
        GcCommand.Collect(study.At("runs"), [], dry: true, file =>
        {
            read.Add(file);
            return StepKinds.Reader.ReadMatrix(file);
        });
        Assert.Equal([study.PipelineFile], read);
    }

    [Fact]
    public void JoinedTables_AreNeitherReadNorWritten_WhereNoRowChanged()
    {
        using var study = new ReducedStudy(OfCombinations);
        RunAll(study);
        var before = SweepRecord.Find(study.At("runs", "tiny"))!.Tables!;
        var parts = Directory.GetDirectories(study.At("runs", "tiny"), "rllc.discardFraction-*");
        Assert.Equal(4, parts.Length);
        // What is not there cannot be read.
        foreach (var part in parts) Directory.Delete(Path.Combine(part, "tables"), recursive: true);
        using var folder = RunFolder.Open(study.At("runs", "tiny"));
        var joined = CombinedTables.Write(StepKinds.Reader.ReadMatrix(study.PipelineFile), study.At("runs"), folder, before,
            _ => Assert.Fail("a table is written"), Assert.Fail);
        Assert.Equal(before.OrderBy(t => t.Key, StringComparer.Ordinal), joined.OrderBy(t => t.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void RunRecord_OfManySteps_IsWrittenMoreSeldomThanTheyEnd()
    {
        const int steps = 120;
        var more = Enumerable.Range(0, steps)
            .Select(i => $"  more{i}:\n    estimate: {{ traces: traces, discardFraction: 0.{100 + i} }}");
        using var study = new ReducedStudy($"{ReducedStudy.Yaml}\n{string.Join('\n', more)}\n");
        var (record, written) = (study.At("runs", "tiny", "run.json"), new ConcurrentDictionary<DateTime, bool>());
        study.Run(display: new Watching(end: _ => written[File.GetLastWriteTimeUtc(record)] = true));
        // After each of the first ten, then whenever a tenth more are done.
        Assert.InRange(written.Count, 10, 40);
    }

    [Fact, Trait("System", "Linux")]
    public void CheckpointsAndTexts_AreReadOnce_ForAllCombinationsAndPlans()
    {
        using var study = OfTrainedCheckpoints(Matrix);
        // Of a file changed a moment ago no hash is kept.
        Thread.Sleep(1.5 * Tick);
        var read = new List<string>();
        InputHashes Hashes() => new(tick: Tick, read: path =>
        {
            read.Add(Path.GetFileName(path));
            return ContentHash.OfFile(path);
        });
        var matrix = StepKinds.Reader.ReadMatrix(study.PipelineFile);
        for (var plan = 0; plan < 2; plan++) StudyPlan.PlanOf(matrix, study.At("runs"), Hashes());
        foreach (var cell in matrix.Cells) StepKey.KeysOf(cell.Pipeline, Hashes());
        var checkpoints = Directory.GetFiles(study.At("checkpoints")).Select(Path.GetFileName);
        Assert.Equal(checkpoints.Append("docs.jsonl").Append("code.jsonl").Order(), read.Order());
    }

    [Fact]
    public void RestoredSampling_ReadsNoText()
    {
        using var study = new ReducedStudy();
        study.Run();
        // What is gone when the estimates ask for the traces cannot be tokenized.
        var record = study.Run(options: new() { Only = ["rllc"], Force = ["rllc"] }, display: new Watching(begin: step =>
        {
            if (step != "rllc") return;
            foreach (var text in (string[])["docs.jsonl", "code.jsonl"]) File.Delete(study.At(text));
        }));
        Assert.Equal(["rllc"], ReducedStudy.Done(record));
        Assert.False(File.Exists(study.At("docs.jsonl")));
    }

    [Fact, Trait("System", "Linux")]
    public unsafe void SmallCheckpoints_AreJudgedOnOneThread_WhichHasItsOthersBackThen()
    {
        const int given = 3;
        Assert.SkipUnless(ThreadLimit.IsPerThread, "This libtorch is limited as a whole only.");
        Assert.True(TorchNative.TryLoadLibrary("libtorch_cpu.so", out var library));
        var setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "omp_set_num_threads");
        using var study = OfTrainedCheckpoints("seed: 1");
        var (threads, before) = (new List<int>(), 0);
        study.Run(options: new() { Only = ["contexts", "model"] }, display: new Watching(
            begin: step =>
            {
                if (step != "model") return;
                before = TorchSharp.torch.get_num_threads();
                setThreads(given);
            },
            progress: (step, _) =>
            {
                if (step == "model") threads.Add(TorchSharp.torch.get_num_threads());
            },
            end: step =>
            {
                if (step != "model") return;
                threads.Add(TorchSharp.torch.get_num_threads());
                setThreads(before);
            }));
        Assert.Equal([.. Directory.GetFiles(study.At("checkpoints")).Select(_ => 1), given], threads);
    }

    /// <summary>A study of checkpoints that another one trained.</summary>
    private static ReducedStudy OfTrainedCheckpoints(string beginning)
    {
        const string before = "  model:\n", after = "  traces:\n";
        var model = ReducedStudy.Yaml.IndexOf(before, StringComparison.Ordinal);
        var traces = ReducedStudy.Yaml.IndexOf(after, StringComparison.Ordinal);
        var yaml = ReducedStudy.Yaml[..(model + before.Length)]
            + "    checkpoints: { folder: checkpoints, contexts: contexts }\n" + ReducedStudy.Yaml[traces..];
        var study = new ReducedStudy(yaml.Replace("seed: 1", beginning, StringComparison.Ordinal));
        using var training = new ReducedStudy();
        training.Run(options: new() { Only = ["contexts", "model"] });
        Directory.CreateDirectory(study.At("checkpoints"));
        foreach (var file in Directory.GetFiles(training.At("runs", "tiny", "checkpoints"), "step*", SearchOption.AllDirectories))
            File.Copy(file, study.At("checkpoints", Path.GetFileName(file)));
        return study;
    }

    private static void RunAll(ReducedStudy study) => SweepRunner.Run(StepKinds.Reader.ReadMatrix(study.PipelineFile),
        study.At("runs"), new Watching(), new(), TestContext.Current.CancellationToken);

    private sealed class Watching(
        Action<string, string>? progress = null, Action<string>? begin = null, Action<string>? end = null) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string name, string what) => begin?.Invoke(name);

        public void Progress(string name, double share, string now) => progress?.Invoke(name, now);

        public void End(string name, string summary, TimeSpan time) => end?.Invoke(name);
    }
}
