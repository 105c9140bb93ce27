using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>Slurm through its commands: sbatch, squeue, sacct, scancel.</summary>
internal sealed class SlurmCommands : ISlurm
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public void Check(SlurmOptions options) =>
        Run("sbatch", ["--test-only", .. Resources(options), "--wrap=true"]);

    public long Submit(SlurmArray array)
    {
        var output = Run("sbatch", Arguments(array));
        return SlurmTask.ParseSubmitted(output) ?? throw new SlurmException($"sbatch gave no job number but '{output.Trim()}'.");
    }

    public IReadOnlyList<SlurmTask> Tasks(string name) =>
        SlurmTask.ParseQueue(Run("squeue",
        [
            "--me", $"--name={name}", "--array", "--noheader", "--states=all", $"--format={SlurmTask.QueueFormat}",
        ]));

    public SlurmTask? Accounted(long job, int index)
    {
        try
        {
            var output = Run("sacct",
            [
                $"--jobs={job}_{index}", "--allocations", "--noheader", "--parsable2",
                $"--format={SlurmTask.AccountingFormat}",
            ]);
            return SlurmTask.ParseAccounting(output).LastOrDefault(t => t.Index == index);
        }
        catch (SlurmException)
        {
            return null; // Many clusters keep no accounts; they are only asked for an explanation.
        }
    }

    public void Cancel(IReadOnlyCollection<long> jobs, bool waitingOnly)
    {
        if (jobs.Count == 0) return;
        string[] only = waitingOnly ? ["--state=PENDING"] : [];
        Run("scancel", ["--quiet", .. only, .. jobs.Select(j => j.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>What sbatch is called with.</summary>
    public static IReadOnlyList<string> Arguments(SlurmArray array)
    {
        var throttle = array.Options.Throttle > 0 ? $"%{array.Options.Throttle}" : "";
        // In a file name pattern a percent sign stands for something; doubled it stands for itself.
        var logs = array.Logs.Replace("%", "%%", StringComparison.Ordinal);
        return
        [
            "--parsable", $"--job-name={array.Name}", $"--array={ArrayIndices.Compact(array.Indices)}{throttle}",
            .. Resources(array.Options),
            $"--signal=B:USR1@{array.Options.WarningSeconds}", "--requeue", "--open-mode=append",
            $"--output={logs}/%a.log", array.Script,
        ];
    }

    private static List<string> Resources(SlurmOptions options)
    {
        var resources = new List<string> { "--nodes=1", "--ntasks=1", $"--cpus-per-task={options.Cpus}", $"--time={options.TimeMinutes}" };
        if (options.MemoryMebibytes > 0) resources.Add($"--mem={options.MemoryMebibytes}M");
        if (options.Partition.Length > 0) resources.Add($"--partition={options.Partition}");
        if (options.Account.Length > 0) resources.Add($"--account={options.Account}");
        resources.AddRange(options.Further.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return resources;
    }

    private static string Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                throw new SlurmException($"{program} did not answer within {Patience.TotalMinutes:F0} minutes.");
            }
            if (process.ExitCode != 0)
                throw new SlurmException(
                    $"{program} ended with {process.ExitCode}: "
                    + $"{OneLine(errors.GetAwaiter().GetResult() + output.GetAwaiter().GetResult())}").About(ErrorPage.Slurm);
            return output.GetAwaiter().GetResult();
        }
        catch (Win32Exception e)
        {
            throw new SlurmException(
                $"the command {program} cannot be started ({e.Message}): "
                + "Slurm's commands must be on the PATH of the machine that runs rllc.", e).About(ErrorPage.Slurm);
        }
    }

    private static string OneLine(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
