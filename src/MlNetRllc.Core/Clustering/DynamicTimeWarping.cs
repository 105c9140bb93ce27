using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>Dynamic time warping: the distance of two curves when points may be matched with later
/// or earlier ones.</summary>
/// <remarks>
/// The root of the least sum of (x[i] - y[j])^2 over paths from (0,0) to the last points by steps
/// (1,1), (1,0), (0,1) (Sakoe and Chiba 1978). A band |i - j| &lt;= radius limits it; the radius is
/// at least the difference of the lengths. Of equally good steps the diagonal counts, then the one
/// that moves in x. With several channels the squares are summed over them: one path for all.
/// </remarks>
public static class DynamicTimeWarping
{
    /// <summary>The distance of two curves, in the unit of their values; infinite when one is
    /// empty.</summary>
    /// <param name="x">[point].</param>
    /// <param name="y">[point], of any length.</param>
    /// <param name="window">Radius of the band as a share of the longer length, 0 to 1.</param>
    /// <exception cref="ArgumentException">A value is not finite; the message says which.</exception>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double window = 1) =>
        Distance(x, y, WarpingBand.OfShare(window));

    /// <summary>The distance of two curves, in the unit of their values; infinite when one is
    /// empty.</summary>
    /// <param name="x">[point].</param>
    /// <param name="y">[point], of any length.</param>
    /// <param name="band">How far apart matched points may be.</param>
    /// <exception cref="ArgumentException">A value is not finite; the message says which.</exception>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y, WarpingBand band)
    {
        Check(x, y);
        return WarpingPaths.Distance(x, y, 1, band);
    }

    /// <summary>The distance of two curves of several channels.</summary>
    /// <param name="x">[channel][point].</param>
    /// <param name="y">[channel][point], as many channels, of any length.</param>
    /// <param name="band">How far apart matched points may be.</param>
    /// <exception cref="ArgumentException">Channels do not fit, or a value is not finite.</exception>
    public static double Distance(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, WarpingBand band = default)
    {
        var (joinedX, joinedY) = Channels.Joined(x, y);
        return WarpingPaths.Distance(joinedX, joinedY, x.Count, band);
    }

    /// <summary>The best path, from the first points to the last, as (index in x, index in y).</summary>
    /// <inheritdoc cref="Distance(ReadOnlySpan{double}, ReadOnlySpan{double}, double)"/>
    public static IReadOnlyList<(int X, int Y)> Path(
        ReadOnlySpan<double> x, ReadOnlySpan<double> y, double window = 1)
    {
        Check(x, y);
        return WarpingPaths.Path(x, y, 1, WarpingBand.OfShare(window));
    }

    /// <summary>The best path of two curves of several channels, from the first points to the last,
    /// as (index in x, index in y).</summary>
    /// <inheritdoc cref="Distance(IReadOnlyList{double[]}, IReadOnlyList{double[]}, WarpingBand)"/>
    public static IReadOnlyList<(int X, int Y)> Path(
        IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, WarpingBand band = default)
    {
        var (joinedX, joinedY) = Channels.Joined(x, y);
        return WarpingPaths.Path(joinedX, joinedY, x.Count, band);
    }

    /// <summary>The curve with the least sum of squared distances to the members near a start: DTW
    /// barycentre averaging (DBA).</summary>
    /// <remarks>Petitjean, Ketterlin, Gancarski 2011: each point becomes the mean of all the
    /// members' points that the paths match with it; repeated while the sum falls.</remarks>
    /// <param name="members">[member][point]; at least one.</param>
    /// <param name="start">[point]; the barycentre has its length.</param>
    /// <param name="window">Radius of the band as a share of the longer length.</param>
    /// <param name="maxIterations">Most rounds; 0 gives the start.</param>
    /// <param name="weights">How much each member counts, [member], 0 or more; equally when left out.</param>
    /// <exception cref="ArgumentException">There is no member, a value is not finite, or the weights
    /// do not fit, are negative or sum to 0.</exception>
    public static double[] Barycentre(
        IReadOnlyList<double[]> members, double[] start, double window = 1, int maxIterations = 10,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        var found = Barycentre(
            [.. members.Select(member => new[] { member })], [start], WarpingBand.OfShare(window), maxIterations, weights);
        return found[0];
    }

    /// <summary>As for one channel, of curves of several: one path for all channels.</summary>
    /// <param name="members">[member][channel][point]; at least one.</param>
    /// <param name="start">[channel][point]; the barycentre has its length.</param>
    /// <param name="band">How far apart matched points may be.</param>
    /// <param name="maxIterations">Most rounds; 0 gives the start.</param>
    /// <param name="weights">How much each member counts, [member], 0 or more; equally when left out.</param>
    /// <exception cref="ArgumentException">There is no member, channels do not fit, a value is not
    /// finite, or the weights do not fit, are negative or sum to 0.</exception>
    /// <returns>[channel][point].</returns>
    public static double[][] Barycentre(
        IReadOnlyList<double[][]> members, double[][] start, WarpingBand band = default, int maxIterations = 10,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0) throw new ArgumentException("There is no member; a barycentre needs at least one.", nameof(members));
        Limits.AtLeast(maxIterations, 0);
        CheckWeights(weights, members.Count);
        var joined = Channels.Joined(start, nameof(start));
        double[][] all = [.. members.Select((member, i) => Member(member, i, start.Length))];
        // Powers of two, which change no bit but where sums and squares would leave the range of numbers.
        var share = Scale.ToUnit(weights?.Max() ?? 1);
        var size = all.Append(joined).Max(row => row.Select(Math.Abs).DefaultIfEmpty().Max());
        var factor = size is > 1e-140 and < 1e140 ? 1 : Scale.ToUnit(size);
        var found = WarpingPaths.Barycentre([.. all.Select(row => Times(row, factor))], Times(joined, factor), start.Length, band,
            maxIterations, weights is null ? null : [.. weights.Select(weight => weight * share)]);
        return Channels.Split(Times(found, 1 / factor), start.Length);
    }

    private static double[] Times(double[] row, double factor) => factor == 1 ? row : [.. row.Select(value => value * factor)];

    private static double[] Member(double[][] member, int index, int channels)
    {
        var joined = Channels.Joined(member, $"member {index}");
        if (member.Length != channels)
            throw new ArgumentException($"Member {index} has {member.Length} channels and the start has {channels}; they need as many.");
        return joined.Length > 0 ? joined : throw new ArgumentException($"Member {index} has no point; it cannot be matched.");
    }

    private static void CheckWeights(IReadOnlyList<double>? weights, int members)
    {
        if (weights is null) return;
        if (weights.Count != members)
            throw new ArgumentException($"There are {weights.Count} weights for {members} members.", nameof(weights));
        for (var i = 0; i < weights.Count; i++)
            if (!double.IsFinite(weights[i]) || weights[i] < 0)
                throw new ArgumentException($"Weight {i} is {weights[i]}; a finite number of at least 0 is needed.", nameof(weights));
        if (!(weights.Sum() > 0))
            throw new ArgumentException("The weights sum to 0, so there is nothing to average; one must be above 0.", nameof(weights));
    }

    private static void Check(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Channels.CheckFinite(x, nameof(x));
        Channels.CheckFinite(y, nameof(y));
    }
}
