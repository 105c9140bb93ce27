using System.Globalization;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Runner.Tables;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>The heads at the last checkpoint, as a table on the console.</summary>
internal static class HeadTable
{
    /// <param name="console">Where to.</param>
    /// <param name="estimates">Tables of estimate steps: the first is shown.</param>
    /// <param name="clusterings">Tables of cluster steps: the first is shown.</param>
    public static void Print(
        IAnsiConsole console,
        IReadOnlyList<(string Step, string Path)> estimates,
        IReadOnlyList<(string Step, string Path)> clusterings)
    {
        if (estimates.Count == 0) return;
        var clusters = clusterings.Count > 0 ? RunFiles.ReadWhole(clusterings[0].Path,
            () => RunTables.RowsOf(clusterings[0].Path)
                .Where(r => r["Scope"] == ClusterStep.All)
                .ToDictionary(r => r[RllcColumns.Component], r => r[RllcColumns.Cluster])) : [];
        var found = RunFiles.ReadWhole(estimates[0].Path, () => TableOf(RunTables.RowsOf(estimates[0].Path), clusters));
        if (found is not var (last, table)) return;
        console.Say($"Heads after step {last}{(estimates.Count > 1 ? $" ({estimates[0].Step})" : "")}:");
        console.Write(table);
    }

    private static (int Last, Table Table)? TableOf(List<Dictionary<string, string>> rows, Dictionary<string, string> clusters)
    {
        if (rows.Count == 0) return null;
        var last = rows.Max(r => int.Parse(r[RllcColumns.Step], CultureInfo.InvariantCulture));
        var datasets = rows.Select(r => r[RllcColumns.Dataset]).Distinct().ToList();
        var table = new Table().Border(TableBorder.Simple).AddColumn("component");
        foreach (var dataset in datasets) table.AddColumn(new TableColumn($"rLLC on {Markup.Escape(dataset)}").RightAligned());
        table.AddColumn("cluster");
        foreach (var component in rows.Where(r => int.Parse(r[RllcColumns.Step],
            CultureInfo.InvariantCulture) == last).GroupBy(r => r[RllcColumns.Component]))
        {
            var byDataset = component.ToDictionary(r => r[RllcColumns.Dataset]);
            var estimatesOf = datasets.Select(d => byDataset.TryGetValue(d, out var r) ? Cell(r) : "");
            var cluster = clusters.GetValueOrDefault(component.Key, "");
            table.AddRow([.. estimatesOf.Prepend(component.Key).Append(cluster).Select(Markup.Escape)]);
        }
        return (last, table);
    }

    private static string Cell(Dictionary<string, string> row) =>
        $"{Number(row[RllcColumns.Rllc]):F3} ± {Number(row[RllcColumns.RllcStdErr]):F3}"
        + (row[RllcColumns.Status] == "ok" ? "" : $" {row[RllcColumns.Status]}");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
