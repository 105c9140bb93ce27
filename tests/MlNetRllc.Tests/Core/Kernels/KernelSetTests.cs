using CsCheck;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Core.Kernels;

/// <summary>Each pass over a row has the bits of the kernels that run everywhere, whatever width is used.</summary>
public sealed unsafe class KernelSetTests
{
    private const int Most = 16 * 40;

    private delegate double Pass(KernelSet kernels, Rows rows, int length);

    private static readonly Dictionary<string, Pass> Passes = new()
    {
        ["exponentials"] = (k, r, n) => Both(k.Exponentials(r.X, r.Y, 1.3f, 0.7f, n)),
        ["exponential sum"] = (k, r, n) => k.ExponentialSum(r.X, r.Y, 1.3f, 0.7f, n),
        ["largest"] = (k, r, n) => k.Largest(r.X, r.Y, -0.6f, n),
        ["softmax"] = (k, r, n) => Done(() => k.Softmax(r.X, n - 5, n, 0.3f)),
        ["softmax backward"] = (k, r, n) => Done(() => k.SoftmaxBackward(r.X, r.Y, n, 0.3f)),
        ["moments"] = (k, r, n) => Both(k.Moments(r.X, n - 7, n, 1e-5f)),
        ["normalize"] = (k, r, n) => Done(() => k.Normalize(r.X, 0.2f, 1.7f, r.Y, r.Z, r.Z, n)),
        ["normalize backward"] = (k, r, n) => Done(() => k.NormalizeBackward(r.X, 0.2f, 1.7f, r.Y, r.Z, r.X, r.Y, r.Z, n - 3, n)),
        ["probabilities"] = (k, r, n) => k.Probabilities(r.X, r.Y, 1.1f, 3f, n),
        ["add centred"] = (k, r, n) => Done(() => k.AddCentred(r.X, 0.4f, -1.2f, r.Y, n - 2, n)),
        ["dot"] = (k, r, n) => k.Dot(r.X, r.Y, n),
        ["add scaled"] = (k, r, n) => Done(() => k.AddScaled(r.X, 0.37f, r.Y, n)),
        ["subtract"] = (k, r, n) => Done(() => k.Subtract(r.X, r.Y, r.Z, n)),
        ["gelu"] = (k, r, n) => Done(() => k.Gelu(r.X, r.Y, n)),
        ["gelu backward"] = (k, r, n) => Done(() => k.GeluBackward(r.X, r.Y, n)),
        ["blend"] = (k, r, n) => Done(() => k.Blend(r.X, 0.9f, r.Y, -0.1f, n)),
    };

    public static TheoryData<string, string> Cases =>
        [.. from set in KernelSets.Supported from pass in Passes.Keys select (set.Data, pass)];

    [Theory, MemberData(nameof(Cases))]
    public void Pass_HasTheSameBitsAtEveryWidth(string kernels, string pass) =>
        Gen.Select(Gen.Int[1, 40], Gen.UInt, Gen.Float[0.01f, 40f]).ForAll((vectors, seed, size) =>
        {
            using Rows expected = new(seed, size), found = new(seed, size);
            var value = Passes[pass](KernelSets.Everywhere, expected, 16 * vectors);
            Assert.Equal(Bits(value), Bits(Passes[pass](KernelSets.The(kernels), found, 16 * vectors)));
            Assert.Equal(expected.Bits, found.Bits);
        }, cases: 60);

    [Fact]
    public void EveryPass_IsTried() => Assert.Equal(
        typeof(KernelSet).GetMethods().Count(m => m.IsAbstract && !m.IsSpecialName) - 2, // products and their peak
        Passes.Count);

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private static double Both((double, double) pair) => pair.Item1 + 3 * pair.Item2;

    private static double Both((float, float) pair) => pair.Item1 + 3 * (double)pair.Item2;

    private static double Done(Action action)
    {
        action();
        return 0;
    }

    /// <summary>Three rows of random numbers.</summary>
    private sealed class Rows : IDisposable
    {
        private readonly NativeArena arena = new();

        public Rows(uint seed, float size)
        {
            X = arena.Floats(Most);
            Y = arena.Floats(Most);
            Z = arena.Floats(Most);
            foreach (var row in (nint[])[(nint)X, (nint)Y, (nint)Z])
                for (var i = 0; i < Most; i++)
                {
                    seed = seed * 1664525 + 1013904223;
                    ((float*)row)[i] = size * ((seed >> 8) / 8388608f - 1);
                }
        }

        public float* X { get; }

        public float* Y { get; }

        public float* Z { get; }

        public int[] Bits => [.. new ReadOnlySpan<int>(X, Most), .. new ReadOnlySpan<int>(Y, Most), .. new ReadOnlySpan<int>(Z, Most)];

        public void Dispose() => arena.Dispose();
    }
}
