using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Weights;

/// <summary>How a stored value is encoded.</summary>
internal enum ElementType { F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, Bool, F8 }

internal static class ElementTypes
{
    /// <summary>Bytes a value takes.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.F64 or ElementType.I64 or ElementType.U64 => 8,
        ElementType.F32 or ElementType.I32 or ElementType.U32 => 4,
        ElementType.F16 or ElementType.BF16 or ElementType.I16 or ElementType.U16 => 2,
        _ => 1,
    };

    /// <summary>Whether values become weights: the floating-point types of 16 bits and more.</summary>
    public static bool IsWeight(this ElementType type) =>
        type is ElementType.F64 or ElementType.F32 or ElementType.F16 or ElementType.BF16;

    /// <summary>Fills <paramref name="values"/> from the stream, converted to float32 (nearest
    /// even; beyond its range: infinite).</summary>
    /// <remarks>Little-endian float32 goes straight into the array; other types pass through a
    /// buffer of 64 KiB.</remarks>
    /// <exception cref="EndOfStreamException">The stream ends first.</exception>
    public static void Fill(Stream stream, ElementType type, bool bigEndian, Span<float> values)
    {
        if (type == ElementType.F32)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values));
            if (bigEndian == BitConverter.IsLittleEndian) Reverse(MemoryMarshal.Cast<float, int>(values));
            return;
        }
        var size = type.Size();
        var buffer = new byte[Math.Min(1 << 16, (long)values.Length * size)];
        while (!values.IsEmpty)
        {
            var count = Math.Min(values.Length, buffer.Length / size);
            var bytes = buffer.AsSpan(0, count * size);
            stream.ReadExactly(bytes);
            Convert(bytes, type, bigEndian, values[..count]);
            values = values[count..];
        }
    }

    private static void Convert(Span<byte> bytes, ElementType type, bool bigEndian, Span<float> values)
    {
        var swap = bigEndian == BitConverter.IsLittleEndian;
        if (type == ElementType.F64)
        {
            var longs = MemoryMarshal.Cast<byte, long>(bytes);
            if (swap) BinaryPrimitives.ReverseEndianness(longs, longs);
            TensorPrimitives.ConvertTruncating<double, float>(MemoryMarshal.Cast<byte, double>(bytes), values);
            return;
        }
        var shorts = MemoryMarshal.Cast<byte, short>(bytes);
        if (swap) BinaryPrimitives.ReverseEndianness(shorts, shorts);
        if (type == ElementType.F16)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        else
            for (var i = 0; i < shorts.Length; i++) values[i] = BitConverter.Int32BitsToSingle(shorts[i] << 16);
    }

    private static void Reverse(Span<int> values) => BinaryPrimitives.ReverseEndianness(values, values);
}
