using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Runs;

/// <summary>The tables of a run, found through the steps that its record names.</summary>
internal static class RunTables
{
    /// <summary>The main CSV tables that steps of a kind wrote, by step, in the order in which they ran.</summary>
    /// <param name="run">A run folder.</param>
    /// <param name="kind">The kind.</param>
    public static IReadOnlyList<(string Step, string Path)> TablesOf(string run, StepShape kind)
    {
        // A sweep's tables hold the rows of all its combinations, whose steps are the same.
        var cells = SweepRecord.Find(run)?.Cells.Select(c => Path.Combine(run, c.Name));
        var ofCell = cells?.FirstOrDefault(cell => File.Exists(Path.Combine(cell, "run.json")));
        var record = Path.Combine(ofCell ?? run, "run.json");
        if (!File.Exists(record)) return [];
        return RunFiles.ReadWhole(record, () =>
        {
            using var json = JsonDocument.Parse(SealedFile.Read(record));
            var steps = json.RootElement.GetProperty("steps").EnumerateArray();
            return TablesOf(run, kind, steps.Select(s => (s.GetProperty("name").GetString()!, s.GetProperty("kind").GetString()!)));
        });
    }

    /// <inheritdoc cref="TablesOf(string, StepShape)"/>
    public static IReadOnlyList<(string Step, string Path)> TablesOf(string run, StepShape kind, RunRecord record) =>
        TablesOf(run, kind, record.Steps.Select(s => (s.Name, s.Kind)));

    private static IReadOnlyList<(string Step, string Path)> TablesOf(
        string run, StepShape kind, IEnumerable<(string Name, string Kind)> steps)
    {
        var tables = steps.Where(s => s.Kind == kind.Component)
            .Select(s => (Step: s.Name, Path: Path.Combine(run, "tables", $"{s.Name}.csv")));
        return [.. tables.Where(t => File.Exists(t.Path)).Select(t => Checked(run, t))];
    }

    // The numbers of a table that was changed since are nobody's results.
    private static (string Step, string Path) Checked(string run, (string Step, string Path) table)
    {
        var written = Manifest.Find(run, table.Step)?.Files?.FirstOrDefault(f => f.In(run) == Path.GetFullPath(table.Path));
        return written?.Damage(run, thorough: true) is { } damage
            ? throw new PipelineException(
                $"{damage} since the run wrote it. Run the study again: it makes what is damaged anew and keeps the rest.",
                table.Path)
            : table;
    }
}
