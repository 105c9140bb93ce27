using MlNetRllc.Runner.Executors.Slurm;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Tests.Runner.Executors;

public sealed class SlurmCommandsTests
{
    [Fact]
    public void Arguments_SayWhatTheOptionsAsk()
    {
        var options = new SlurmOptions
        {
            Partition = "long", Account = "lab", Cpus = 8, MemoryMebibytes = 2000, TimeMinutes = 90,
            WarningSeconds = 300, Throttle = 16, Further = "--qos=high  --constraint=avx512",
        };
        Assert.Equal(
            [
                "--parsable", "--job-name=rllc-1", "--array=0-2,5%16", "--nodes=1", "--ntasks=1", "--cpus-per-task=8",
                "--time=90", "--mem=2000M", "--partition=long", "--account=lab", "--qos=high", "--constraint=avx512",
                "--signal=B:USR1@300", "--requeue", "--open-mode=append", "--output=/run 100%%/logs/%a.log", "/s/task.sh",
            ],
            SlurmCommands.Arguments(new("rllc-1", [0, 1, 2, 5], "/s/task.sh", "/run 100%/logs", options)));
    }

    [Fact]
    public void DefaultsOfTheCluster_AreLeftToIt()
    {
        var arguments = SlurmCommands.Arguments(new("rllc-1", [3], "/s/task.sh", "/logs", new() { MemoryMebibytes = 0 }));
        Assert.Contains("--array=3", arguments);
        foreach (var unset in (string[])["--mem", "--partition", "--account"])
            Assert.DoesNotContain(arguments, a => a.StartsWith(unset, StringComparison.Ordinal));
    }
}
