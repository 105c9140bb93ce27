using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class KeptStepTests
{
    [Fact]
    public void SecondRun_DoesNoStep_AndTellsTheSame()
    {
        using var study = new ReducedStudy();
        var first = study.Run();
        var report = File.GetLastWriteTimeUtc(study.At("runs", "tiny", "report.html"));
        var second = study.Run();
        Assert.Empty(ReducedStudy.Done(second));
        Assert.Equal(first.Results, second.Results);
        Assert.Equal(first.Steps.Select(s => s.Summary), second.Steps.Select(s => s.Summary));
        Assert.Equal(report, File.GetLastWriteTimeUtc(study.At("runs", "tiny", "report.html")));
    }

    [Fact]
    public void ChangedClustering_ReadsTheEarlierStepsBack_AndGivesWhatAFreshRunGives()
    {
        using var study = new ReducedStudy();
        study.Run();
        var record = study.Run(set: "clusters.clusters=3");
        Assert.Equal(["clusters", "report"], ReducedStudy.Done(record));
        study.Run("fresh", set: "clusters.clusters=3");
        Assert.Equal(study.Tables("fresh"), study.Tables());
    }

    [Theory]
    [InlineData("tables/rllc.csv", "rllc")]
    [InlineData("tables/traces.parquet", "traces")]
    [InlineData("tables/clusters.parquet", "clusters")]
    [InlineData("tokenizers/contexts/merges.txt", "contexts")]
    [InlineData("tokens/*/train.tokens", "contexts")]
    [InlineData("checkpoints/*/step-0000020.safetensors", "model")]
    [InlineData("report.html", "report")]
    public void DamagedFile_IsMadeAgain_ByItsStepAlone(string pattern, string step)
    {
        using var study = new ReducedStudy();
        study.Run();
        var tables = study.Tables();
        var path = GlobOf(study, pattern);
        var before = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. before[..^1], (byte)(before[^1] ^ 1)]);
        var record = study.Run();
        Assert.Equal([step], ReducedStudy.Done(record));
        if (step != "report") Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(tables, study.Tables());
    }

    [Fact]
    public void DeletedFile_IsMadeAgain()
    {
        using var study = new ReducedStudy();
        study.Run();
        File.Delete(study.At("runs", "tiny", "tables", "model.csv"));
        Assert.Equal(["model"], ReducedStudy.Done(study.Run()));
        Assert.StartsWith("Step,", study.Table("model.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void TouchedText_IsTheSameText_ChangedTextIsNot()
    {
        using var study = new ReducedStudy();
        study.Run();
        File.SetLastWriteTimeUtc(study.At("docs.jsonl"), DateTime.UtcNow.AddMinutes(5));
        Assert.Empty(ReducedStudy.Done(study.Run()));
        File.AppendAllText(study.At("docs.jsonl"), "{\"text\":\"one more\"}\n");
        Assert.Contains("contexts", ReducedStudy.Done(study.Run()));
    }

    [Theory]
    [InlineData("contexts")]
    [InlineData("model")]
    [InlineData("traces")]
    [InlineData("rllc")]
    public void ForcedStep_IsDoneAnew_AndGivesTheSameBytes(string step)
    {
        using var study = new ReducedStudy();
        study.Run();
        var (tables, rows) = (study.Tables(), Written(study));
        var record = study.Run(options: new() { Force = [step] });
        Assert.Equal([step], ReducedStudy.Done(record));
        Assert.Equal(tables, study.Tables());
        Assert.Equal(step == "traces", Written(study) != rows);
    }

    [Fact]
    public void Only_DoesTheChosenSteps_AndTheRestFollowsLater()
    {
        using var study = new ReducedStudy();
        var part = study.Run(options: new() { Only = ["contexts", "model"] });
        Assert.Equal(("partly done", 2), (part.State, part.Steps.Count));
        Assert.Empty(part.Problems);
        Assert.Equal(["traces", "rllc", "clusters", "report"], ReducedStudy.Done(study.Run()));
    }

    [Fact]
    public void From_DoesTheStepAndThoseBehindIt()
    {
        using var study = new ReducedStudy();
        study.Run();
        var record = study.Run(options: new() { From = "rllc" }, set: "rllc.discardFraction=0.3");
        Assert.Equal(["rllc", "clusters", "report"], ReducedStudy.Done(record));
    }

    [Fact]
    public void ChosenStep_WhoseInputIsNotDone_IsRefused_AndChangesNothing()
    {
        using var study = new ReducedStudy();
        study.Run();
        var tables = study.Tables();
        var error = Assert.Throws<PipelineException>(() => study.Run(options: new() { Only = ["rllc"] }, set: "model.steps=21"));
        const string said = "the step 'rllc' needs 'model', which is not done (TrainingOptions changed)";
        Assert.Contains(said, error.Located, StringComparison.Ordinal);
        Assert.Equal(tables, study.Tables());
    }

    [Theory]
    [InlineData("--only", "trace", "traces")]
    [InlineData("--from", "modle", "model")]
    [InlineData("--force", "cluster", "clusters")]
    public void UnknownStep_Ends2_WithTheNearestName(string option, string given, string nearest)
    {
        using var study = new ReducedStudy();
        var ended = study.Start(option, given);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains($"{option} {given}: there is no step '{given}'. Did you mean '{nearest}'?", ended.Errors, StringComparison.Ordinal);
    }

    private static string Written(ReducedStudy study)
    {
        var files = Directory.GetFiles(study.At("runs", "tiny", "rows"), "*", SearchOption.AllDirectories);
        return string.Join('\n', files.Order(StringComparer.Ordinal).Select(f => $"{f} {File.GetLastWriteTimeUtc(f):O}"));
    }

    private static string GlobOf(ReducedStudy study, string pattern)
    {
        var (folder, name) = (study.At("runs", "tiny"), Path.GetFileName(pattern));
        var within = pattern.Contains('/', StringComparison.Ordinal) ? Path.Combine(folder, pattern.Split('/')[0]) : folder;
        return Directory.GetFiles(within, name, SearchOption.AllDirectories).Single();
    }
}
