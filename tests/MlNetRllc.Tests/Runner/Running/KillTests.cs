using System.Diagnostics;
using System.Text.Json;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class KillTests
{
    private const int Kills = 12;

    [Fact]
    public void KilledAgainAndAgain_EndsWithTheTablesOfAnUndisturbedRun()
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
            var since = Stopwatch.StartNew();
            using var process = RunnerProcess.Start(study.Folder, Arguments(study));
            // Any moment of a whole run: in the runtime's start, in tokenizing, training, sampling, scoring, writing tables.
            if (process.WaitForExit(whole * (0.1 + 0.7 * random.NextDouble())))
            {
                // Finished in spite of the kills before: as it should be, and once more from the start.
                Assert.Equal(0, process.ExitCode);
                Assert.Equal(study.Tables("undisturbed"), study.Tables());
                Directory.Delete(study.At("runs"), recursive: true);
                // The first run may have had less of a busy machine.
                if (since.Elapsed < whole) whole = since.Elapsed;
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

    [Fact, Trait("System", "Unix")]
    public void InterruptedOnce_SavesAndEnds130_ThenGoesOn()
    {
        using var study = new ReducedStudy();
        // So long a training that it cannot end by itself while the test waits.
        using var process = Signals.StartHearing(
            () => RunnerProcess.Start(study.Folder, [.. Arguments(study), "--set", "model.steps=2000000"]));
        WaitFor(study, "training-state.safetensors");
        Signals.Send(process.Id, "INT");
        var ended = RunnerProcess.End(process);
        Assert.True(ended.ExitCode == 130, $"{ended.ExitCode}\n{ended.Output}{ended.Errors}");
        Assert.Contains("run the same command again to go on", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("\"cancelled\"", File.ReadAllText(study.At("runs", "tiny", "run.json")), StringComparison.Ordinal);
    }

    [Fact, Trait("System", "Unix")]
    public void InterruptedTwice_EndsAtOnce()
    {
        // One group of rows that takes minutes: asked once, the runner would finish it.
        using var study = new ReducedStudy(
            ReducedStudy.Yaml.Replace("draws: 8, burnIn: 0,", "draws: 200000, burnIn: 0,", StringComparison.Ordinal));
        using var process = Signals.StartHearing(() => RunnerProcess.Start(study.Folder, [.. Arguments(study), "--log", "json"]));
        ReadTo(process.StandardOutput, SamplingIsUnderWay);
        Signals.Send(process.Id, "INT");
        ReadTo(process.StandardError, line => line.Contains("once more stops at once", StringComparison.Ordinal));
        Assert.False(process.HasExited);
        Signals.Send(process.Id, "INT");
        Assert.Equal(130, RunnerProcess.End(process).ExitCode);
    }

    private static bool SamplingIsUnderWay(string line)
    {
        var told = JsonDocument.Parse(line).RootElement;
        return told.GetProperty("event").GetString() == "progress" && told.GetProperty("step").GetString() == "traces"
            && told.GetProperty("now").GetString()!.Contains(", draw ", StringComparison.Ordinal);
    }

    private static string[] Arguments(ReducedStudy study) => ["run", study.PipelineFile, "--runs", study.At("runs")];

    private static void WaitFor(ReducedStudy study, string file)
    {
        var watch = Stopwatch.StartNew();
        while (!Directory.Exists(study.At("runs")) || Directory.GetFiles(study.At("runs"), file, SearchOption.AllDirectories).Length == 0)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"The runner wrote no {file} within a minute.");
            Thread.Sleep(20);
        }
    }

    private static void ReadTo(StreamReader printed, Func<string, bool> awaited)
    {
        var found = Task.Run(() =>
        {
            while (printed.ReadLine() is { } line)
                if (awaited(line)) return true;
            return false;
        });
        Assert.True(found.Wait(TimeSpan.FromMinutes(1)), "The runner did not say within a minute what is waited for.");
        Assert.True(found.Result, "The runner ended and did not say what is waited for.");
    }
}
