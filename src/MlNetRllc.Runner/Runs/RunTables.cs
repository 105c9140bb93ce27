using System.Text.Json;

namespace MlNetRllc.Runner.Runs;

/// <summary>The tables of a run, found through the steps that its record names.</summary>
internal static class RunTables
{
    /// <summary>The main CSV tables that steps of a component wrote, by step, in the order in which they ran.</summary>
    /// <param name="run">A run folder.</param>
    /// <param name="component">Such as <c>EstimateRllc</c>.</param>
    public static IReadOnlyList<(string Step, string Path)> TablesOf(string run, string component)
    {
        // A sweep's tables hold the rows of all its combinations, whose steps are the same.
        var record = Path.Combine(SweepRecord.Find(run)?.Cells.Select(c => Path.Combine(run, c.Name)).FirstOrDefault(cell => File.Exists(Path.Combine(cell, "run.json"))) ?? run, "run.json");
        if (!File.Exists(record)) return [];
        return RunFiles.ReadWhole(record, () =>
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(record));
            return TablesOf(run, component, json.RootElement.GetProperty("steps").EnumerateArray().Select(s => (s.GetProperty("name").GetString()!, s.GetProperty("kind").GetString()!)));
        });
    }

    /// <inheritdoc cref="TablesOf(string, string)"/>
    public static IReadOnlyList<(string Step, string Path)> TablesOf(string run, string component, RunRecord record) => TablesOf(run, component, record.Steps.Select(s => (s.Name, s.Kind)));

    private static IReadOnlyList<(string Step, string Path)> TablesOf(string run, string component, IEnumerable<(string Name, string Kind)> steps) =>
        [.. steps.Where(s => s.Kind == component).Select(s => (s.Name, Path.Combine(run, "tables", $"{s.Name}.csv"))).Where(t => File.Exists(t.Item2))];
}
