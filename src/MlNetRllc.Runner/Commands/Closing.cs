using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Runner.Tables;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>What a run says at its end: losses beside entropies, the heads, where the report is.</summary>
internal static class Closing
{
    public static void Print(IAnsiConsole console, RunRecord record, RunFolder folder)
    {
        foreach (var step in record.Steps)
        {
            var isOnlyOne = record.Steps.Count(s => s.Kind == step.Kind) == 1;
            if (StepKinds.FindByComponent(step.Kind)?.ClosingLine(record, step, isOnlyOne) is { } line) console.Say(line);
        }
        HeadTable.Print(
            console,
            RunTables.TablesOf(folder.Path, StepKinds.The<EstimateStep>(), record),
            RunTables.TablesOf(folder.Path, StepKinds.The<ClusterStep>(), record));
        console.Say($"{record.Steps.Where(s => !s.Kept).Sum(s => s.Seconds):F0} s{Peak(record)}.");
        if (record.Steps.Any(step => step.Kind == StepKinds.The<ReportStep>().Component)) console.Say($"Report: {folder.Report}");
    }

    private static string Peak(RunRecord record) => record.PeakMemoryGiB > 0 ? $", peak memory {record.PeakMemoryGiB:F1} GiB" : "";
}
