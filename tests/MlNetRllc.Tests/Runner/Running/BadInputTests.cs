using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class BadInputTests
{
    [Fact]
    public void MissingPipelineFile_Ends2()
    {
        using var study = new ReducedStudy();
        File.Delete(study.PipelineFile);
        Refused(study, 2, "tiny.yaml: the file does not exist");
    }

    [Fact]
    public void MissingText_Ends2_AndNamesThePlace()
    {
        using var study = new ReducedStudy();
        File.Delete(study.At("docs.jsonl"));
        Refused(study, 2, "tiny.yaml:4:19: the dataset 'docs' is 'docs.jsonl', which is neither a file");
    }

    [Fact]
    public void UnknownKey_Ends2_AndMakesNoFolder()
    {
        using var study = new ReducedStudy(ReducedStudy.Yaml.Replace("layers: 2", "layer: 2", StringComparison.Ordinal));
        Refused(study, 2, "tiny.yaml:9:34: a train step has no key 'layer'. Did you mean 'layers'?");
        Assert.False(Directory.Exists(study.At("runs")));
    }

    [Fact]
    public void BrokenText_NamesTheLine()
    {
        using var study = new ReducedStudy();
        File.AppendAllText(study.At("docs.jsonl"), "{ \"text\": ");
        Refused(study, 1, "docs.jsonl", "61");
    }

    [Fact]
    public void VocabularyLargerThanTheTextSupports_SaysHowLargeItCanBe()
    {
        using var study = new ReducedStudy();
        Refused(study, 1, ["--set", "contexts.vocabularySize=5000"], "A vocabulary of 5000 is more than the text supports");
    }

    [Fact]
    public void ContextLongerThanTheText_IsSaid()
    {
        using var study = new ReducedStudy();
        Refused(study, 1, ["--set", "contexts.contextLength=60000"], "fill no context of 60000", "choose a smaller ContextLength");
    }

    [Fact]
    public void TrainingTextSmallerThanABatch_IsSaid()
    {
        using var study = new ReducedStudy();
        Refused(study, 1, ["--set", "model.batchSize=60000"], "fewer than a batch of 60000");
    }

    [Fact]
    public void SampledTextSmallerThanABatch_IsSaidBeforeAnyRowIsSampled()
    {
        using var study = new ReducedStudy();
        Refused(study, 1, ["--set", "traces.contextsPerDataset=3"], "the dataset 'docs' has 3 contexts, fewer than a batch of 4");
        Assert.False(Directory.Exists(study.At("runs", "tiny", "rows")));
    }

    [Fact]
    public void UnreadableCheckpoint_EndsPartlyDone_NamesTheFile_KeepsTheOtherRows_AndIsTriedAgain()
    {
        using var study = new ReducedStudy();
        study.Run("whole");
        var checkpoints = study.At("runs", "tiny", "checkpoints");
        void Spoil() => File.WriteAllText(
            Directory.GetFiles(checkpoints, "step-0000004.safetensors", SearchOption.AllDirectories).Single(), "not weights");
        var record = study.Run(display: new Acting("traces", Spoil));
        Assert.Equal("partly done", record.State);
        Assert.Contains("8 of 32 rows could not be sampled", Assert.Single(record.Problems), StringComparison.Ordinal);
        Assert.Contains("step-0000004.safetensors", record.Problems[0], StringComparison.Ordinal);
        static bool Failed(string line) =>
            line.StartsWith("4,", StringComparison.Ordinal) && line.Contains(",failed,", StringComparison.Ordinal);
        Assert.Equal(8, study.Table("rllc.csv").Split('\n').Count(Failed));
        // The next run finds the weights damaged, makes them again, samples what is missing, and estimates from all of it.
        Assert.Equal("finished", study.Run().State);
        Assert.Equal(study.Tables("whole"), study.Tables());
    }

    [Fact]
    public void FolderInUse_IsRefused_AndLeftAlone()
    {
        using var study = new ReducedStudy();
        using var held = RunFolder.Open(study.At("runs", "tiny"));
        Refused(study, 1, $"is in use by another run, process {Environment.ProcessId} on {Environment.MachineName}");
        Assert.False(File.Exists(study.At("runs", "tiny", "run.json")));
    }

    [Fact, Trait("System", "Unix")]
    public void FileThatCannotBeWritten_LeavesWhatWasThere()
    {
        using var study = new ReducedStudy();
        study.Run();
        var (report, tables) = (File.ReadAllText(study.At("runs", "tiny", "report.html")), study.Tables());
        // No file may grow beyond 24 KiB: the next checkpoint cannot be written.
        var ended = RunWithSmallFiles(study, " --set model.seed=5");
        Assert.True(ended.ExitCode == 1, ended.Output + ended.Errors);
        Assert.Contains("too large", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(report, File.ReadAllText(study.At("runs", "tiny", "report.html")));
        Assert.Equal(tables, study.Tables());
        Assert.Empty(Directory.GetFiles(study.Folder, "*.part", SearchOption.AllDirectories));
    }

    private static Finished RunWithSmallFiles(ReducedStudy study, string arguments)
    {
        var run = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "rllc.dll")}' run '{study.PipelineFile}'";
        var command = $"ulimit -f 24; trap '' XFSZ; exec {run} --runs '{study.At("runs")}'{arguments}";
        var environment = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" };
        return RunnerProcess.RunShell(study.Folder, command, environment);
    }

    [Fact, Trait("System", "Unix")]
    public void TextThatDoesNotFitOnTheDisk_LeavesNoPart_AndTheNextRunIsWhole()
    {
        using var study = new ReducedStudy();
        // No file may grow beyond 24 KiB: the tokens cannot be written.
        var ended = RunWithSmallFiles(study, "");
        Assert.True(ended.ExitCode == 1, ended.Output + ended.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(study.At("runs", "tiny", "tokens")));
        Assert.Equal("finished", study.Run().State);
    }

    [Fact]
    public void LockLeftByAKilledRun_HoldsNobodyBack()
    {
        using var study = new ReducedStudy();
        Directory.CreateDirectory(study.At("runs", "tiny"));
        File.WriteAllText(study.At("runs", "tiny", ".lock"), "");
        File.WriteAllText(study.At("runs", "tiny", ".lock-holder"), "process 1 on elsewhere since long ago");
        Assert.Equal("partly done", study.Run(options: new() { Only = ["contexts"] }).State);
        Assert.False(File.Exists(study.At("runs", "tiny", ".lock-holder")));
    }

    [Fact, Trait("System", "Unix")]
    public void FullDisk_IsSaid_WithTheRemedy()
    {
        // As .NET throws it when the system says ENOSPC, here inside what ML.NET wraps around it.
        var full = new InvalidOperationException("wrapped", new IOException("No space left on device : '/runs/tiny/tables/rllc.csv'", 28));
        var (before, said) = (Console.Error, new StringWriter());
        Console.SetError(said);
        try { Assert.Equal(1, Failures.Guard(verbose: false, () => throw full)); }
        finally { Console.SetError(before); }
        const string expected = "error: No space left on device : '/runs/tiny/tables/rllc.csv' The disk is full";
        Assert.StartsWith(expected, said.ToString(), StringComparison.Ordinal);
        Assert.Contains("make room, then run the same command again", said.ToString(), StringComparison.Ordinal);
    }

    [Fact, Trait("System", "Linux")]
    public void NoNativeLibrary_IsSaid_WithTheRemedy()
    {
        using var study = new ReducedStudy();
        var program = Directory.CreateDirectory(study.At("program")).FullName;
        var here = AppContext.BaseDirectory;
        foreach (var file in Directory.GetFiles(here, "*.dll").Concat(Directory.GetFiles(here, "rllc.*.json")))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)), overwrite: true);
        var ended = RunnerProcess.RunShell(study.Folder, $"exec dotnet '{Path.Combine(program, "rllc.dll")}' run '{study.PipelineFile}'");
        Assert.True(ended.ExitCode == 1, ended.Output + ended.Errors);
        Assert.Contains("libLibTorchSharp.so was not found in", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("Restore the package", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(study.At("runs")));
    }

    private static void Refused(ReducedStudy study, int code, params string[] said) => Refused(study, code, [], said);

    private static void Refused(ReducedStudy study, int code, string[] arguments, params string[] said)
    {
        var ended = study.Start(arguments);
        Assert.True(ended.ExitCode == code, $"exit code {ended.ExitCode}\n{ended.Output}{ended.Errors}");
        Assert.All(said, part => Assert.Contains(part, ended.Errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(study.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public void TextChangedWhileTheRunGoes_EndsTheStepThatReadsIt_AndIsReadAnew()
    {
        using var study = new ReducedStudy();
        void Change() => File.AppendAllText(study.At("code.jsonl"), "{\"text\":\"one more\"}\n");
        var error = Assert.Throws<IOException>(() => study.Run(display: new Acting("traces", Change)));
        const string said = "traces: datasets (docs, code) was changed after the run began. Run again";
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(["traces", "rllc", "clusters", "report"], ReducedStudy.Done(study.Run()));
    }

    /// <summary>Does something when a step begins.</summary>
    private sealed class Acting(string step, Action act) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string name, string what)
        {
            if (name == step) act();
        }

        public void Progress(string name, double share, string now)
        {
        }

        public void End(string name, string summary, TimeSpan time)
        {
        }
    }
}
