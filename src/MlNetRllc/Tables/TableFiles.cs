using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Weights;
using Parquet;
using Parquet.Schema;

namespace MlNetRllc.Tables;

/// <summary>Writes and reads result tables.</summary>
internal static class TableFiles
{
    public static List<TableColumn> Read(IChannelProvider log, IDataView view)
    {
        using var channel = log.Start("reading a result table");
        var visible = view.Schema.Where(c => !c.IsHidden).ToList();
        var columns = visible.Select(TableColumn.For).ToList();
        using var cursor = view.GetRowCursor(visible);
        var follow = columns.Zip(visible, (column, source) => column.Follow(cursor, source)).ToList();
        while (cursor.MoveNext())
            foreach (var append in follow) append();
        channel.Trace($"{columns.Count} columns, {(columns.Count == 0 ? 0 : columns[0].Count)} rows.");
        return columns;
    }

    public static void WriteParquet(string path, List<TableColumn> columns) => WriteParquetGroups(path, [columns]);

    /// <summary>Writes tables one below the other, each a row group; lists may differ in size between them.</summary>
    /// <exception cref="ArgumentException">The tables differ in their columns.</exception>
    public static void WriteParquetGroups(string path, IEnumerable<List<TableColumn>> tables) => AtomicFile.Write(path, stream =>
    {
        // The writer seeks in its stream and ends it; the file's own stream belongs to the atomic write.
        using var buffer = new MemoryStream();
        WriteParquetAsync(buffer, tables).GetAwaiter().GetResult();
        buffer.Position = 0;
        buffer.CopyTo(stream);
    });

    public static async Task<List<TableColumn>> ReadParquetAsync(string path)
    {
        try
        {
            await using var reader = await ParquetReader.CreateAsync(path);
            var columns = new List<(TableColumn Column, DataField Leaf)>();
            foreach (var field in reader.Schema.Fields)
            {
                var leaves = reader.Schema.GetDataFields().Where(f => f.Path.FirstPart == field.Name).ToList();
                if (leaves.Count != 1) throw new InvalidDataException($"the column '{field.Name}' is nested.");
                columns.Add((TableColumn.For(field, leaves[0]), leaves[0]));
            }
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var rows = reader.OpenRowGroupReader(group);
                foreach (var (column, leaf) in columns) await column.ReadAsync(rows, leaf);
            }
            return [.. columns.Select(c => c.Column)];
        }
        catch (Exception e) when (e is InvalidDataException or ParquetException or InvalidOperationException or ArgumentException
            || e is IOException and not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new InvalidDataException($"{path} cannot be read as a result table: {e.Message}", e);
        }
    }

    public static void WriteCsv(string path, List<TableColumn> columns)
    {
        var scalars = columns.Where(c => c.IsScalar).ToList();
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(string.Join(',', scalars.Select(c => Quoted(c.Name))));
            for (var row = 0; row < (scalars.Count == 0 ? 0 : scalars[0].Count); row++)
                writer.WriteLine(string.Join(',', scalars.Select(c => Quoted(c.Format(row)))));
        });
    }

    public static List<TableColumn> ReadCsv(string path)
    {
        var records = CsvText.Records(File.ReadAllText(path), path).ToList();
        if (records.Count == 0) throw new InvalidDataException($"{path} is empty; the first line must name the columns.");
        for (var i = 1; i < records.Count; i++)
            if (records[i].Length != records[0].Length)
                throw new InvalidDataException($"{path}: row {i} has {records[i].Length} values; the first line names {records[0].Length} columns.");
        return [.. records[0].Select((name, c) => Typed(name, [.. records.Skip(1).Select(r => r[c])]))];
    }

    public static IDataView ToDataView(IHostEnvironment environment, List<TableColumn> columns)
    {
        var builder = new ArrayDataViewBuilder(environment);
        foreach (var column in columns) column.AddTo(builder);
        return builder.GetDataView();
    }

    private static async Task WriteParquetAsync(Stream stream, IEnumerable<List<TableColumn>> tables)
    {
        // Zstandard at its default level takes many times longer for a few percent.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        using var each = tables.GetEnumerator();
        if (!each.MoveNext()) throw new ArgumentException("There is no table to write.", nameof(tables));
        var schema = new ParquetSchema(each.Current.Select(c => c.Field));
        var leaves = schema.GetDataFields();
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, options);
        do
        {
            var columns = each.Current;
            if (!schema.Equals(new ParquetSchema(columns.Select(c => c.Field))))
                throw new ArgumentException($"The tables differ: {string.Join(", ", schema.Fields)} and {string.Join(", ", columns.Select(c => c.Field))}.", nameof(tables));
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < columns.Count; i++) await columns[i].WriteAsync(group, leaves[i]);
        }
        while (each.MoveNext());
    }

    private static TableColumn Typed(string name, string[] texts)
    {
        if (texts.Length > 0 && texts.All(t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            var whole = new ScalarTableColumn<int>(name);
            foreach (var text in texts) whole.Add(int.Parse(text, CultureInfo.InvariantCulture));
            return whole;
        }
        if (texts.Length > 0 && texts.All(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
        {
            var number = new ScalarTableColumn<double>(name);
            foreach (var text in texts) number.Add(double.Parse(text, CultureInfo.InvariantCulture));
            return number;
        }
        var column = new TextTableColumn(name);
        foreach (var text in texts) column.Add(text);
        return column;
    }

    private static string Quoted(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
