using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class SweepTests
{
    private static readonly string Yaml = ReducedStudy.Yaml.Replace("seed: 1", """
        matrix:
          seed: [1, 2]
          clusters.clusters: [0, 2]
        """, StringComparison.Ordinal);

    [Fact]
    public void Combinations_HaveTheBytesOfRunsOfTheirOwn_AndShareWhatIsEqual()
    {
        using var study = new ReducedStudy(Yaml);
        var done = new List<string>();
        var record = Run(study, new() { }, done);
        Assert.Equal(["finished", "finished", "finished", "finished"], record.Cells.Select(c => c.State));
        // One text, two trainings and samplings; the other combinations take them over.
        Assert.Single(Directory.GetDirectories(study.At("runs", "tiny", "tokens")));
        Assert.Equal(2, Directory.GetDirectories(study.At("runs", "tiny", "checkpoints")).Length);
        string[] steps = ["/contexts", "/model"];
        var made = done.Where(d => steps.Any(step => d.EndsWith(step, StringComparison.Ordinal)));
        Assert.Equal(
            ["seed-1_clusters.clusters-0/contexts", "seed-1_clusters.clusters-0/model", "seed-2_clusters.clusters-0/model"],
            made.Order(StringComparer.Ordinal));

        using var alone = new ReducedStudy();
        alone.Run(set: ["seed=2", "clusters.clusters=2"]);
        var cell = Directory.GetFiles(study.At("runs", "tiny", "seed-2_clusters.clusters-2", "tables"));
        Assert.Equal(alone.Tables(), new(cell.ToDictionary(f => Path.GetFileName(f), f => Convert.ToHexString(File.ReadAllBytes(f)))));

        var lines = File.ReadAllLines(study.At("runs", "tiny", "tables", "rllc.csv"));
        Assert.StartsWith("seed,clusters.clusters,Step,Component,Dataset,Rllc,", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + 4 * 32, lines.Length);
        var own = File.ReadAllLines(study.At("runs", "tiny", "seed-2_clusters.clusters-2", "tables", "rllc.csv"));
        Assert.Equal(own.Skip(1).Select(l => $"2,2,{l}"), lines.Where(l => l.StartsWith("2,2,", StringComparison.Ordinal)));
        var traces = new Microsoft.ML.MLContext().Rllc.LoadTable(study.At("runs", "tiny", "tables", "traces.parquet"));
        Assert.Equal(4 * 32, traces.GetRowCount());
        Assert.NotNull(traces.Schema.GetColumnOrNull("clusters.clusters"));
    }

    [Fact]
    public void Record_HoldsItsDigestAtTheEnd()
    {
        using var study = new ReducedStudy(Yaml);
        Run(study, new() { }, []);
        var file = study.At("runs", "tiny", SweepRecord.FileName);
        var bytes = File.ReadAllBytes(file);
        Assert.NotEqual(bytes, SealedFile.Read(file));
        bytes[bytes.AsSpan().IndexOf("finished"u8)] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(SweepRecord.Find(study.At("runs", "tiny")));
        Assert.Contains("sweep.json is damaged: ", Assert.Single(Run(study, new() { }, []).Damaged!), StringComparison.Ordinal);
    }

    [Fact]
    public void RunWithNothingToDo_LeavesTheJoinedTablesAlone_AndMakesADamagedOneAnew()
    {
        using var study = new ReducedStudy(Yaml);
        Run(study, new() { }, []);
        var (whole, damaged) = (study.At("runs", "tiny", "tables", "rllc.csv"), study.At("runs", "tiny", "tables", "rllc.parquet"));
        var (first, bytes) = (File.GetLastWriteTimeUtc(whole), File.ReadAllBytes(damaged));
        File.WriteAllBytes(damaged, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        var shown = RunnerProcess.Run(study.Folder, ["show", study.At("runs", "tiny")]);
        Assert.Equal(2, shown.ExitCode);
        Assert.Contains("tables/rllc.parquet was changed since the run wrote it", shown.Errors, StringComparison.Ordinal);
        var record = Run(study, new() { }, []);
        Assert.Contains("rllc.parquet is damaged: ", Assert.Single(record.Damaged!), StringComparison.Ordinal);
        Assert.True(File.Exists(study.At("runs", "tiny", "damaged", "tables", "rllc.parquet")));
        Assert.Equal(first, File.GetLastWriteTimeUtc(whole));
        Assert.Equal(bytes, File.ReadAllBytes(damaged));
    }

    [Fact]
    public void DamagedTableThatAnotherCombinationHasWhole_IsNamedAndPutAside()
    {
        using var study = new ReducedStudy(Yaml);
        Run(study, new() { }, []);
        var cell = study.At("runs", "tiny", "seed-1_clusters.clusters-2");
        var path = Path.Combine(cell, "tables", "model.csv");
        var bytes = File.ReadAllBytes(path);
        FlippedBitStudyTests.Flip(path);
        var record = Run(study, new() { }, []);
        Assert.Contains("model.csv is damaged: ", Assert.Single(record.Damaged!), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(cell, "damaged", "tables", "model.csv")));
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void FailedCombination_WithKeepGoing_LeavesTheOthers_AndIsDoneByTheNextRun()
    {
        var yaml = Yaml.Replace("clusters.clusters: [0, 2]", "clusters.dataset: [docs, nowhere]", StringComparison.Ordinal);
        using var study = new ReducedStudy(yaml);
        var ended = study.Start("--keep-going");
        Assert.True(ended.ExitCode == 3, ended.Output + ended.Errors);
        const string place = "seed-1_clusters.dataset-nowhere: clusters";
        const string said = "ClusterTrajectories: the dataset 'nowhere' is not in the table";
        Assert.Contains($"error: {place}: {said}", ended.Errors, StringComparison.Ordinal);
        using var record = JsonDocument.Parse(File.ReadAllText(study.At("runs", "tiny", "sweep.json")));
        var cells = record.RootElement.GetProperty("cells").EnumerateArray();
        string[] states = ["finished", "partly done", "finished", "partly done"];
        Assert.Equal(states, cells.Select(c => c.GetProperty("state").GetString()!));
        // Without it, the first failure ends the run.
        Assert.Equal(1, study.Start().ExitCode);
        var shown = RunnerProcess.Run(study.Folder, ["show", "runs/tiny"]);
        Assert.Contains("tiny: 4 combinations of seed, clusters.dataset", shown.Output, StringComparison.Ordinal);
        var compared = RunnerProcess.Run(study.Folder, ["diff", "runs/tiny", "runs/tiny"]);
        Assert.Contains("128 estimates in both, 0 only in the first", compared.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_CountsWhatCombinationsShareOnce()
    {
        using var study = new ReducedStudy(Yaml);
        var plan = StudyPlan.PlanOf(StepKinds.Reader.ReadMatrix(study.PipelineFile), study.At("runs"));
        Assert.Equal(4 * 6, plan.Count);
        var shared = plan.Single(s => s.Name == "seed-1_clusters.clusters-2/traces");
        Assert.Equal(("shared", "with seed-1_clusters.clusters-0", 0.0), (shared.State, shared.Why, shared.Seconds));
        Assert.Equal("new", plan.Single(s => s.Name == "seed-2_clusters.clusters-0/traces").State);
    }

    private static SweepRecord Run(ReducedStudy study, RunOptions options, List<string> done)
    {
        var matrix = StepKinds.Reader.ReadMatrix(study.PipelineFile);
        return SweepRunner.Run(matrix, study.At("runs"), new Ends(done), options, TestContext.Current.CancellationToken);
    }

    private sealed class Ends(List<string> done) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string step, string what)
        {
        }

        public void Progress(string step, double share, string now)
        {
        }

        public void End(string step, string summary, TimeSpan time)
        {
            lock (done)
                if (!summary.EndsWith("(done before)", StringComparison.Ordinal)) done.Add(step);
        }
    }
}
