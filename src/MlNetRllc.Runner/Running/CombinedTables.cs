using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Tables;

namespace MlNetRllc.Runner.Running;

/// <summary>The tables of all combinations as one: their rows, with the value of each axis in front.</summary>
internal static class CombinedTables
{
    /// <summary>Writes <c>tables/</c> of a sweep from the finished steps of its combinations;
    /// what is there already, of the same rows, stays.</summary>
    /// <param name="matrix">The combinations.</param>
    /// <param name="runs">Folder of the run folders.</param>
    /// <param name="folder">The sweep's.</param>
    /// <param name="before">What an earlier run joined.</param>
    /// <param name="beginning">Told what stays, before any other table is touched:
    /// what is half joined when the run is killed must not pass for damaged.</param>
    /// <param name="damaged">Told of each table that was changed since it was written; it is put aside.</param>
    /// <returns>What is joined now.</returns>
    public static IReadOnlyDictionary<string, JoinedTable> Write(
        StudyMatrix matrix, string runs, RunFolder folder, IReadOnlyDictionary<string, JoinedTable> before,
        Action<IReadOnlyDictionary<string, JoinedTable>> beginning, Action<string> damaged)
    {
        var tables = TablesOf(matrix, runs).OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => new Joint(t.Key, folder.At(t.Key.Split('/')), [.. t], KeyOf(matrix.Axes, t))).ToList();
        foreach (var (path, table) in before) PutAsideIfDamaged(folder, path, table, damaged);
        var joined = new Dictionary<string, JoinedTable>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            if (before.GetValueOrDefault(table.Path) is { } kept && kept.Key == table.Key && File.Exists(table.Target))
                joined[table.Path] = kept;
        }
        if (tables.Any(t => !joined.ContainsKey(t.Path))) beginning(new Dictionary<string, JoinedTable>(joined));
        foreach (var table in tables.Where(t => !joined.ContainsKey(t.Path)))
        {
            Join(matrix.Axes, table.Parts, table.Target);
            joined[table.Path] = new(table.Key, ContentHash.OfFile(table.Target));
        }
        return tables.ToDictionary(t => t.Path, t => joined[t.Path], StringComparer.Ordinal);
    }

    /// <summary>The files of each table, of combinations in the matrix's order, whatever the steps are called.</summary>
    private static IEnumerable<IGrouping<string, Part>> TablesOf(StudyMatrix matrix, string runs) =>
        from cell in matrix.Cells
        let own = matrix.FolderOf(runs, cell)
        from manifest in Manifest.All(own)
        where !manifest.IsReplaced && cell.Pipeline.Steps.Any(s => s.Name == manifest.Step)
        from file in manifest.Files ?? []
        where file.Path.StartsWith("tables/", StringComparison.Ordinal) && Path.GetExtension(file.Path) is ".csv" or ".parquet"
        group new Part(cell, file.In(own), file.Sha256) by file.Path;

    private static void PutAsideIfDamaged(RunFolder folder, string path, JoinedTable table, Action<string> damaged)
    {
        var target = folder.At(path.Split('/'));
        if (!File.Exists(target) || ContentHash.OfFile(target) == table.Sha256) return;
        damaged(DamagedFile.Sentence(target, "it was changed since it was written", StepFiles.PutAside(folder, target)));
    }

    private static void Join(IReadOnlyList<string> axes, IReadOnlyList<Part> parts, string target)
    {
        if (Path.GetExtension(target) == ".csv") WriteCsv(target, axes, [.. parts.Select(p => (p.Cell, RecordsOf(p.Path)))]);
        else WriteParquet(target, axes, [.. parts.Select(p => (p.Cell, ColumnsOf(p.Path)))]);
    }

    /// <summary>What the rows of a joined table follow from: the files that they come from, each with its combination's values.</summary>
    private static string KeyOf(IReadOnlyList<string> axes, IEnumerable<Part> parts)
    {
        var sources = parts.Select(p => $"{p.Sha256} {JsonSerializer.Serialize(axes.Select(axis => p.Cell.Values[axis]))}");
        return ContentHash.OfText(string.Join('\n', sources.Prepend(JsonSerializer.Serialize(axes))));
    }

    private static List<string[]> RecordsOf(string path) => CsvRecords.Records(SharedFile.ReadAllText(path), path).ToList();

    private static List<TableColumn> ColumnsOf(string path) => TableFiles.ReadParquetAsync(path).GetAwaiter().GetResult();

    /// <summary>A table of all combinations: its path in the sweep's folder and in full, its parts, and what its
    /// rows follow from.</summary>
    private sealed record Joint(string Path, string Target, IReadOnlyList<Part> Parts, string Key);

    /// <summary>One combination's file of a table.</summary>
    private sealed record Part(MatrixCell Cell, string Path, string Sha256);

    // Text by text, so that every number keeps its digits; a column that only some combinations have is empty in the others.
    private static void WriteCsv(string path, IReadOnlyList<string> axes, IReadOnlyList<(MatrixCell Cell, List<string[]> Records)> parts)
    {
        var header = parts.SelectMany(p => p.Records[0]).Distinct(StringComparer.Ordinal).ToList();
        var columns = axes.Concat(header).Select(name => new TextTableColumn(name)).ToList();
        foreach (var (cell, records) in parts)
        {
            var places = header.Select(name => Array.IndexOf(records[0], name)).ToList();
            foreach (var record in records.Skip(1))
            {
                for (var a = 0; a < axes.Count; a++) columns[a].Add(cell.Values[axes[a]]);
                for (var c = 0; c < header.Count; c++) columns[axes.Count + c].Add(places[c] < 0 ? "" : record[places[c]]);
            }
        }
        TableFiles.WriteCsv(path, [.. columns], asWritten: true);
    }

    // A column that some combinations lack, or have in another type, is in the CSV file only.
    private static void WriteParquet(
        string path, IReadOnlyList<string> axes, IReadOnlyList<(MatrixCell Cell, List<TableColumn> Columns)> parts)
    {
        bool IsInAll(TableColumn column) => parts.All(part => part.Columns.Any(c => c.Field.Equals(column.Field)));
        TableFiles.WriteParquetGroups(path, parts.Select(p => With(axes, p.Cell, [.. p.Columns.Where(IsInAll)])));
    }

    private static List<TableColumn> With(IReadOnlyList<string> axes, MatrixCell cell, List<TableColumn> columns)
    {
        var rows = columns.Count == 0 ? 0 : columns[0].Count;
        return [.. axes.Select(axis =>
        {
            var column = new TextTableColumn(axis);
            for (var row = 0; row < rows; row++) column.Add(cell.Values[axis]);
            return column;
        }), .. columns];
    }
}
