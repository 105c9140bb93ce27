using CsCheck;
using MlNetRllc.Core.Kernels.Vectors;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Tests.Core.Randomness;

public sealed class NamedRandomTests
{
    private static readonly Gen<NamedRandom> Streams = Gen.Int[0, 1 << 20].Select(name => NamedRandom.Stream("stream", name));

    /// <summary>The known answers of the Random123 distribution (kat_vectors, philox4x32 10).</summary>
    [Theory]
    [InlineData(0ul, 0ul, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x299f31d0a4093822ul, 0x85a308d3243f6a88ul, 0x0370734413198a2eul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void KnownCounter_GivesTheKnownWords(
        ulong key,
        ulong low,
        ulong high,
        uint w0,
        uint w1,
        uint w2,
        uint w3) =>
        Assert.Equal(new(w0, w1, w2, w3), Philox.Block(key, low, high));

    [Fact]
    public void CountersAtOnce_AreTheSingleOnes() =>
        Gen.Select(Gen.ULong, Gen.ULong[0, 1ul << 40], Gen.ULong).ForAll((key, low, high) =>
        {
            if (V512.IsSupported) AssertBlocks<W512, V512>(key, low, high);
            if (V256.IsSupported) AssertBlocks<WordPair<W256, V256>, VectorPair<V256>>(key, low, high);
            AssertBlocks<WordPair<WordPair<W128, V128>, VectorPair<V128>>, VectorPair<VectorPair<V128>>>(key, low, high);
        }, cases: 200);

    private static unsafe void AssertBlocks<TWords, TVector>(ulong key, ulong low, ulong high)
        where TWords : struct, IWords<TWords, TVector>
        where TVector : struct, IVector<TVector>
    {
        Philox.Blocks<TWords, TVector>(key, low, high, out var w0, out var w1, out var w2, out var w3);
        uint* first = stackalloc uint[16], second = stackalloc uint[16];
        TWords.Narrow(w0, w1).Store((float*)first);
        TWords.Narrow(w2, w3).Store((float*)second);
        for (var i = 0; i < 8; i++)
            Assert.Equal(Philox.Block(key, low + (ulong)i, high), new(first[i], first[8 + i], second[i], second[8 + i]));
    }

    [Fact]
    public unsafe void Normals_HaveTheSameBitsAtEveryWidth()
    {
        foreach (var length in (int[])[1, 15, 32, 33, 1000])
        {
            float[] expected = new float[length], found = new float[length];
            NormalNoise<WordPair<WordPair<W128, V128>, VectorPair<V128>>, VectorPair<VectorPair<V128>>>.Fill(expected, 42, 7);
            if (V512.IsSupported) NormalNoise<W512, V512>.Fill(found, 42, 7);
            else expected.CopyTo(found, 0);
            Assert.Equal(Bits(expected), Bits(found));
            if (V256.IsSupported) NormalNoise<WordPair<W256, V256>, VectorPair<V256>>.Fill(found, 42, 7);
            Assert.Equal(Bits(expected), Bits(found));
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    [Fact]
    public void Normals_HaveTheMomentsOfTheStandardNormal()
    {
        const int count = 1_000_000;
        var values = new float[count];
        NamedRandom.Stream("moments").Normals(values, 7);
        double Moment(int power) => values.Average(v => Math.Pow(v, power));
        // Standard errors of the moments 1 to 6: sqrt of (1, 2, 15, 96, 945, 10170) / n; five of each.
        double[] expected = [0, 1, 0, 3, 0, 15], variance = [1, 2, 15, 96, 945, 10170];
        for (var power = 1; power <= 6; power++)
            Assert.Equal(expected[power - 1], Moment(power), 5 * Math.Sqrt(variance[power - 1] / count));
        Assert.Equal(
            0.0026998,
            values.Count(v => Math.Abs(v) > 3) / (double)count,
            5 * Math.Sqrt(0.0027 / count));
    }

    [Fact]
    public void NeighboursInAStream_AreUncorrelated()
    {
        const int count = 1 << 18;
        var values = new float[count];
        NamedRandom.Stream("neighbours").Normals(values, 0);
        // 16 apart are the cosine and the sine of one angle, 1 apart two lanes of one vector.
        foreach (var lag in (int[])[1, 2, 15, 16, 17, 32, 64])
            Assert.Equal(
                0,
                Enumerable.Range(0, count - lag).Average(i => values[i] * (double)values[i + lag]),
                5 / Math.Sqrt(count));
    }

    [Theory]
    [InlineData("another name")]
    [InlineData("another index")]
    public void AnotherNameOrIndex_IsAnotherStream(string what)
    {
        const int count = 1 << 18;
        float[] first = new float[count], second = new float[count];
        NamedRandom.Stream(1, "l0h1", 0, "noise").Normals(first, 3);
        if (what == "another name") NamedRandom.Stream(1, "l0h1", 1, "noise").Normals(second, 3);
        else NamedRandom.Stream(1, "l0h1", 0, "noise").Normals(second, 4);
        Assert.Equal(0, first.Zip(second, (a, b) => a * (double)b).Average(), 5 / Math.Sqrt(count));
        Assert.Equal(
            0,
            first.Zip(second, (a, b) => (a * (double)a - 1) * (b * (double)b - 1)).Average(),
            10 / Math.Sqrt(count));
    }

    [Fact]
    public void NamesThatRunTogetherAlike_AreDifferentStreams() =>
        Assert.NotEqual(
            NamedRandom.Stream("ab", "c").Uniform(0, 0), NamedRandom.Stream("a", "bc").Uniform(0, 0));

    [Fact]
    public void ShorterFill_IsThePrefixOfALongerOne() =>
        Gen.Select(Streams, Gen.Int[0, 200], Gen.Int[0, 200], Gen.ULong).ForAll((stream, length, more, index) =>
        {
            float[] shorter = new float[length], longer = new float[length + more];
            stream.Normals(shorter, index);
            stream.Normals(longer, index);
            Assert.Equal(longer[..length], shorter);
        }, cases: 300);

    [Fact]
    public void DoubleFill_IsTheSingleFill() => Gen.Select(Streams, Gen.Int[0, 100], Gen.ULong).ForAll(
        (stream, length, index) =>
    {
        var (single, wide) = (new float[length], new double[length]);
        stream.Normals(single, index);
        stream.Normals(wide, index);
        Assert.Equal(single.Select(v => (double)v), wide);
    }, cases: 50);

    [Fact]
    public void Uniform_LiesStrictlyBetweenZeroAndOne_AndIsUniform()
    {
        var stream = NamedRandom.Stream("uniform");
        double[] values = [.. Enumerable.Range(0, 200_000).Select(i => stream.Uniform(1, (ulong)i)).Order()];
        Assert.True(values[0] > 0 && values[^1] < 1);
        // Kolmogorov-Smirnov: 1.95 / sqrt(n) is exceeded once in a thousand streams.
        Assert.True(values.Select((v, i) => Math.Abs(v - (i + 0.5) / values.Length)).Max() < 1.95 / Math.Sqrt(values.Length));
    }

    [Fact]
    public void Integer_StaysBelowItsBound() => Gen.Select(Streams, Gen.Int[1, int.MaxValue], Gen.ULong, Gen.ULong)
        .ForAll(
            (stream, bound, index, draw) => stream.Integer(bound, index, draw) is var value && value >= 0 && value < bound,
            cases: 1000);

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void BoundThatIsNotPositive_IsRefused(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NamedRandom.Stream("x").Integer(bound, 0, 0));
}
