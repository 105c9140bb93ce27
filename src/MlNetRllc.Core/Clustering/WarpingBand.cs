using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Clustering;

/// <summary>How far apart in position a warping path may match points (Sakoe and Chiba 1978):
/// |i - j| &lt;= radius, where the radius is at least the difference of the lengths.</summary>
public readonly record struct WarpingBand
{
    private readonly double? share;
    private readonly int? radius;

    private WarpingBand(double? share, int? radius) => (this.share, this.radius) = (share, radius);

    /// <summary>No limit; what a band is unless it is made otherwise.</summary>
    public static WarpingBand Free => default;

    /// <summary>A radius as a share of the longer length, rounded up.</summary>
    /// <param name="share">0 to 1; 1 leaves the path free.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is negative, above 1 or NaN.</exception>
    public static WarpingBand OfShare(double share)
    {
        Limits.AtLeast(share, 0);
        Limits.AtMost(share, 1);
        return new(share, null);
    }

    /// <summary>A radius in points.</summary>
    /// <param name="radius">0 matches points of equal position only.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is negative.</exception>
    public static WarpingBand OfRadius(int radius)
    {
        Limits.AtLeast(radius, 0);
        return new(null, radius);
    }

    /// <summary>The radius for curves of two lengths, in points.</summary>
    internal int RadiusOf(int lengthX, int lengthY)
    {
        var longer = Math.Max(lengthX, lengthY);
        return Math.Max(radius is { } points ? Math.Min(points, longer) : PointsOf(share ?? 1, longer), Math.Abs(lengthX - lengthY));
    }

    // A share of a length, rounded up; 0.07 of 100 is 7, though the product is a little more.
    private static int PointsOf(double share, int length)
    {
        var points = share * length;
        var nearest = Math.Round(points);
        return (int)(points - nearest <= 1e-12 * length ? nearest : Math.Ceiling(points));
    }
}
