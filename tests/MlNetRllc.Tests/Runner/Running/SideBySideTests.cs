using System.Text.Json;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class SideBySideTests
{
    // Two chains of light steps behind one sampling.
    private static readonly string Branched = ReducedStudy.Yaml.ReplaceLineEndings("\n").Replace("  report:\n", """
          rllc2:
            estimate: { traces: traces, discardFraction: 0.3 }
          clusters2:
            cluster: { rllc: rllc2, clusters: 2 }
          report:

        """, StringComparison.Ordinal);

    [Fact]
    public void Cores_BoundTheWholeProgram_AndChangeNoResult()
    {
        using var study = new ReducedStudy();
        var ended = RunnerProcess.Run(study.Folder, ["run", study.PipelineFile, "--cores", "1", "--runs", "one"]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        using var record = JsonDocument.Parse(File.ReadAllBytes(study.At("one", "tiny", "run.json")));
        Assert.Equal("1", record.RootElement.GetProperty("machine").GetProperty("cores").GetString());
        study.Run();
        byte[] RllcOf(string runs) => File.ReadAllBytes(study.At(runs, "tiny", "tables", "rllc.csv"));
        Assert.Equal(RllcOf("runs"), RllcOf("one"));
    }

    [Fact]
    public void StepsSideBySide_GiveTheBytesOfStepsOneByOne()
    {
        using var study = new ReducedStudy(Branched);
        study.Run("serial", options: new() { Cores = 1 });
        study.Run("parallel", options: new() { Cores = 2 });
        Assert.Contains("clusters2.csv", study.Tables("serial").Keys);
        Assert.Equal(study.Tables("serial"), study.Tables("parallel"));
    }

    [Fact]
    public void FailedStep_WithKeepGoing_StopsOnlyWhatDependsOnIt_AndEnds3()
    {
        using var study = new ReducedStudy(Branched.Replace("clusters: 2", "dataset: nowhere", StringComparison.Ordinal));
        var ended = study.Start("--keep-going");
        Assert.True(ended.ExitCode == 3, $"{ended.ExitCode}\n{ended.Output}{ended.Errors}");
        const string said = "error: clusters2: ClusterTrajectories: the dataset 'nowhere' is not in the table";
        Assert.Contains(said, ended.Errors, StringComparison.Ordinal);
        Assert.Contains("Report: ", ended.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(study.At("runs", "tiny", "report.html")));
        Assert.Contains("\"partly done\"", File.ReadAllText(study.At("runs", "tiny", "run.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void StepsBehindAFailedOne_AreNamed()
    {
        using var study = new ReducedStudy();
        var record = study.Run(options: new() { KeepGoing = true }, set: "rllc.discardFraction=0.3", display: new Failing("rllc"));
        Assert.Equal(
            ["rllc: failed on purpose", "clusters: not done, for 'rllc' failed", "report: not done, for 'rllc' failed"],
            record.Problems);
        Assert.Equal(["contexts", "model", "traces"], ReducedStudy.Done(record));
        Assert.Equal(["rllc", "clusters", "report"], ReducedStudy.Done(study.Run(set: "rllc.discardFraction=0.3")));
    }

    [Fact]
    public void LightSteps_RunTogether_OthersAlone()
    {
        var light = new IdleKind(isLight: true, StepInput.Step<IdleKind>("after", "a step"));
        var heavy = new IdleKind(isLight: false);
        StepSpec Heavy(string name) => new(name, heavy, new Dictionary<string, IReadOnlyList<string>>(), []);
        StepSpec Light(string name, string after) =>
            new(name, light, new Dictionary<string, IReadOnlyList<string>> { ["after"] = [after] }, []);
        var (gate, running, together) = (new Lock(), new List<string>(), new List<string>());
        using var both = new Barrier(2);
        new StepScheduler(2, keepGoing: false).Run([Heavy("a"), Heavy("b"), Light("c", "a"), Light("d", "b")], step =>
        {
            lock (gate)
            {
                running.Add(step.Name);
                together.Add(string.Concat(running.Order(StringComparer.Ordinal)));
            }
            // Each of the light steps waits until the other runs.
            if (step.Planned().IsLight) Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            lock (gate) running.Remove(step.Name);
        }, TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b"], together.Take(2));
        Assert.Contains("cd", together);
    }

    [Fact]
    public void BehindAFailure_NothingStarts()
    {
        var kind = new IdleKind(isLight: true);
        StepSpec StepOf(int i) => new($"s{i}", kind, new Dictionary<string, IReadOnlyList<string>>(), []);
        var steps = Enumerable.Range(0, 5).Select(StepOf).ToList();
        var ran = new List<string>();
        var failures = new StepScheduler(1, keepGoing: false).Run(steps, step =>
        {
            ran.Add(step.Name);
            if (step.Name == "s1") throw new InvalidOperationException();
        }, TestContext.Current.CancellationToken);
        Assert.Equal(["s0", "s1"], ran);
        Assert.Equal(["s1"], failures.Keys);
    }

    /// <summary>A kind of which only the place in the order counts.</summary>
    private sealed class IdleKind(bool isLight, params StepInput[] inputs) : StepKind
    {
        public override string Name => "idle";

        public override string Component => "";

        public override bool IsLight => isLight;

        public override IReadOnlyList<StepInput> Inputs => inputs;

        public override IReadOnlyList<Type> Options => [];

        public override StepCost CostOf(Pipeline pipeline, StepSpec step) => StepCost.OfMoments;

        public override string Run(StudyContext context) => "";
    }

    private sealed class Failing(string step) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string name, string what)
        {
            if (name == step) throw new InvalidOperationException("failed on purpose");
        }

        public void Progress(string name, double share, string now)
        {
        }

        public void End(string name, string summary, TimeSpan time)
        {
        }
    }
}
