using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A run writes, and removes, in its own folder only.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-run-").FullName;

    private string Run => Path.Combine(folder, "runs", "study");

    private string Outside => Path.Combine(folder, "outside");

    public RunFolderTests()
    {
        Directory.CreateDirectory(Path.Combine(Run, "rows"));
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, ".own.part"), "somebody's");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void HalfWrittenFilesOfAKilledRun_AreRemoved()
    {
        File.WriteAllText(Path.Combine(Run, "rows", ".a.json.x.part"), "half");
        Directory.CreateDirectory(Path.Combine(Run, ".store.part", ".nested.part"));
        RunFolder.Open(Run).Dispose();
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        Assert.Empty(Directory.GetFileSystemEntries(Run, "*.part", all));
    }

    // Windows puts a new file in the place of one that is open in two moves; a run may be killed between them.
    [Theory, InlineData("new", "new"), InlineData(null, "old")]
    public void ExchangedFile_GoesWhereTheNewOneIsThere_AndComesBackWhereItIsNot(string? there, string expected)
    {
        var (file, exchanged) = (Path.Combine(Run, "rows", "a.json"), Path.Combine(Run, "rows", ".a.json.abcdefgh.ijk.old"));
        if (there is not null) File.WriteAllText(file, there);
        File.WriteAllText(exchanged, "old");
        RunFolder.Open(Run).Dispose();
        Assert.Equal((expected, false), (File.ReadAllText(file), File.Exists(exchanged)));
    }

    [Fact]
    public void OfTwoExchangedFiles_TheLatestComesBack()
    {
        foreach (var (name, days) in new[] { ("aaaaaaaa.aaa", 0), ("bbbbbbbb.bbb", 1), ("cccccccc.ccc", 0) })
        {
            var exchanged = Path.Combine(Run, "rows", $".a.json.{name}.old");
            File.WriteAllText(exchanged, name);
            File.SetLastWriteTimeUtc(exchanged, new(2026, 1, 1 + days, 0, 0, 0, DateTimeKind.Utc));
        }
        RunFolder.Open(Run).Dispose();
        Assert.Equal("bbbbbbbb.bbb", File.ReadAllText(Path.Combine(Run, "rows", "a.json")));
        Assert.Equal(["a.json"], Directory.GetFiles(Path.Combine(Run, "rows")).Select(Path.GetFileName));
    }

    // A folder has the name meanwhile; it lies in what goes; its name only looks like one.
    [Fact]
    public void OtherLeftovers_AreNoFailure()
    {
        Directory.CreateDirectory(Path.Combine(Run, ".c.part"));
        File.WriteAllText(Path.Combine(Run, ".c.part", ".q.abcdefgh.ijk.old"), "x");
        File.WriteAllText(Path.Combine(Run, ".rows.abcdefgh.ijk.old"), "x");
        File.WriteAllText(Path.Combine(Run, ".notes.mymodels2024.old"), "mine");
        RunFolder.Open(Run).Dispose();
        Assert.Equal([".lock", ".notes.mymodels2024.old"], Directory.GetFiles(Run).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(Run, ".c.part")));
    }

    [Fact]
    public void RunThatDiffersFromAnotherInCaseOnly_IsRefused()
    {
        var error = Assert.Throws<IOException>(() => RunFolder.Open(Path.Combine(folder, "runs", "Study")));
        Assert.Contains("holds the run 'study', which differs from 'Study' in case only", error.Message, StringComparison.Ordinal);
        Assert.Equal([Run], Directory.GetDirectories(Path.Combine(folder, "runs")));
    }

    [Fact, Trait("System", "Unix")]
    public void LinkThatLeadsOut_IsRefused_AndNothingBehindItIsRemoved()
    {
        Directory.CreateSymbolicLink(Path.Combine(Run, "rows", "ab"), Outside);
        var error = Assert.Throws<IOException>(() => RunFolder.Open(Run));
        Assert.Contains($"leads to {RealPath.Resolve(Outside)}", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Outside, ".own.part")));
    }

    [Theory, Trait("System", "Unix")]
    [InlineData(".lock")]
    [InlineData("tables")]
    public void LinkInThePlaceOfWhatARunMakes_IsRefused(string name)
    {
        File.CreateSymbolicLink(Path.Combine(Run, name), Path.Combine(Outside, "new"));
        Assert.Throws<IOException>(() => RunFolder.Open(Run));
        Assert.False(Path.Exists(Path.Combine(Outside, "new")));
    }

    [Fact, Trait("System", "Unix")]
    public void LinkInsideTheRun_IsNoHindrance_AndIsNotFollowedTwice()
    {
        Directory.CreateSymbolicLink(Path.Combine(Run, "rows", "self"), Run);
        File.WriteAllText(Path.Combine(Run, ".a.part"), "half");
        RunFolder.Open(Run).Dispose();
        Assert.False(File.Exists(Path.Combine(Run, ".a.part")));
    }

    [Fact, Trait("System", "Unix")]
    public void LinkMadeWhileTheRunGoes_IsRefusedWhenItIsWrittenTo()
    {
        using var run = RunFolder.Open(Run);
        Directory.CreateSymbolicLink(Path.Combine(Run, "manifests"), Outside);
        Assert.Throws<IOException>(() => run.WriteRecord("manifests/a.json", new { A = 1 }));
        Assert.False(File.Exists(Path.Combine(Outside, "a.json")));
    }

    [Fact, Trait("System", "Unix")]
    public void RunsFolderThatIsALink_IsUsed()
    {
        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), Path.Combine(folder, "runs"));
        using var run = RunFolder.Open(Path.Combine(folder, "link", "study"));
        run.WriteRecord("run.json", new { A = 1 });
        Assert.True(File.Exists(Path.Combine(Run, "run.json")));
    }

    [Fact, Trait("System", "Unix")]
    public void CombinationThatIsALinkOutOfItsSweep_IsRefused()
    {
        Directory.CreateSymbolicLink(Path.Combine(Run, "seed-1"), Outside);
        Assert.Throws<IOException>(() => RunFolder.Open(Path.Combine(Run, "seed-1"), Run));
    }

    [Fact, Trait("System", "Unix")]
    public void CombinationThatIsALinkToAnother_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(Run, "seed-1"));
        Directory.CreateSymbolicLink(Path.Combine(Run, "seed-2"), "seed-1");
        var error = Assert.Throws<IOException>(() => RunFolder.Open(Path.Combine(Run, "seed-2"), Run));
        Assert.Contains("a folder of its own", error.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("System", "Unix")]
    public void Garbage_IsNeitherALinkNorWhatAUsedLinkLeadsTo()
    {
        Directory.CreateDirectory(Path.Combine(Run, "checkpoints", "best"));
        File.WriteAllText(Path.Combine(Run, "checkpoints", "best", "step-0000001.safetensors"), "weights");
        Directory.CreateSymbolicLink(Path.Combine(Run, "checkpoints", "abc"), "best");
        Directory.CreateSymbolicLink(Path.Combine(Run, "scores"), "checkpoints");
        Directory.CreateDirectory(Path.Combine(Run, "tokens", "old"));
        using (var run = RunFolder.Open(Run))
            new MlNetRllc.Runner.Runs.StepReferences("model", "0123456789abcdef", ["checkpoints/abc"]).Write(run);
        var garbage = GarbageCollector.Find(Run, new HashSet<string>(), StepKinds.ContentFolders);
        Assert.Equal([Path.Combine(Run, "tokens", "old")], garbage.Contents.SelectMany(c => c.Paths));
    }

    [Theory]
    [InlineData("manifests/model-copy.json", """{ "step": "model", "key": "k", "parts": {}, "summary": "", "seconds": 1, "files": [] }""")]
    [InlineData("manifests/model.json", """{ "step": "model", "key": "k", "parts": {}, "summary": "", "seconds": 1, "files": [null] }""")]
    [InlineData("references/model-0.json", """{ "step": "model", "key": "k", "paths": [null] }""")]
    public void RecordThatSomebodyTouched_IsNoRecord(string name, string content)
    {
        Directory.CreateDirectory(Path.Combine(Run, "manifests"));
        Directory.CreateDirectory(Path.Combine(Run, "references"));
        const string manifest = """{ "step": "model", "key": "k", "parts": {}, "summary": "", "seconds": 1, "files": [] }""";
        File.WriteAllText(Path.Combine(Run, "manifests", "model.json"), manifest);
        File.WriteAllText(Path.Combine(Run, name), content);
        Assert.True(GarbageCollector.Find(Run, new HashSet<string>(), StepKinds.ContentFolders).IsEmpty);
    }

    [Fact]
    public void DamagedFileThatAManifestNamesOutsideTheRun_IsNotRemoved()
    {
        var victim = Path.Combine(Outside, ".own.part");
        using var run = RunFolder.Open(Run);
        var file = new OutputFile(Path.GetRelativePath(Run, victim), 1, default, "00");
        var before = new Manifest("a", "key", new Dictionary<string, string>(), "", 0) { Files = [file] };
        StepFiles.Discard(run, StepKinds.ContentFolders, before, "key", forced: false);
        Assert.True(File.Exists(victim));
    }
}
