using System.Diagnostics;
using MlNetRllc.Tests.Sampling;

namespace MlNetRllc.Tests.Runner.Executors;

/// <summary>Studies on a real Slurm of two nodes; see <see cref="SlurmCluster"/>.</summary>
[Trait("System", "Linux")]
public sealed class RealSlurmTests(RealSlurmTests.LocalRun local) : IClassFixture<RealSlurmTests.LocalRun>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Study_HasTheTablesOfALocalRun_AfterAWarning_AndADeadNode()
    {
        SkipWithoutSlurm();
        using var cluster = new SlurmCluster();
        using var driver = Start(cluster, "slurm");

        // Four tasks of four parts each, two a node. One is warned when its first part is stored; those of the other node are lost with it.
        var warned = WaitForPart(cluster, driver, "n1");
        cluster.Run($"scancel --signal=USR1 --batch {warned.Job}_{warned.Task}");
        var lost = WaitForPart(cluster, driver, "n2");
        cluster.Kill("n2");
        WaitUntil(driver, () => warned.Log().Contains("warned: saved, and queued again", StringComparison.Ordinal), "queued itself again");
        WaitUntil(driver, () =>
        {
            cluster.StartNow();
            return driver.HasExited;
        }, "ended");

        var ended = RunnerProcess.End(driver);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        Assert.Equal(local.Tables, local.Study!.Tables("slurm"));
        Assert.Contains(": task ", warned.Log().Split("warned: saved, and queued again")[1], StringComparison.Ordinal);
        Assert.Contains("n1: task", lost.Log(), StringComparison.Ordinal);
        Assert.Equal("", Queue(cluster));
    }

    [Fact]
    public void CtrlC_CancelsTheArray_AndTheSameCommandGoesOn()
    {
        SkipWithoutSlurm();
        using var cluster = new SlurmCluster();
        // One task at a time, so that others wait in the queue when the signal comes.
        using (var driver = Start(cluster, "cancelled", "--set", "slurm.throttle=1"))
        {
            WaitUntil(driver, () => Queue(cluster).Contains("RUNNING", StringComparison.Ordinal) && Stamps().Count > 1, "stored a part");
            SlurmCluster.Signal(driver, "INT");
            var ended = RunnerProcess.End(driver);
            Assert.True(ended.ExitCode == 130, ended.Output + ended.Errors);
            WaitUntil(null, () => Queue(cluster).Length == 0, "left the queue");
        }
        var kept = Stamps();
        Assert.InRange(kept.Count, 2, 31);

        // Killed this time: the array goes on, and the next driver takes it over.
        using (var driver = Start(cluster, "cancelled"))
        {
            WaitUntil(driver, () => Queue(cluster).Contains("RUNNING", StringComparison.Ordinal), "started");
            SlurmCluster.Signal(driver, "KILL");
            RunnerProcess.End(driver);
        }
        var jobs = cluster.Run("squeue -h -t all -o %F | sort -u");
        using (var driver = Start(cluster, "cancelled"))
        {
            var ended = RunnerProcess.End(driver);
            Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        }
        Assert.Equal(jobs, cluster.Run("squeue -h -t all -o %F | sort -u"));
        Assert.Equal(local.Tables, local.Study!.Tables("cancelled"));
        Assert.All(kept, row => Assert.Equal(row.Value, File.GetLastWriteTimeUtc(row.Key)));

        Dictionary<string, DateTime> Stamps() => local.Study!.At("cancelled", "tiny", "rows") is var rows && !Directory.Exists(rows) ? []
            : RowFiles.In(rows).ToDictionary(f => f, File.GetLastWriteTimeUtc);
    }

    [Fact]
    public void Matrix_HasTheTablesOfALocalRun()
    {
        SkipWithoutSlurm();
        string[] matrix = ["--set", "matrix={seed: [1, 2]}", "--set", "traces.draws=20"];
        var study = local.Study!;
        var here = RunnerProcess.Run(study.Folder, ["run", study.PipelineFile, "--runs", study.At("local-matrix"), .. matrix]);
        Assert.True(here.ExitCode == 0, here.Errors);
        using var cluster = new SlurmCluster();
        using var driver = Start(cluster, "slurm-matrix", matrix);
        var there = RunnerProcess.End(driver);
        Assert.True(there.ExitCode == 0, there.Output + there.Errors);
        Assert.Equal(study.Tables("local-matrix"), study.Tables("slurm-matrix"));
    }

    [Fact]
    public void WhatSlurmRefuses_AndTasksThatFail_AreSaid()
    {
        SkipWithoutSlurm();
        using var cluster = new SlurmCluster();
        using (var driver = Start(cluster, "refused", "--set", "slurm.partition=nope"))
        {
            var ended = RunnerProcess.End(driver);
            Assert.True(ended.ExitCode == 2, ended.Output + ended.Errors);
            Assert.Contains("nvalid partition", ended.Errors, StringComparison.Ordinal);
        }
        using (var driver = Start(cluster, "refused", "--set", "slurm.command=/nowhere/rllc", "--set", "slurm.retries=1"))
        {
            var ended = RunnerProcess.End(driver);
            Assert.True(ended.ExitCode == 3, ended.Output + ended.Errors);
            Assert.Contains("4 of 4 tasks failed", ended.Errors, StringComparison.Ordinal);
            Assert.Contains("the last time FAILED on n", ended.Errors, StringComparison.Ordinal);
            Assert.Contains("/nowhere/rllc: No such file or directory", ended.Errors, StringComparison.Ordinal);
        }
    }

    private static void SkipWithoutSlurm() => Assert.SkipWhen(SlurmCluster.Missing is not null, SlurmCluster.Missing ?? "");

    private Process Start(SlurmCluster cluster, string runs, params string[] arguments)
    {
        var (study, program) = (local.Study!, Path.Combine(AppContext.BaseDirectory, "rllc.dll"));
        return cluster.Start(study.Folder,
        [
            "env", "--default-signal=INT", "dotnet", program, "run", study.PipelineFile, "--runs", study.At(runs),
            "--executor", "slurm", .. arguments,
        ]);
    }

    private static string Queue(SlurmCluster cluster) => cluster.Run("squeue -h -r -o '%F|%K|%T|%N'").Trim();

    /// <summary>A task that runs on a node and has stored a part, with more to do.</summary>
    private RunningTask WaitForPart(SlurmCluster cluster, Process driver, string node)
    {
        RunningTask? found = null;
        WaitUntil(driver, () =>
        {
            var tasks = Queue(cluster).Split('\n').Select(line => line.Split('|'));
            foreach (var fields in tasks.Where(f => f is [_, _, "RUNNING", var on] && on == node))
            {
                var logs = Directory.GetFiles(local.Study!.Folder, $"{fields[1]}.log", SearchOption.AllDirectories);
                var log = logs.OrderBy(File.GetLastWriteTimeUtc).LastOrDefault();
                if (log is null) continue;
                var task = new RunningTask(fields[0], fields[1], log);
                if (task.Log().Split(" on ").Length - 1 is >= 1 and < 4) found = task;
            }
            return found is not null;
        }, $"stored a part on {node}");
        return found!;
    }

    private static void WaitUntil(Process? driver, Func<bool> reached, string what)
    {
        for (var watch = Stopwatch.StartNew(); !reached(); Thread.Sleep(50))
        {
            if (driver?.HasExited == true && !reached())
            {
                var said = driver.StandardOutput.ReadToEnd() + driver.StandardError.ReadToEnd();
                Assert.Fail($"The driver ended before a task {what}: {said}");
            }
            Assert.True(watch.Elapsed < Patience, $"No task {what} within {Patience.TotalMinutes} minutes.");
        }
    }

    private sealed record RunningTask(string Job, string Task, string Path)
    {
        public string Log() => File.ReadAllText(Path);
    }

    /// <summary>The study and its tables as this process computes them; nothing where Slurm cannot run.</summary>
    public sealed class LocalRun : IDisposable
    {
        // Sixteen parts, each of some tenths of a second.
        private static readonly string Yaml = ReducedStudy.Yaml
            .Replace("draws: 8, burnIn: 0,", "draws: 400, burnIn: 0,", StringComparison.Ordinal)
            + "\nslurm: { cpus: 1, memoryMebibytes: 0, timeMinutes: 30, pollSeconds: 0.3, mostTasks: 4, componentsPerPart: 2 }\n";

        public LocalRun()
        {
            if (SlurmCluster.Missing is not null) return;
            Study = new(Yaml);
            Study.Run("local");
            Tables = Study.Tables("local");
        }

        internal ReducedStudy? Study { get; }

        internal SortedDictionary<string, string> Tables { get; } = [];

        public void Dispose() => Study?.Dispose();
    }
}
