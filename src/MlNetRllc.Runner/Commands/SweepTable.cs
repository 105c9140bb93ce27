using System.Text.Json;
using MlNetRllc.Runner.Running;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>The combinations of a sweep, as a table on the console.</summary>
internal static class SweepTable
{
    /// <summary>The record of a sweep's folder; null when it is none, or cannot be read.</summary>
    public static SweepRecord? Find(string folder)
    {
        var path = Path.Combine(folder, SweepRunner.RecordFile);
        try
        {
            var record = File.Exists(path) ? JsonSerializer.Deserialize<SweepRecord>(File.ReadAllBytes(path), RunRecord.Json) : null;
            return record is { Name: not null, Axes: not null, Cells: not null }
                && record.Cells.All(c => c is { Name: not null, State: not null, Values: not null, Problems: not null } && record.Axes.All(c.Values.ContainsKey)) ? record : null;
        }
        catch (JsonException) { return null; }
    }

    public static void Print(IAnsiConsole console, SweepRecord record, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns([.. record.Axes]).AddColumns("state", "folder");
        foreach (var cell in record.Cells) table.AddRow([.. record.Axes.Select(a => cell.Values[a]).Append(cell.State).Append(cell.Name).Select(Markup.Escape)]);
        console.WriteLine($"{record.Name}: {record.Cells.Count} combinations of {string.Join(", ", record.Axes)}");
        console.Write(table);
        console.WriteLine($"Tables of all: {Path.Combine(folder, "tables")}");
    }
}
