using System.Diagnostics;

namespace MlNetRllc.Tests.Runner.Running;

[Trait("System", "Unix")]
public sealed class KillTests
{
    private const int Kills = 20;

    [Fact]
    public void KilledTwentyTimes_EndsWithTheTablesOfAnUndisturbedRun()
    {
        const string scored = "  scores:\n"
            + "    score: { model: model, text: docs, traces: true, scoring: { modelContexts: 8, words: 8 } }\n"
            + "  types:\n    classify: { scores: scores }\n  clusters:\n";
        using var study = new ReducedStudy(ReducedStudy.Yaml
            .Replace("steps: 20,", "steps: 60,", StringComparison.Ordinal)
            .Replace("draws: 8, burnIn: 0,", "draws: 20, burnIn: 0,", StringComparison.Ordinal)
            .Replace("  clusters:\n", scored, StringComparison.Ordinal));
        var watch = Stopwatch.StartNew();
        var undisturbed = RunnerProcess.Run(study.Folder, ["run", study.PipelineFile, "--runs", study.At("undisturbed")]);
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Errors);
        var whole = watch.Elapsed;

        var random = new Random(20);
        for (var killed = 0; killed < Kills;)
        {
            using var process = RunnerProcess.Start(study.Folder, Arguments(study));
            // Any moment of a whole run: in the runtime's start, in tokenizing, training, sampling, scoring, writing tables.
            if (process.WaitForExit(whole * (0.1 + 0.7 * random.NextDouble())))
            {
                // Finished in spite of the kills before: as it should be, and once more from the start.
                Assert.Equal(0, process.ExitCode);
                Assert.Equal(study.Tables("undisturbed"), study.Tables());
                Directory.Delete(study.At("runs"), recursive: true);
                continue;
            }
            process.Kill();
            process.WaitForExit();
            killed++;
        }
        var last = study.Start();
        Assert.True(last.ExitCode == 0, last.Errors);
        Assert.Equal(study.Tables("undisturbed"), study.Tables());
    }

    [Fact]
    public void InterruptedOnce_SavesAndEnds130_ThenGoesOn()
    {
        using var study = new ReducedStudy();
        // So long a training that it cannot end by itself while the test waits.
        using var process = RunnerProcess.Start(study.Folder, [.. Arguments(study), "--set", "model.steps=2000000"]);
        WaitFor(study, "training-state.safetensors");
        Signal(process, "INT");
        var ended = RunnerProcess.End(process);
        Assert.True(ended.ExitCode == 130, $"{ended.ExitCode}\n{ended.Output}{ended.Errors}");
        Assert.Contains("run the same command again to go on", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("\"cancelled\"", File.ReadAllText(study.At("runs", "tiny", "run.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void InterruptedTwice_EndsAtOnce()
    {
        // One group of rows that takes minutes: asked once, the runner would finish it.
        using var study = new ReducedStudy(
            ReducedStudy.Yaml.Replace("draws: 8, burnIn: 0,", "draws: 200000, burnIn: 0,", StringComparison.Ordinal));
        using var process = RunnerProcess.Start(study.Folder, Arguments(study));
        // What the step will need is noted when its texts are tokenized and sampling begins.
        WaitFor(study, "traces-*.json");
        Thread.Sleep(500);
        Signal(process, "INT");
        Thread.Sleep(500);
        Assert.False(process.HasExited);
        Signal(process, "INT");
        Assert.Equal(130, RunnerProcess.End(process).ExitCode);
    }

    private static string[] Arguments(ReducedStudy study) => ["run", study.PipelineFile, "--runs", study.At("runs")];

    private static void Signal(Process process, string signal) => Process.Start("/bin/kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();

    private static void WaitFor(ReducedStudy study, string file)
    {
        var watch = Stopwatch.StartNew();
        while (!Directory.Exists(study.At("runs")) || Directory.GetFiles(study.At("runs"), file, SearchOption.AllDirectories).Length == 0)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"The runner wrote no {file} within a minute.");
            Thread.Sleep(20);
        }
    }
}
