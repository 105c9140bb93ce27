using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>The combinations of a sweep, as a table on the console.</summary>
internal static class SweepTable
{
    public static void Print(IAnsiConsole console, SweepRecord record, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns([.. record.Axes]).AddColumns("state", "folder");
        foreach (var cell in record.Cells)
        {
            var columns = record.Axes.Select(a => cell.Values[a]).Append(cell.State).Append(cell.Name);
            table.AddRow([.. columns.Select(Markup.Escape)]);
        }
        console.Say($"{record.Name}: {record.Cells.Count} combinations of {string.Join(", ", record.Axes)}");
        console.Write(table);
        if (record.Tables.Count > 0) console.Say($"Tables of all: {Path.Combine(folder, "tables")}");
    }
}
