using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using Parquet;
using Parquet.Schema;

namespace MlNetRllc.Tables;

/// <summary>Writes and reads result tables.</summary>
internal static class TableFiles
{
    public static List<TableColumn> Read(IChannelProvider log, IDataView view, bool toFrame = false)
    {
        using var channel = log.Start("reading a result table");
        var visible = view.Schema.Where(c => !c.IsHidden).ToList();
        var columns = visible.ConvertAll(c => toFrame ? TableColumn.ForFrame(c) : TableColumn.For(c));
        foreach (var (column, source) in columns.Zip(visible)) column.Axes = ColumnTypes.AxesOf(source);
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
        // Away from the caller's thread, which may be the only one that its context runs anything on.
        Task.Run(() => WriteParquetAsync(buffer, tables)).GetAwaiter().GetResult();
        buffer.Position = 0;
        buffer.CopyTo(stream);
    });

    /// <summary>Reads a Parquet file, its row groups one below the other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="leftOut">Told of each column that a result table has no place for.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or uses what the reader lacks; the message names it.</exception>
    public static async Task<List<TableColumn>> ReadParquetAsync(string path, Action<string>? leftOut = null)
    {
        var columns = new List<TableColumn>();
        try
        {
            await using var reader = await ParquetReader.CreateAsync(path);
            var halves = WithoutHalves(reader);
            var axes = TableAxes.In(reader.CustomMetadata);
            var leaves = reader.Schema.GetDataFields();
            var half = leaves.Where((_, i) => halves[i]).Select(leaf => leaf.Path.FirstPart).ToHashSet(StringComparer.Ordinal);
            if (half.FirstOrDefault(name => name is not null && ColumnNames.AreRead(name)) is { } wanted)
                throw new NotSupportedException($"float16 in the column '{wanted}'");
            var read = new List<(string Name, ParquetColumnReader Column)>();
            foreach (var field in reader.Schema.Fields)
            {
                DataField[] own = field is DataField one ? [one] : [.. leaves.Where(f => f.Path.FirstPart == field.Name)];
                if (ParquetColumnReader.For(field, own) is { } column) read.Add((field.Name, column));
                else
                    leftOut?.Invoke($"the column '{field.Name}' is left out: a result table has no place for "
                        + (half.Contains(field.Name) ? "numbers of 16 bits (float16)" : Described(field, own)));
            }
            foreach (var (name, column) in read)
            {
                if (await FinishedAsync(reader, name, column, leftOut) is not { } finished) continue;
                finished.Axes = axes.GetValueOrDefault(name, []);
                // Other programs store a column of texts without a single one as numbers, or as nothing.
                columns.Add(finished.IsEmpty && ColumnNames.AreTexts(name) ? TextTableColumn.Empty(name, finished.Count) : finished);
            }
        }
        catch (Exception e) when (e is NotSupportedException or NotImplementedException)
        {
            throw new InvalidDataException(
                $"{path} cannot be read as a result table: it uses what this reader of Parquet lacks ({Lacking(e)}). "
                + "Write it with pages of version 1 and without float16: in Python, "
                + "pyarrow.parquet.write_table(table, path, data_page_version='1.0').", e);
        }
        catch (Exception e) when (e is not (FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException
            or OutOfMemoryException))
        {
            throw new InvalidDataException($"{path} cannot be read as a result table: {e.Message}", e);
        }
        return ColumnNames.Checked(columns, path);
    }

    // Which leaves are of float16. The library refuses a whole schema that has one: as bytes they can be left out.
    private static List<bool> WithoutHalves(ParquetReader reader)
    {
        var halves = new List<bool>();
        foreach (var element in reader.Metadata!.Schema)
        {
            if (element.NumChildren > 0) continue;
            halves.Add(element.LogicalType?.FLOAT16 is not null);
            if (halves[^1]) element.LogicalType = null;
        }
        return halves;
    }

    // Null, and said why, for one whose values have no place in a result table, unless components read columns of its name.
    private static async Task<TableColumn?> FinishedAsync(
        ParquetReader reader, string name, ParquetColumnReader column, Action<string>? leftOut)
    {
        try
        {
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var rows = reader.OpenRowGroupReader(group);
                await column.ReadAsync(rows);
            }
        }
        catch (Exception e) when (!ColumnNames.AreRead(name) && column.LacksAPlaceFor(e))
        {
            leftOut?.Invoke($"the column '{name}' is left out: its values cannot be read ({Lacking(e)})");
            return null;
        }
        try
        {
            if (column.Finished(name) is { } finished) return finished;
            leftOut?.Invoke($"the column '{name}' is left out: no row has a list, so that their size is not known");
        }
        catch (InvalidDataException e) when (!ColumnNames.AreRead(name))
        {
            leftOut?.Invoke($"the column '{name}' is left out: {e.Message.TrimEnd('.')}");
        }
        return null;
    }

    private static string Lacking(Exception e) => e is NotImplementedException ? "lists in pages of version 2" : e.Message.TrimEnd('.');

    /// <summary>Writes the scalar columns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="asWritten">Whether columns of texts hold what other files wrote, numbers among them: no
    /// text is then marked as one.</param>
    public static void WriteCsv(string path, List<TableColumn> columns, bool asWritten = false)
    {
        var scalars = columns.Where(c => c.IsScalar).ToList();
        // Texts that look like numbers are quoted, and their name with them: so a reader knows them from numbers.
        var marked = scalars.Select(c => !asWritten && c is TextTableColumn && !CsvTable.AreTexts(c)).ToList();
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(string.Join(',', scalars.Select((c, i) => Quoted(c.Name, ",;\t \"\r\n", marked[i]))));
            for (var row = 0; row < (scalars.Count == 0 ? 0 : scalars[0].Count); row++)
                writer.WriteLine(string.Join(',', scalars.Select((c, i) => Quoted(c.Format(row), always: marked[i]))));
        });
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
        var axes = new TableAxes();
        do
        {
            var columns = each.Current;
            axes.Add(columns);
            if (!schema.Equals(new ParquetSchema(columns.Select(c => c.Field))))
                throw new ArgumentException(
                    $"The tables differ: {string.Join(", ", schema.Fields)} "
                    + $"and {string.Join(", ", columns.Select(c => c.Field))}.", nameof(tables));
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < columns.Count; i++) await columns[i].WriteAsync(group, leaves[i]);
        }
        while (each.MoveNext());
        if (axes.ToMetadata() is { Count: > 0 } metadata) writer.CustomMetadata = metadata;
    }

    private static string Described(Field field, DataField[] leaves) => field switch
    {
        { Name: "" } => "a column without a name",
        StructField => $"structs ({string.Join(", ", leaves.Select(l => l.Name))})",
        MapField => "maps",
        ListField { Item: not DataField } => "lists of lists or structs",
        ListField => $"lists of {Described(leaves[0])}",
        DataField one => Described(one),
        _ => $"{field.SchemaType}",
    };

    private static string Described(DataField leaf) => leaf is TimeDataField ? "times of day" : leaf.ClrType.Name switch
    {
        "ReadOnlyMemory`1" when leaf.ClrType == typeof(ReadOnlyMemory<byte>) => "bytes",
        "String" or "ReadOnlyMemory`1" => "texts",
        var name => name,
    };

    // A reader finds the separator in the names: there, what could be taken for one is quoted too.
    private static string Quoted(string value, string special = ",\"\r\n", bool always = false) =>
        always || value.AsSpan().IndexOfAny(special) >= 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
