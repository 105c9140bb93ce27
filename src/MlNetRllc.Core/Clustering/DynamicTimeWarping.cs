using System.Buffers;

namespace MlNetRllc.Core.Clustering;

/// <summary>Dynamic time warping: the distance of two curves when points may be matched with later
/// or earlier ones.</summary>
/// <remarks>
/// The root of the least sum of (x[i] - y[j])^2 over paths from (0,0) to the last points by steps
/// (1,1), (1,0), (0,1) (Sakoe and Chiba 1978). A band |i - j| &lt;= radius limits it; the radius is
/// at least the difference of the lengths. Of equally good steps the diagonal counts, then the one
/// that moves in x.
/// </remarks>
public static class DynamicTimeWarping
{
    /// <summary>The distance of two curves, in the unit of their values; infinite when one is
    /// empty.</summary>
    /// <param name="x">[point].</param>
    /// <param name="y">[point], of any length.</param>
    /// <param name="window">Radius of the band as a share of the longer length, 0 to 1.</param>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double window = 1)
    {
        if (x.IsEmpty || y.IsEmpty) return double.PositiveInfinity;
        var radius = Radius(x.Length, y.Length, window);
        var above = new double[y.Length];
        var row = new double[y.Length];
        Array.Fill(above, double.PositiveInfinity);
        for (var i = 0; i < x.Length; i++)
        {
            Array.Fill(row, double.PositiveInfinity);
            for (int j = Math.Max(0, i - radius), to = Math.Min(y.Length - 1, i + radius); j <= to; j++)
            {
                var before = i == 0 && j == 0 ? 0
                    : j == 0 ? above[0]
                    : Math.Min(above[j], Math.Min(row[j - 1], above[j - 1]));
                row[j] = before + (x[i] - y[j]) * (x[i] - y[j]);
            }
            (above, row) = (row, above);
        }
        return Math.Sqrt(above[^1]);
    }

    /// <summary>The best path, from the first points to the last, as (index in x, index in y).</summary>
    public static IReadOnlyList<(int X, int Y)> Path(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, double window = 1)
    {
        if (x.IsEmpty || y.IsEmpty) return [];
        var radius = Radius(x.Length, y.Length, window);
        // One row and column of infinity in front.
        var width = y.Length + 1;
        // Rented, as a fresh table for each path would fill the large-object heap.
        var rented = ArrayPool<double>.Shared.Rent((x.Length + 1) * width);
        var cost = rented.AsSpan(0, (x.Length + 1) * width);
        cost.Fill(double.PositiveInfinity);
        cost[0] = 0;
        for (var i = 1; i <= x.Length; i++)
            for (int j = Math.Max(1, i - radius), to = Math.Min(y.Length, i + radius); j <= to; j++)
            {
                var at = i * width + j;
                cost[at] = Math.Min(cost[at - width - 1], Math.Min(cost[at - width], cost[at - 1]))
                    + (x[i - 1] - y[j - 1]) * (x[i - 1] - y[j - 1]);
            }
        List<(int, int)> path = [];
        for (int i = x.Length, j = y.Length; i > 0 && j > 0;)
        {
            path.Add((i - 1, j - 1));
            var at = i * width + j;
            double diagonal = cost[at - width - 1], up = cost[at - width], left = cost[at - 1];
            if (diagonal <= up && diagonal <= left) (i, j) = (i - 1, j - 1);
            else if (up <= left) i--;
            else j--;
        }
        ArrayPool<double>.Shared.Return(rented);
        path.Reverse();
        return path;
    }

    /// <summary>The curve with the least sum of squared distances to the members near a start: DTW
    /// barycentre averaging (DBA).</summary>
    /// <remarks>Petitjean, Ketterlin, Gancarski 2011: each point becomes the mean of all the
    /// members' points that the paths match with it; repeated while the sum falls.</remarks>
    /// <param name="members">[member][point]; at least one.</param>
    /// <param name="start">[point]; the barycentre has its length.</param>
    /// <param name="window">Radius of the band as a share of the longer length.</param>
    /// <param name="maxIterations">Most rounds.</param>
    public static double[] Barycentre(
        IReadOnlyList<double[]> members, double[] start, double window = 1, int maxIterations = 10)
    {
        var best = start;
        var bestCost = double.PositiveInfinity;
        var current = start;
        for (var round = 0; ; round++)
        {
            var sums = new double[start.Length];
            var counts = new int[start.Length];
            var cost = 0.0;
            foreach (var member in members)
                foreach (var (i, j) in Path(current, member, window))
                {
                    sums[i] += member[j];
                    counts[i]++;
                    cost += (current[i] - member[j]) * (current[i] - member[j]);
                }
            if (!(cost < bestCost * (1 - 1e-9))) return best;
            (best, bestCost) = (current, cost);
            if (round == maxIterations || cost == 0) return best;
            current = [.. sums.Select((sum, i) => sum / counts[i])];
        }
    }

    private static int Radius(int lengthX, int lengthY, double window) =>
        Math.Max(PointsOf(window, Math.Max(lengthX, lengthY)), Math.Abs(lengthX - lengthY));

    // A share of a length, rounded up; 0.07 of 100 is 7, though the product is a little more.
    private static int PointsOf(double share, int length)
    {
        var points = share * length;
        var nearest = Math.Round(points);
        return (int)(points - nearest <= 1e-12 * length ? nearest : Math.Ceiling(points));
    }
}
