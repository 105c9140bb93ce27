using System.Text.Json;

namespace MlNetRllc.Core.Weights;

/// <summary>Where one tensor lies: bytes [Begin, End) of the data that follow the header.</summary>
internal sealed record SafetensorsEntry(
    string Name,
    ElementType Type,
    int[] Shape,
    int Count,
    long Begin,
    long End);

/// <summary>The header of a safetensors file, checked: its tensors cover the data exactly, without
/// overlap or gap.</summary>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const string MetadataName = "__metadata__";

    /// <summary>The format's own limit on the header's length, in bytes.</summary>
    public const long MaximumLength = 100_000_000;

    /// <summary>Bytes of data that the entries cover.</summary>
    public long DataLength => Entries.Count == 0 ? 0 : Entries[^1].End;

    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 8 });
            return Parse(document.RootElement, source);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A name that is not valid UTF-8 or UTF-16 surfaces as InvalidOperationException.
            throw new InvalidDataException($"{source}: the header is not valid JSON ({e.Message})", e);
        }
    }

    private static SafetensorsHeader Parse(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{source}: the header is {root.ValueKind}, not an object.");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        var sawMetadata = false;
        foreach (var property in root.EnumerateObject())
        {
            var name = property.Name;
            if (name == MetadataName)
            {
                if (sawMetadata)
                    throw new InvalidDataException($"{source}: {MetadataName} appears twice in the header.");
                sawMetadata = true;
                ReadMetadata(property.Value, metadata, source);
            }
            else if (!entries.TryAdd(name, ReadEntry(name, property.Value, source)))
                throw new InvalidDataException($"{source}: the tensor {name} appears twice in the header.");
        }
        var ordered = entries.Values.OrderBy(e => e.Begin).ThenBy(e => e.End).ToArray();
        var at = 0L;
        foreach (var entry in ordered)
        {
            if (entry.Begin != at)
                throw new InvalidDataException($"{source}: the tensor {entry.Name} starts at byte {entry.Begin} of the data; " +
                    (entry.Begin < at ? $"the tensor before it ends at {at}, " +
                        "so they overlap." : $"bytes {at} to {entry.Begin} belong to no tensor."));
            at = entry.End;
        }
        return new(ordered, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string source)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{source}: {MetadataName} is {value.ValueKind}, not an object.");
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw new InvalidDataException($"{source}: {MetadataName}.{property.Name} is {property.Value.ValueKind}; " +
                    "the format allows text only.");
            if (!metadata.TryAdd(property.Name, property.Value.GetString()!))
                throw new InvalidDataException($"{source}: {MetadataName}.{property.Name} appears twice.");
        }
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement value, string source)
    {
        InvalidDataException Bad(string reason) => new($"{source}: the tensor {name} {reason}");
        if (value.ValueKind != JsonValueKind.Object)
            throw Bad($"is described by {value.ValueKind}, not an object.");
        JsonElement dtype = default, shape = default, offsets = default;
        foreach (var property in value.EnumerateObject())
        {
            ref var field = ref dtype;
            if (property.NameEquals("shape")) field = ref shape;
            else if (property.NameEquals("data_offsets")) field = ref offsets;
            else if (!property.NameEquals("dtype"))
                throw Bad($"has the unknown field '{property.Name}'; the format has dtype, shape, data_offsets.");
            if (field.ValueKind != JsonValueKind.Undefined) throw Bad($"has the field {property.Name} twice.");
            field = property.Value;
        }
        if (dtype.ValueKind != JsonValueKind.String) throw Bad("has no dtype.");
        var type = TypeOf(dtype.GetString()!) ?? throw Bad($"has the unknown dtype '{dtype.GetString()}'.");
        if (shape.ValueKind != JsonValueKind.Array) throw Bad("has no shape.");
        if (offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2
            || !offsets[0].TryGetOffset(out var begin) || !offsets[1].TryGetOffset(out var end))
            throw Bad("needs data_offsets [begin, end], two whole numbers.");
        if (end < begin) throw Bad($"ends (byte {end}) before it begins (byte {begin}).");

        var sizes = new int[shape.GetArrayLength()];
        var index = 0;
        foreach (var axis in shape.EnumerateArray())
        {
            if (axis.ValueKind != JsonValueKind.Number || !axis.TryGetInt32(out var size) || size < 0)
                throw Bad($"has the axis {axis.GetRawText()} in its shape; axes are whole numbers from 0 to {int.MaxValue}.");
            sizes[index++] = size;
        }
        var count = TensorShape.Count(sizes)
            ?? throw Bad($"has shape [{string.Join(", ", sizes)}], more values than an array can hold.");
        if ((long)count * type.Size() != end - begin)
            throw Bad($"has shape [{string.Join(", ", sizes)}] in {dtype.GetString()}, which is {(long)count * type.Size()} bytes; " +
                $"its offsets span {end - begin}.");
        return new(name, type, sizes, count, begin, end);
    }

    private static ElementType? TypeOf(string dtype) => dtype switch
    {
        "F64" => ElementType.F64,
        "F32" => ElementType.F32,
        "F16" => ElementType.F16,
        "BF16" => ElementType.BF16,
        "I64" => ElementType.I64,
        "I32" => ElementType.I32,
        "I16" => ElementType.I16,
        "I8" => ElementType.I8,
        "U64" => ElementType.U64,
        "U32" => ElementType.U32,
        "U16" => ElementType.U16,
        "U8" => ElementType.U8,
        "BOOL" => ElementType.Bool,
        "F8_E4M3" or "F8_E5M2" => ElementType.F8,
        _ => null,
    };

}

internal static class TensorShape
{
    /// <summary>Number of values of a shape, or null when an array cannot hold them.</summary>
    public static int? Count(IEnumerable<int> shape)
    {
        var count = 1L;
        var empty = false;
        foreach (var axis in shape)
        {
            if (axis == 0) empty = true;
            else if ((count *= axis) > Array.MaxLength) return null;
        }
        return empty ? 0 : (int)count;
    }

    public static bool TryGetOffset(this JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value) && value >= 0;
    }
}
