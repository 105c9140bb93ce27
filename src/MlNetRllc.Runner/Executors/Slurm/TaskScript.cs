namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>The batch script of a sweep's tasks.</summary>
internal static class TaskScript
{
    /// <summary>Writes the script out.</summary>
    /// <param name="command">How rllc is started, word by word.</param>
    /// <param name="sweep">The sweep's folder.</param>
    /// <remarks>
    /// Slurm warns the shell only (<c>--signal=B:USR1</c>). The shell asks rllc to stop behind the rows in
    /// hand, and queues the task again once it did. A task that is asked to end for good (TERM: cancelled,
    /// preempted) saves likewise and leaves the queueing to Slurm and to the driver.
    /// </remarks>
    public static string TextOf(IReadOnlyList<string> command, string sweep) => $$"""
        #!/bin/bash
        # Samples one share of a sweep's rows. Written by rllc; submitted as a job array.
        warned= ended= child=
        ask() { if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null; fi; }
        trap 'warned=1; ask' USR1
        trap 'ended=1; ask' TERM
        echo "$(date '+%F %T') $(hostname): task $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_JOB_ID, start ${SLURM_RESTART_COUNT:-0}"
        # As many threads as the task has cores; results do not depend on their number.
        export DOTNET_PROCESSOR_COUNT="${SLURM_CPUS_PER_TASK:-1}" OMP_NUM_THREADS="${SLURM_CPUS_PER_TASK:-1}"
        {{string.Join(' ', command.Append("rows").Append(sweep).Select(Quoted))}} --task "$SLURM_ARRAY_TASK_ID" &
        child=$!
        if [ -n "$warned$ended" ]; then ask; fi
        # A signal ends wait before the child has ended.
        while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
        if [ -n "$warned" ] && [ -z "$ended" ] && [ "$code" -ne 0 ]; then
          echo "$(date '+%F %T') warned: saved, and queued again"
          exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
        fi
        exit "$code"

        """.ReplaceLineEndings("\n");

    /// <summary>How this program is started on a node that sees the same files.</summary>
    public static IReadOnlyList<string> Command(string given)
    {
        if (given.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words) return words;
        var started = Environment.ProcessPath;
        return Path.GetFileNameWithoutExtension(started) == "dotnet" || started is null
            ? [started ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "rllc.dll")]
            : [started];
    }

    /// <summary>A word that bash takes as it is.</summary>
    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
