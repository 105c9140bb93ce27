using System.Globalization;
using System.Text.Json;
using CsvHelper;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Runs;

/// <summary>The tables of a run, found through the steps that its record names.</summary>
internal static class RunTables
{
    private const string Csv = ".csv";

    /// <summary>The main tables that steps of a kind wrote, by step, in the order in which they ran.</summary>
    /// <param name="run">A run folder.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="ending">What their names end in: .csv, or .json of a kind that writes that.</param>
    public static IReadOnlyList<(string Step, string Path)> TablesOf(string run, StepShape kind, string ending = Csv)
    {
        // A sweep's tables hold the rows of all its combinations, whose steps are the same.
        var sweep = SweepRecord.Find(run);
        if (sweep is not null) CheckJoined(run, sweep);
        var cells = sweep?.Cells.Select(c => Path.Combine(run, c.Name));
        var ofCell = cells?.FirstOrDefault(cell => File.Exists(Path.Combine(cell, "run.json")));
        var record = Path.Combine(ofCell ?? run, "run.json");
        if (!File.Exists(record)) return [];
        return RunFiles.ReadWhole(record, () =>
        {
            using var json = JsonDocument.Parse(SealedFile.Read(record));
            var steps = json.RootElement.GetProperty("steps").EnumerateArray();
            return TablesOf(
                run, kind, steps.Select(s => (s.GetProperty("name").GetString()!, s.GetProperty("kind").GetString()!)), ending);
        });
    }

    /// <inheritdoc cref="TablesOf(string, StepShape, string)"/>
    public static IReadOnlyList<(string Step, string Path)> TablesOf(string run, StepShape kind, RunRecord record) =>
        TablesOf(run, kind, record.Steps.Select(s => (s.Name, s.Kind)), Csv);

    private static IReadOnlyList<(string Step, string Path)> TablesOf(
        string run, StepShape kind, IEnumerable<(string Name, string Kind)> steps, string ending)
    {
        var tables = steps.Where(s => s.Kind == kind.Component)
            .Select(s => (Step: s.Name, Path: Path.Combine(run, "tables", $"{s.Name}{ending}")));
        return [.. tables.Where(t => File.Exists(t.Path)).Select(t => Checked(run, t))];
    }

    /// <summary>The rows of a CSV table, by column.</summary>
    public static List<Dictionary<string, string>> RowsOf(string path)
    {
        using var csv = new CsvReader(new StreamReader(SharedFile.OpenRead(path)), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var header = csv.HeaderRecord!;
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read()) rows.Add(header.ToDictionary(h => h, h => csv.GetField(h)!));
        return rows;
    }

    // The numbers of a table that was changed since are nobody's results.
    private static (string Step, string Path) Checked(string run, (string Step, string Path) table)
    {
        if (Manifest.Find(run, table.Step) is not { IsReplaced: false, Files: { } files }) return table;
        var tables = files.Where(f => f.Path.StartsWith("tables/", StringComparison.Ordinal));
        return tables.Select(f => f.Damage(run, thorough: true)).FirstOrDefault(damage => damage is not null) is { } damage
            ? throw Changed(damage, table.Path)
            : table;
    }

    /// <summary>Sees that every joined table of a sweep is as it was written.</summary>
    /// <exception cref="PipelineException">One is not; the message names it.</exception>
    public static void CheckJoined(string sweep, SweepRecord record)
    {
        foreach (var (path, table) in record.Tables)
        {
            var full = Path.Combine(sweep, path);
            if (!File.Exists(full)) throw Changed($"{path} is missing", full);
            if (ContentHash.OfFile(full) != table.Sha256) throw Changed($"{path} was changed", full);
        }
    }

    private static PipelineException Changed(string damage, string path) => new(
        $"{damage} since the run wrote it. Run the study again: it makes what is damaged anew and keeps the rest.", path);
}
