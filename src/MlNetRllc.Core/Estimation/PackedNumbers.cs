using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetRllc.Core.Estimation;

/// <summary>Many numbers of single precision as one text in JSON: little-endian, in base 64.</summary>
/// <remarks>A fifth of what they take digit by digit. What is not of single precision is rounded to it.</remarks>
public sealed class PackedNumbers : JsonConverter<IReadOnlyList<double>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % sizeof(float) != 0) throw new JsonException($"{bytes.Length} bytes are no whole numbers of single precision.");
        var numbers = new double[bytes.Length / sizeof(float)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return numbers;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Count * sizeof(float)];
        for (var i = 0; i < value.Count; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), (float)value[i]);
        writer.WriteBase64StringValue(bytes);
    }
}
