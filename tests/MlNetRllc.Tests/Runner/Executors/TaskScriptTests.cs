using System.Diagnostics;
using MlNetRllc.Runner.Executors.Slurm;

namespace MlNetRllc.Tests.Runner.Executors;

/// <summary>The batch script, run by bash with stand-ins for rllc and scontrol.</summary>
[Trait("System", "Unix")]
public sealed class TaskScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc it's $HOME-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Task_EndsAsRllcDoes(int code)
    {
        using var process = Start($"echo \"$@\" > args; exit {code}");
        var ended = RunnerProcess.End(process);
        Assert.Equal(code, ended.ExitCode);
        Assert.Equal($"rows {folder}/sweep --task 3\n", File.ReadAllText(At("args")));
        Assert.False(File.Exists(At("requeued")));
    }

    [Fact]
    public void Warned_WaitsForRllcToSave_ThenQueuesAgain()
    {
        using var process = Start("trap 'sleep 0.2; echo saved > saved; exit 130' TERM; touch ready; while :; do sleep 0.05; done");
        Signal(process, "USR1");
        Assert.Equal(0, RunnerProcess.End(process).ExitCode);
        Assert.True(File.Exists(At("saved")));
        Assert.Equal("requeue 8_3\n", File.ReadAllText(At("requeued")));
    }

    [Fact]
    public void WarnedAtTheVeryEnd_IsNotQueuedAgain()
    {
        using var process = Start("trap 'exit 0' TERM; touch ready; while :; do sleep 0.05; done");
        Signal(process, "USR1");
        Assert.Equal(0, RunnerProcess.End(process).ExitCode);
        Assert.False(File.Exists(At("requeued")));
    }

    [Fact]
    public void AskedToEnd_Saves_AndLeavesTheQueueing()
    {
        using var process = Start("trap 'echo saved > saved; exit 130' TERM; touch ready; while :; do sleep 0.05; done");
        Signal(process, "TERM");
        Assert.Equal(130, RunnerProcess.End(process).ExitCode);
        Assert.True(File.Exists(At("saved")));
        Assert.False(File.Exists(At("requeued")));
    }

    private string At(string name) => Path.Combine(folder, name);

    private Process Start(string rllc)
    {
        foreach (var (name, body) in ((string, string)[])[("rllc", rllc), ("scontrol", "echo \"$@\" > requeued")])
        {
            File.WriteAllText(At(name), $"#!/bin/bash\ncd \"$(dirname \"$0\")\"\n{body}\n");
        }
        RunnerProcess.RunShell(folder, "chmod +x rllc scontrol");
        File.WriteAllText(At("task.sh"), TaskScript.TextOf([At("rllc")], At("sweep")));
        var start = new ProcessStartInfo("bash", [At("task.sh")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["SLURM_ARRAY_JOB_ID"] = "8", ["SLURM_ARRAY_TASK_ID"] = "3",
                ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        };
        return Process.Start(start)!;
    }

    private void Signal(Process process, string signal)
    {
        for (var watch = Stopwatch.StartNew(); !File.Exists(At("ready")); Thread.Sleep(10))
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "The script did not start.");
        Signals.Send(process.Id, signal);
    }
}
