using System.Runtime.InteropServices;
using ParquetSharp;
using ParquetSharp.Schema;

namespace MlNetRllc.Tests.Text;

/// <summary>Writes small Parquet files of any schema, given by levels and values as the format stores them.</summary>
internal static class ParquetFiles
{
    /// <summary>A column of strings; optional unless said otherwise.</summary>
    public static PrimitiveNode Strings(string name, Repetition repetition = Repetition.Optional) =>
        new(name, repetition, LogicalType.String(), PhysicalType.ByteArray);

    /// <summary>A list of what <paramref name="item"/> is, of three levels.</summary>
    public static GroupNode List(string name, Node item) =>
        new(name, Repetition.Optional, [new GroupNode("list", Repetition.Repeated, [item])], LogicalType.List());

    /// <summary>A struct.</summary>
    public static GroupNode Struct(string name, params Node[] fields) => new(name, Repetition.Optional, fields);

    /// <summary>A column's content in a row group: levels (none where the schema has none) and the strings.</summary>
    public sealed record Stored(short[] Definitions, short[] Repetitions, params string[] Values)
    {
        /// <summary>A flat optional column.</summary>
        public static Stored Flat(params string?[] values) =>
            new([.. values.Select(value => (short)(value is null ? 0 : 1))], [], [.. values.OfType<string>()]);
    }

    /// <summary>The file's bytes; every group holds a column for each column of values.</summary>
    public static byte[] Write(Node[] fields, Stored[][] groups, Action<WriterPropertiesBuilder>? configure = null)
    {
        using var target = new MemoryStream();
        using var root = new GroupNode("schema", Repetition.Required, fields);
        using var builder = new WriterPropertiesBuilder();
        configure?.Invoke(builder);
        using var properties = builder.Build();
        using (var output = new ParquetSharp.IO.ManagedOutputStream(target, leaveOpen: true))
        using (var writer = new ParquetFileWriter(output, root, properties))
        {
            foreach (var columns in groups)
            {
                using var group = writer.AppendRowGroup();
                foreach (var column in columns) Write(group, column);
            }
            writer.Close();
        }
        return target.ToArray();
    }

    private static void Write(RowGroupWriter group, Stored column)
    {
        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        var bytes = column.Values.Select(System.Text.Encoding.UTF8.GetBytes).ToArray();
        var pins = bytes.Select(value => GCHandle.Alloc(value, GCHandleType.Pinned)).ToArray();
        var values = pins.Select((pin, i) => new ByteArray(pin.AddrOfPinnedObject(), bytes[i].Length)).ToArray();
        var count = column.Definitions.Length > 0 ? column.Definitions.Length : values.Length;
        writer.WriteBatch(count, column.Definitions, column.Repetitions, values);
        foreach (var pin in pins) pin.Free();
    }
}
