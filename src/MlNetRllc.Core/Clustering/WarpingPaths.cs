using System.Buffers;
using System.Numerics;

namespace MlNetRllc.Core.Clustering;

/// <summary>Least costs of warping, and the paths that have them. Curves are rows of numbers,
/// channel after channel.</summary>
internal static class WarpingPaths
{
    /// <inheritdoc cref="DynamicTimeWarping.Distance(IReadOnlyList{double[]}, IReadOnlyList{double[]}, WarpingBand)"/>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int channels, WarpingBand band)
    {
        if (x.IsEmpty || y.IsEmpty) return double.PositiveInfinity;
        var (lengthX, lengthY) = (x.Length / channels, y.Length / channels);
        var radius = band.RadiusOf(lengthX, lengthY);
        // Of each row of the table two at a time, with a column of infinity in front.
        var above = new double[lengthY + 1];
        var row = new double[lengthY + 1];
        above.AsSpan(1).Fill(double.PositiveInfinity);
        for (var i = 0; i < lengthX; i++)
        {
            row.AsSpan().Fill(double.PositiveInfinity);
            FillRow(x, y, channels, i, radius, above, row);
            (above, row) = (row, above);
        }
        return Math.Sqrt(above[^1]);
    }

    /// <inheritdoc cref="DynamicTimeWarping.Path(IReadOnlyList{double[]}, IReadOnlyList{double[]}, WarpingBand)"/>
    public static List<(int X, int Y)> Path(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int channels, WarpingBand band)
    {
        if (x.IsEmpty || y.IsEmpty) return [];
        var (lengthX, lengthY) = (x.Length / channels, y.Length / channels);
        var radius = band.RadiusOf(lengthX, lengthY);
        // One row and column of infinity in front.
        var width = lengthY + 1;
        // Rented, as a fresh table for each path would fill the large-object heap.
        var rented = ArrayPool<double>.Shared.Rent((lengthX + 1) * width);
        var cost = rented.AsSpan(0, (lengthX + 1) * width);
        cost.Fill(double.PositiveInfinity);
        cost[0] = 0;
        for (var i = 0; i < lengthX; i++)
            FillRow(x, y, channels, i, radius, cost.Slice(i * width, width), cost.Slice((i + 1) * width, width));
        var path = Back(cost, lengthX, lengthY);
        ArrayPool<double>.Shared.Return(rented);
        return path;
    }

    /// <summary>A DBA barycentre; the one of least cost of those that the rounds pass.</summary>
    /// <param name="members">[member][channel * point].</param>
    /// <param name="start">[channel * point].</param>
    /// <param name="channels">How many.</param>
    /// <param name="band">How far apart matched points may be.</param>
    /// <param name="rounds">Most rounds.</param>
    /// <param name="weights">[member]; equal when null.</param>
    public static double[] Barycentre(
        IReadOnlyList<double[]> members,
        double[] start,
        int channels,
        WarpingBand band,
        int rounds,
        IReadOnlyList<double>? weights = null)
    {
        var best = start;
        var bestCost = double.PositiveInfinity;
        var current = start;
        for (var round = 0; ; round++)
        {
            var (cost, means) = Round(members, current, channels, band, weights);
            if (!(cost < bestCost * (1 - 1e-9))) return best;
            (best, bestCost) = (current, cost);
            if (round == rounds || cost == 0) return best;
            current = means;
        }
    }

    /// <summary>What the members cost at a centre, and what they are there on the mean.</summary>
    private static (double Cost, double[] Means) Round(
        IReadOnlyList<double[]> members, double[] centre, int channels, WarpingBand band, IReadOnlyList<double>? weights)
    {
        var length = centre.Length / channels;
        var (sums, counts, cost) = (new double[centre.Length], new double[length], 0.0);
        var paths = new List<(int X, int Y)>[members.Count];
        Work.Each(paths.Length, (double)centre.Length * length, m => paths[m] = Path(centre, members[m], channels, band));
        // In the order of the members, whichever path was found first.
        for (var m = 0; m < paths.Length; m++)
        {
            var (member, weight) = (members[m], weights?[m] ?? 1);
            var memberLength = member.Length / channels;
            foreach (var (i, j) in paths[m])
            {
                for (var c = 0; c < channels; c++)
                {
                    var (here, there) = (centre[c * length + i], member[c * memberLength + j]);
                    sums[c * length + i] += weight * there;
                    cost += weight * ((here - there) * (here - there));
                }
                counts[i] += weight;
            }
        }
        return (cost, [.. sums.Select((sum, i) => sum / counts[i % length])]);
    }

    /// <summary>A row of least costs from the one above it; both have a column in front.</summary>
    private static void FillRow(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, int channels, int i, int radius, ReadOnlySpan<double> above, Span<double> row)
    {
        var (lengthX, lengthY) = (x.Length / channels, y.Length / channels);
        var (from, to) = (Math.Max(0, i - radius), Math.Min(lengthY - 1, i + radius));
        if (from > to) return;
        var costs = row.Slice(from + 1, to - from + 1);
        costs.Clear();
        for (var c = 0; c < channels; c++) AddSquares(x[c * lengthX + i], y.Slice(c * lengthY + from, costs.Length), costs);
        ReadOnlySpan<double> up = above.Slice(from + 1, costs.Length), diagonal = above.Slice(from, costs.Length);
        var left = double.PositiveInfinity;
        for (var j = 0; j < costs.Length; j++)
            costs[j] = left = double.MinNative(double.MinNative(up[j], diagonal[j]), left) + costs[j];
    }

    // Each sum by itself, so that the width of the vectors changes nothing.
    private static void AddSquares(double x, ReadOnlySpan<double> y, Span<double> sums)
    {
        var j = 0;
        for (var all = new Vector<double>(x); j <= sums.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            var apart = all - new Vector<double>(y[j..]);
            (new Vector<double>(sums[j..]) + apart * apart).CopyTo(sums[j..]);
        }
        for (; j < sums.Length; j++) sums[j] += (x - y[j]) * (x - y[j]);
    }

    private static List<(int X, int Y)> Back(ReadOnlySpan<double> cost, int lengthX, int lengthY)
    {
        var (width, path) = (lengthY + 1, new List<(int, int)>(lengthX + lengthY));
        for (int i = lengthX, j = lengthY; i > 0 && j > 0;)
        {
            path.Add((i - 1, j - 1));
            var at = i * width + j;
            double diagonal = cost[at - width - 1], up = cost[at - width], left = cost[at - 1];
            if (diagonal <= up && diagonal <= left) (i, j) = (i - 1, j - 1);
            else if (up <= left) i--;
            else j--;
        }
        path.Reverse();
        return path;
    }
}
