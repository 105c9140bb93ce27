using System.Text.Json;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Tests.Sampling;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>The rows of a study: a file a group, and those that earlier versions kept one by one.</summary>
public sealed class StoredRowsTests : IDisposable
{
    private readonly ReducedStudy study = new();

    public void Dispose() => study.Dispose();

    [Fact]
    public void RunOfAnEarlierVersion_IsPlanned_Collected_AndGoneOnWith_ByItsFilesOfOneRow()
    {
        study.Run("undisturbed");
        Interrupt();
        RowFiles.SplitAsOnceKept(Rows);
        ReferByRow(study.At("undisturbed", "tiny", "rows"));
        var stored = RowFiles.Count(Rows);
        Assert.InRange(stored, 4, 28);
        Assert.Equal($"{stored} of 32 rows are stored", Planned());
        RunnerProcess.Run(study.Folder, ["gc"]);
        Assert.Equal(stored, RowFiles.Count(Rows));

        study.Run();
        Assert.Equal(study.Tables("undisturbed"), study.Tables());
        Assert.Equal((stored, 8 - stored / 4), (Singles().Length, RowFiles.In(Rows).Count));
        Assert.True(Garbage().IsEmpty);
    }

    [Fact]
    public void RunGoneOnWith_AndInterruptedAgain_CountsRowsOfBothKinds()
    {
        Interrupt();
        RowFiles.SplitAsOnceKept(Rows);
        Interrupt();
        var (single, files) = (Singles().Length, RowFiles.In(Rows).Count);
        Assert.True(single >= 4 && files >= 1 && RowFiles.Count(Rows) < 32);
        Assert.Equal($"{RowFiles.Count(Rows)} of 32 rows are stored", Planned());
        Assert.True(Garbage().IsEmpty);
    }

    [Fact]
    public void RowsOfOtherComponents_AreNotCounted_AndThoseOfBothOnce()
    {
        study.Run(set: "traces.components=[l0h0, l0]");
        Interrupt();
        // One head of four is there at each of four checkpoints, on two datasets; the others of those that were sampled.
        var heads = RowFiles.In(Rows).SelectMany(MlNetRllc.Sampling.RowFile.RowsIn).Count(row => row.Component.Length == 4);
        Assert.InRange(heads, 8 + 3, 31);
        Assert.Equal($"{heads} of 32 rows are stored", Planned());
        study.Run();
        study.Run("undisturbed");
        Assert.Equal(study.Tables("undisturbed"), study.Tables());
        Assert.Equal(2 * 8, RowFiles.In(Rows).Count);
    }

    [Fact]
    public void EarlierRows_AreRemoved_WhereNothingNeedsThem()
    {
        study.Run(set: "model.seed=5");
        RowFiles.SplitAsOnceKept(Rows);
        study.Run();
        Assert.Equal((32, 8), (Singles().Length, RowFiles.In(Rows).Count));
        Assert.Contains("tiny: 32 rows, ", RunnerProcess.Run(study.Folder, ["gc"]).Output, StringComparison.Ordinal);
        Assert.Equal((0, 8), (Singles().Length, RowFiles.In(Rows).Count));
    }

    [Fact]
    public void ForcedSampling_ReplacesRowsOfBothKinds()
    {
        study.Run();
        RowFiles.SplitAsOnceKept(Rows);
        var tables = study.Tables();
        study.Run(options: new() { Force = ["traces"] });
        Assert.Equal((0, 8), (Singles().Length, RowFiles.In(Rows).Count));
        Assert.Equal(tables, study.Tables());
    }

    private string Rows => study.At("runs", "tiny", "rows");

    private string[] Singles() => Directory.GetFiles(Rows, "*.json", SearchOption.AllDirectories);

    private Garbage Garbage() => GarbageCollector.Find(study.At("runs", "tiny"), new HashSet<string>(), StepKinds.ContentFolders);

    private string Planned()
    {
        var plan = StudyPlan.PlanOf(StepKinds.Reader.Read(study.PipelineFile), study.At("runs", "tiny"));
        return plan.Single(s => s.Name == "traces").Why.Split("; ")[^1];
    }

    /// <summary>Runs until some rows are sampled that were not there.</summary>
    private void Interrupt()
    {
        study.Run(options: new() { Only = ["contexts", "model"] });
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<Exception>(() => study.Run(display: new CancelAtDraw(source), cancellation: source.Token));
    }

    /// <summary>Names in the step's references what an earlier version did: the file of each row.</summary>
    private void ReferByRow(string whole)
    {
        var (file, begun) = StepReferences.All(study.At("runs", "tiny")).Single(r => r.References.Step == "traces");
        Assert.Equal(8, begun.Paths.Count);
        var keys = RowFiles.In(whole).SelectMany(MlNetRllc.Sampling.RowFile.RowsIn).Select(row => row.Key);
        var paths = keys.Select(key => $"rows/{key[..2]}/{key}.json").ToList();
        File.WriteAllText(file, JsonSerializer.Serialize(begun with { Paths = paths }, RunRecord.Json));
    }

    /// <summary>Asks to stop once rows are being drawn.</summary>
    private sealed class CancelAtDraw(CancellationTokenSource source) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string name, string what)
        {
        }

        public void Progress(string name, double share, string now)
        {
            if (name == "traces" && now.Contains(", draw ", StringComparison.Ordinal)) source.Cancel();
        }

        public void End(string name, string summary, TimeSpan time)
        {
        }
    }
}
