using System.Text.Json.Nodes;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A run folder that another system made is done on this one.</summary>
public sealed class MovedRunTests
{
    [Theory]
    [InlineData("Linux 6.1.0-cluster", "/home/me/studies/tiny.yaml")]
    [InlineData("Microsoft Windows 10.0.26100", @"C:\Users\me\studies\tiny.yaml")]
    [InlineData("Darwin 24.6.0 Darwin Kernel Version 24.6.0", "/Users/me/studies/tiny.yaml")]
    public void RunOfAnotherSystem_IsFoundDone(string system, string file)
    {
        using var study = NewStudyOfNestedFiles();
        var first = study.Run();
        PretendMadeOn(study, system, file);
        var second = study.Run("moved");
        Assert.Empty(ReducedStudy.Done(second));
        Assert.Equal(first.Results, second.Results);
        Assert.Equal(study.Tables("runs"), study.Tables("moved"));
    }

    // On a disk that knows no attributes macOS keeps them in a file beside each, and where somebody looked the Finder leaves its own.
    [Fact]
    public void FilesThatMacOsLeaves_AreNotTheRuns()
    {
        using var study = NewStudyOfNestedFiles();
        study.Run();
        foreach (var folder in Directory.GetDirectories(study.At("runs"), "*", SearchOption.AllDirectories))
        {
            foreach (var name in Directory.GetFiles(folder).Select(Path.GetFileName))
                File.WriteAllBytes(Path.Combine(folder, $"._{name}"), [0, 5, 22, 7]);
            File.WriteAllBytes(Path.Combine(folder, ".DS_Store"), [0, 0, 0, 1]);
        }
        Assert.Empty(ReducedStudy.Done(study.Run()));
        File.Delete(study.At("runs", "tiny", "manifests", "contexts.json"));
        var record = study.Run();
        Assert.Empty(record.Damaged);
        Assert.All(Manifest.All(study.At("runs", "tiny")).SelectMany(m => m.Files!), f => Assert.DoesNotContain("/.", "/" + f.Path));
    }

    [Fact]
    public void Records_NameTheirFilesWithSlashes()
    {
        using var study = NewStudyOfNestedFiles();
        study.Run();
        var run = study.At("runs", "tiny");
        var paths = Manifest.All(run).SelectMany(m => m.Files!).Select(f => f.Path)
            .Concat(StepReferences.All(run).SelectMany(r => r.References.Paths)).ToList();
        Assert.Contains("tables/rllc.csv", paths);
        Assert.All(paths, path => Assert.DoesNotContain('\\', path));
    }

    // sub/b and sub1 swap where the separator is a backslash and paths are ordered as they stand.
    private static ReducedStudy NewStudyOfNestedFiles()
    {
        var study = new ReducedStudy(ReducedStudy.Yaml.Replace("docs: docs.jsonl", "docs: texts", StringComparison.Ordinal));
        var lines = File.ReadAllLines(study.At("docs.jsonl"));
        Directory.CreateDirectory(study.At("texts", "sub"));
        File.WriteAllLines(study.At("texts", "sub", "b.jsonl"), lines[..(lines.Length / 2)]);
        File.WriteAllLines(study.At("texts", "sub1.jsonl"), lines[(lines.Length / 2)..]);
        return study;
    }

    // What a copy changes: where the folder lies and when its files were written; and what a record says of its machine.
    private static void PretendMadeOn(ReducedStudy study, string system, string file)
    {
        Directory.Move(study.At("runs"), study.At("elsewhere"));
        var (from, to) = (study.At("elsewhere", "tiny"), study.At("moved", "tiny"));
        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
            File.SetLastWriteTimeUtc(copy, DateTime.UtcNow.AddDays(1));
        }
        Directory.Move(study.At("elsewhere"), study.At("runs"));
        var record = Path.Combine(to, "run.json");
        var said = JsonNode.Parse(SealedFile.Read(record))!;
        (said["machine"]!["system"], said["file"]) = (system, file);
        SealedFile.Write(record, System.Text.Encoding.UTF8.GetBytes(said.ToJsonString(RunRecord.Json)));
    }
}
