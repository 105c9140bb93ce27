using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Tables;

namespace MlNetRllc.Runner.Running;

/// <summary>The tables of all combinations as one: their rows, with the value of each axis in front.</summary>
internal static class CombinedTables
{
    /// <summary>Writes <c>tables/</c> of a sweep from the finished steps of its combinations.</summary>
    public static void Write(StudyMatrix matrix, string runs, RunFolder folder)
    {
        var tables = from cell in matrix.Cells
                     let own = matrix.FolderOf(runs, cell)
                     from manifest in Manifest.All(own)
                     where cell.Pipeline.Steps.Any(s => s.Name == manifest.Step)
                     from file in manifest.Files ?? []
                     where file.Path.StartsWith("tables/", StringComparison.Ordinal) && Path.GetExtension(file.Path) is ".csv" or ".parquet"
                     group (cell, Path: file.In(own)) by file.Path;
        foreach (var table in tables.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            // Combinations in the matrix's order, whatever the steps are called.
            var parts = table.OrderBy(p => matrix.Cells.ToList().IndexOf(p.cell)).ToList();
            var target = folder.At(table.Key.Split('/'));
            if (Path.GetExtension(table.Key) == ".csv") WriteCsv(target, matrix.Axes, [.. parts.Select(p => (p.cell, CsvRecords.Records(File.ReadAllText(p.Path), p.Path).ToList()))]);
            else WriteParquet(target, matrix.Axes, [.. parts.Select(p => (p.cell, TableFiles.ReadParquetAsync(p.Path).GetAwaiter().GetResult()))]);
        }
    }

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
    private static void WriteParquet(string path, IReadOnlyList<string> axes, IReadOnlyList<(MatrixCell Cell, List<TableColumn> Columns)> parts) =>
        TableFiles.WriteParquetGroups(path, parts.Select(p => With(axes, p.Cell, [.. p.Columns.Where(c => parts.All(other => other.Columns.Any(o => o.Field.Equals(c.Field))))])));

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
