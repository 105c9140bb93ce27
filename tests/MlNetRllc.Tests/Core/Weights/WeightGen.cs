using CsCheck;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Tests.Core.Weights;

/// <summary>Random weight sets, and how to compare two.</summary>
internal static class WeightGen
{
    private static readonly Gen<string> Name = Gen.OneOf<string>(
        Gen.OneOf<string>("embed.W_E", "blocks.0.attn.W_Q", "", "a\"b\\", "été", "\U0001F600", "a b", "dtype"),
        Gen.String[Gen.Char.AlphaNumeric, 1, 12]);

    private static readonly Gen<Weight> OneWeight =
        from name in Name
        from shape in Gen.Int[0, 5].Array[0, 4]
        from values in Gen.Float.Where(float.IsFinite).Array[shape.Aggregate(1, (n, d) => n * d)]
        select new Weight(name, shape, values);

    public static readonly Gen<(WeightSet Weights, Dictionary<string, string> Metadata)> Sets =
        from weights in OneWeight.Array[0, 6]
        from metadata in Gen.Dictionary(Name, Name)[0, 3]
        select (new WeightSet(weights.DistinctBy(w => w.Name)), metadata);

    public static WeightSet Example { get; } = new(
    [
        new("embed.W_E", [3, 2], [1, 2, 3, 4, 5, -0f]),
        new("scalar", [], [float.Epsilon]),
        new("empty", [0, 4], []),
        new("unembed.b_U", [3], [float.MaxValue, -1e-30f, 0.1f]),
    ]);

    public static void AssertSame(WeightSet expected, WeightSet actual)
    {
        Assert.Equal(expected.Select(w => w.Name), actual.Select(w => w.Name));
        foreach (var weight in expected)
        {
            Assert.Equal(weight.Shape, actual[weight.Name].Shape);
            IEnumerable<int> Bits(Weight of) => of.Values.Select(BitConverter.SingleToInt32Bits);
            Assert.Equal(Bits(weight), Bits(actual[weight.Name]));
        }
    }
}

/// <summary>A stream that only goes forward and gives few bytes at a time, like one inside a zip.</summary>
internal sealed class ForwardStream(byte[] bytes) : Stream
{
    private int at;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        count = Math.Min(Math.Min(count, 7), bytes.Length - at);
        bytes.AsSpan(at, count).CopyTo(buffer.AsSpan(offset));
        at += count;
        return count;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
