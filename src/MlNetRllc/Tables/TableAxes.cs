using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MlNetRllc.Tables;

/// <summary>The axes of a table's vectors, which a Parquet file says in its metadata under <see cref="Key"/>: a list
/// of a row is row-major over them.</summary>
/// <remarks>JSON, by column: <c>{"Losses": {"chain": 4, "draw": 200}, "BaselineLosses": {"draw": 200}}</c>.</remarks>
internal sealed class TableAxes
{
    public const string Key = "axes";

    private readonly Dictionary<string, IReadOnlyList<(string Name, int Size)>> axes = new(StringComparer.Ordinal);

    /// <summary>Adds the columns of a row group. Vectors that differ between groups have no one shape.</summary>
    public void Add(IEnumerable<TableColumn> columns)
    {
        foreach (var column in columns)
            if (!axes.TryAdd(column.Name, column.Axes) && !axes[column.Name].SequenceEqual(column.Axes)) axes[column.Name] = [];
    }

    /// <summary>What is written into the file; empty where no column names its axes.</summary>
    public Dictionary<string, string> ToMetadata()
    {
        var named = axes.Where(column => column.Value.Count > 0).ToList();
        if (named.Count == 0) return [];
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var (column, own) in named)
            {
                json.WriteStartObject(column);
                foreach (var (name, size) in own) json.WriteNumber(name, size);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return new() { [Key] = Encoding.UTF8.GetString(text.ToArray()) };
    }

    /// <summary>The axes that a file's metadata says, by column; of another program's nothing is taken.</summary>
    public static Dictionary<string, IReadOnlyList<(string Name, int Size)>> In(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(Key, out var text)) return [];
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.EnumerateObject().ToDictionary(column => column.Name,
                IReadOnlyList<(string, int)> (column) =>
                    [.. column.Value.EnumerateObject().Select(axis => (axis.Name, axis.Value.GetInt32()))], StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return [];
        }
    }
}
