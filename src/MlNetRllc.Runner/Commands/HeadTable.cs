using System.Globalization;
using CsvHelper;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>The heads at the last checkpoint, as a table on the console.</summary>
internal static class HeadTable
{
    public static void Print(IAnsiConsole console, string rllcCsv, string clustersCsv)
    {
        if (!File.Exists(rllcCsv)) return;
        var rows = Read(rllcCsv);
        if (rows.Count == 0) return;
        var clusters = File.Exists(clustersCsv) ? Read(clustersCsv).ToDictionary(r => r["Component"], r => r["Cluster"]) : [];
        var last = rows.Max(r => int.Parse(r["Step"]));
        var datasets = rows.Select(r => r["Dataset"]).Distinct().ToList();
        var table = new Table().Border(TableBorder.Simple).AddColumn("component");
        foreach (var dataset in datasets) table.AddColumn(new TableColumn($"rLLC on {dataset}").RightAligned());
        table.AddColumn("cluster");
        foreach (var component in rows.Where(r => r["Step"] == $"{last}").GroupBy(r => r["Component"]))
        {
            var byDataset = component.ToDictionary(r => r["Dataset"]);
            table.AddRow([component.Key, .. datasets.Select(d => byDataset.TryGetValue(d, out var r) ? Cell(r) : ""), clusters.GetValueOrDefault(component.Key, "")]);
        }
        console.WriteLine($"Heads after step {last}:");
        console.Write(table);
    }

    private static string Cell(Dictionary<string, string> row) =>
        $"{Number(row["Rllc"]):F3} ± {Number(row["RllcStdErr"]):F3}" + (row["Status"] == "ok" ? "" : $" {row["Status"]}");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The rows of a table, by column.</summary>
    public static List<Dictionary<string, string>> Read(string path)
    {
        using var csv = new CsvReader(new StreamReader(path), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var header = csv.HeaderRecord!;
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read()) rows.Add(header.ToDictionary(h => h, h => csv.GetField(h)!));
        return rows;
    }
}
