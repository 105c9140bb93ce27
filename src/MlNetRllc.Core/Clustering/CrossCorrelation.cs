using System.Buffers;
using System.Numerics;

namespace MlNetRllc.Core.Clustering;

/// <summary>Products of two curves at every shift. Curves are rows of numbers, channel after
/// channel; all channels are shifted alike.</summary>
internal static class CrossCorrelation
{
    /// <summary>The shift of y that brings it nearest to x; of equal ones the smallest in size,
    /// then the one to the right.</summary>
    /// <param name="x">[channel * point].</param>
    /// <param name="y">[channel * point].</param>
    /// <param name="channels">How many.</param>
    public static (int Shift, double Product) BestShift(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int channels)
    {
        if (x.IsEmpty || y.IsEmpty) return (0, 0);
        var (lengthX, lengthY) = (x.Length / channels, y.Length / channels);
        var rented = ArrayPool<double>.Shared.Rent(lengthX + lengthY - 1);
        var products = rented.AsSpan(0, lengthX + lengthY - 1);
        Fill(x, y, channels, products);
        var at = products[(lengthY - 1)..];
        (int Shift, double Product) best = (0, at[0]);
        // Equal but for rounding, which is of the size of the curves: 1e-12 for standardised ones.
        var rounding = 1e-12 * Norm(x) * Norm(y) / x.Length;
        for (var shift = 1; shift < Math.Max(lengthX, lengthY); shift++)
        {
            if (shift < lengthX && at[shift] > best.Product + rounding) best = (shift, at[shift]);
            if (shift < lengthY && products[lengthY - 1 - shift] is var left && left > best.Product + rounding) best = (-shift, left);
        }
        ArrayPool<double>.Shared.Return(rented);
        return best;
    }

    /// <summary>Sums over channels and points t of x[t] y[t - shift]; what is shifted out counts
    /// as zero.</summary>
    /// <param name="x">[channel * point].</param>
    /// <param name="y">[channel * point].</param>
    /// <param name="channels">How many.</param>
    /// <param name="products">[shift + length of y - 1], from the leftmost shift on.</param>
    public static void Fill(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int channels, Span<double> products)
    {
        var (lengthX, lengthY) = (x.Length / channels, y.Length / channels);
        // y turned round between zeros: what x[t] meets at neighbouring shifts are neighbours.
        var width = lengthY + 2 * (lengthX - 1) + Block;
        var rented = ArrayPool<double>.Shared.Rent(channels * width);
        var turned = rented.AsSpan(0, channels * width);
        turned.Clear();
        for (var c = 0; c < channels; c++)
        {
            var own = turned.Slice(c * width + lengthX - 1, lengthY);
            y.Slice(c * lengthY, lengthY).CopyTo(own);
            own.Reverse();
        }
        Span<double> block = stackalloc double[Block];
        for (var from = 0; from < products.Length; from += Block)
        {
            Sum(x, turned, channels, from, block);
            var count = Math.Min(Block, products.Length - from);
            block[..count].CopyTo(products[from..]);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>The root of the sum of squares.</summary>
    public static double Norm(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        foreach (var value in x) sum += value * value;
        return Math.Sqrt(sum);
    }

    // Four vectors of the widest kind, so that additions do not wait for each other.
    private static int Block => 4 * Vector<double>.Count;

    // Each shift's sum by itself and in the order of t, so that the width of the vectors changes nothing.
    private static void Sum(ReadOnlySpan<double> x, ReadOnlySpan<double> turned, int channels, int from, Span<double> block)
    {
        var (lengthX, width, lanes) = (x.Length / channels, turned.Length / channels, Vector<double>.Count);
        var lengthY = width - Block - 2 * (lengthX - 1);
        Vector<double> a = default, b = default, c = default, d = default;
        // The other t meet zeros at all shifts of the block.
        var (first, last) = (Math.Max(0, from - lengthY + 1), Math.Min(lengthX - 1, from + Block - 1));
        for (var channel = 0; channel < channels; channel++)
            for (var t = first; t <= last; t++)
            {
                var value = new Vector<double>(x[channel * lengthX + t]);
                var met = turned.Slice(channel * width + from + lengthX - 1 - t, Block);
                a += value * new Vector<double>(met);
                b += value * new Vector<double>(met[lanes..]);
                c += value * new Vector<double>(met[(2 * lanes)..]);
                d += value * new Vector<double>(met[(3 * lanes)..]);
            }
        a.CopyTo(block);
        b.CopyTo(block[lanes..]);
        c.CopyTo(block[(2 * lanes)..]);
        d.CopyTo(block[(3 * lanes)..]);
    }
}
