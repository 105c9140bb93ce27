namespace MlNetRllc.Tests.Runner.Commands;

/// <summary>Records and tables of a run that were damaged or edited since.</summary>
public sealed class DamagedRunTests(DamagedRunTests.FirstRun first) : IClassFixture<DamagedRunTests.FirstRun>
{
    private const string Header = "Step,Component,Dataset,Rllc,RllcStdErr,Status";

    [Theory]
    [InlineData("run.json", "{}")]
    [InlineData("run.json", "null")]
    [InlineData("run.json", "[1]")]
    [InlineData("run.json", "{\"name\": 1, \"steps\": {}}")]
    [InlineData("run.json", "cut o")]
    [InlineData("tables/rllc.csv", "")]
    [InlineData("tables/rllc.csv", Header + "\n8,l0h0,docs,much,1,ok")]
    [InlineData("tables/rllc.csv", Header + "\nlate,l0h0,docs,1,1,ok")]
    [InlineData("tables/rllc.csv", Header + "\n8,l0h0,docs,1,1,ok\n8,l0h0,docs,1,1,ok")]
    [InlineData("tables/rllc.csv", Header + "\n8,\"l0h0")]
    [InlineData("tables/clusters.csv", "Component,Cluster\nl0h0,1")]
    public void DamagedFile_IsSaidByName_AndEnds2(string file, string content)
    {
        using var copy = new Copy(first.Study.At("runs", "tiny"));
        File.WriteAllText(Path.Combine(copy.Folder, file), content);
        var ended = RunnerProcess.Run(copy.Folder, ["show", "."]);
        Assert.True(ended.ExitCode == 2, ended.Output + ended.Errors);
        Assert.Contains($"{Path.Combine(file.Split('/'))}: this is damaged, or no run wrote it", ended.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"Name\": \"x\", \"Axes\": [\"seed\"], \"Cells\": [{}]}")]
    [InlineData("[]")]
    public void DamagedRecordOfASweep_IsNoSweep(string content)
    {
        using var copy = new Copy(first.Study.At("runs", "tiny"));
        File.WriteAllText(Path.Combine(copy.Folder, "sweep.json"), content);
        var ended = RunnerProcess.Run(copy.Folder, ["show", "."]);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.Contains("tiny: finished", ended.Output, StringComparison.Ordinal);
    }

    /// <summary>The study, run once.</summary>
    public sealed class FirstRun : IDisposable
    {
        public FirstRun() => Study.Run();

        internal ReducedStudy Study { get; } = new();

        public void Dispose() => Study.Dispose();
    }

    /// <summary>What the commands read of a run.</summary>
    private sealed class Copy : IDisposable
    {
        public Copy(string run)
        {
            Directory.CreateDirectory(Path.Combine(Folder, "tables"));
            foreach (var file in (string[])["run.json", "tables/rllc.csv", "tables/clusters.csv"])
                File.Copy(Path.Combine(run, file), Path.Combine(Folder, file));
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("rllc-damaged-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
