using System.Numerics.Tensors;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights;

/// <summary>Reads blocks whose stated length may be a lie: memory grows with what is really
/// there.</summary>
internal static class GrowingRead
{
    private const int FirstBlock = 1 << 20;

    public static byte[] Bytes(Stream stream, int length, string source)
    {
        var bytes = new byte[Math.Min(length, FirstBlock)];
        var have = 0;
        while (true)
        {
            have += stream.ReadAtLeast(bytes.AsSpan(have), bytes.Length - have, throwOnEndOfStream: false);
            if (have < bytes.Length)
                throw new InvalidDataException(
                    $"{source}: {length} bytes were announced and {have} are there; it is cut short.");
            if (have == length) return bytes;
            Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
        }
    }

    /// <remarks>Where the bytes are known to be there (<paramref name="lengthKnown"/>), the array
    /// is allocated once.</remarks>
    public static float[] Floats(
        Stream stream,
        ElementType type,
        bool bigEndian,
        int count,
        bool lengthKnown,
        string what)
    {
        var values = lengthKnown
            ? GC.AllocateUninitializedArray<float>(count)
            : new float[Math.Min(count, FirstBlock)];
        var have = 0;
        try
        {
            while (true)
            {
                ElementTypes.Fill(stream, type, bigEndian, values.AsSpan(have));
                if ((have = values.Length) == count) return values;
                Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
            }
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException(
                $"{what} should have {count} values; the data end before that: the file is cut short.", e);
        }
    }

    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static Weight CheckedFinite(this Weight weight, string source)
    {
        // The largest magnitude is NaN or infinite exactly when some value is.
        if (weight.Values.Length == 0 || float.IsFinite(TensorPrimitives.MaxMagnitude<float>(weight.Values)))
            return weight;
        var bad = Array.FindIndex(weight.Values, v => !float.IsFinite(v));
        throw new InvalidDataException($"{source}: the tensor {weight.Name} holds {weight.Values[bad]} (as float32) at index {bad}; " +
            "weights must be finite.");
    }
}
