using System.Diagnostics;
using System.Runtime.CompilerServices;
using MlNetRllc.Core.Kernels.Vectors;

namespace MlNetRllc.Core.Kernels;

/// <summary>What one core reaches, in floating-point operations a second: the best of some short
/// windows, since others may be at work.</summary>
internal static unsafe class KernelRate
{
    // A strip of logits as the engine forms them, small enough for the second-level cache.
    private const int Rows = 8, Columns = 480, Inner = 64;

    /// <summary>Sums that do not wait for each other, and how often each is added to.</summary>
    private const int Sums = 12, Length = 1000;

    /// <summary>Of products of matrices that lie in the cache.</summary>
    public static double OfProducts(KernelSet set, int windows)
    {
        using var arena = new NativeArena();
        var product = new Product
        {
            Inner = Inner,
            A = arena.Floats(Rows * Inner), RowStrideA = Inner, InnerStrideA = 1,
            B = arena.Floats(Inner * Columns), StrideB = Columns,
            C = arena.Floats(Rows * Columns), StrideC = Columns,
        };
        return 2.0 * Rows * Columns * Inner / Seconds(windows, repeats: 8, () => set.Multiply(Rows, Columns, product));
    }

    /// <summary>Of fused multiply-adds in registers, which no product can pass.</summary>
    public static double Peak(KernelSet set, int windows) =>
        2.0 * Sums * Length * set.Width / (8 * sizeof(float)) / Seconds(windows, repeats: 4, () => set.MultiplyAdds(Length));

    /// <summary>Seconds of an action, the least of several windows.</summary>
    public static double Seconds(int windows, int repeats, Action action)
    {
        action();
        var least = double.PositiveInfinity;
        for (var window = 0; window < windows; window++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < repeats; i++) action();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds / repeats);
        }
        return least;
    }

    /// <summary>Fused multiply-adds on twelve sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float MultiplyAdds<T>(int length) where T : struct, IVector<T>
    {
        T x = T.Create(0.5f), y = T.Create(0.25f);
        T a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (var n = 0; n < length; n++)
        {
            a = T.MultiplyAdd(a, x, y); b = T.MultiplyAdd(b, x, y); c = T.MultiplyAdd(c, x, y);
            d = T.MultiplyAdd(d, x, y); e = T.MultiplyAdd(e, x, y); f = T.MultiplyAdd(f, x, y);
            g = T.MultiplyAdd(g, x, y); h = T.MultiplyAdd(h, x, y); i = T.MultiplyAdd(i, x, y);
            j = T.MultiplyAdd(j, x, y); k = T.MultiplyAdd(k, x, y); l = T.MultiplyAdd(l, x, y);
        }
        return (a + b + c + d + (e + f + g + h) + (i + j + k + l)).Sum();
    }
}
