using MlNetRllc.Runner.Planning;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>The steps of a plan, as a table on the console; on a narrow one the words stand below each step.</summary>
internal static class PlanTable
{
    private const int LeastWidth = 100;

    public static void Print(IAnsiConsole console, IReadOnlyList<PlannedStep> steps)
    {
        var isWide = console.Profile.Width >= LeastWidth;
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns([.. isWide ? (string[])["step", "state", "what"] : ["step", "state"], "time", "memory", "disk"]);
        foreach (var step in steps)
        {
            var state = isWide && step.Why.Length > 0 ? $"{step.State}: {step.Why}" : step.State;
            string[] cells = [step.Name, state, .. isWide ? [step.Size] : (string[])[], .. CostOf(step)];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }
        console.Write(table);
        if (isWide) return;
        foreach (var step in steps)
        {
            var words = string.Join("; ", ((string[])[step.Why, step.Size]).Where(w => w.Length > 0));
            if (words.Length > 0) console.Say($"{step.Name}: {words}");
        }
        console.Say("");
    }

    private static string[] CostOf(PlannedStep step) => step.State is "cached" or "shared"
        ? ["", "", ""]
        : [Amounts.Time(step.Seconds), Amounts.Bytes(step.MemoryBytes), Amounts.Bytes(step.DiskBytes)];
}
