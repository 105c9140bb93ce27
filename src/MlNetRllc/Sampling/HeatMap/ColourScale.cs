namespace MlNetRllc.Sampling.HeatMap;

/// <summary>Numbers as colours whose lightness rises with the number: viridis, which readers with any colour vision tell apart.</summary>
/// <param name="Lowest">Gets the first colour, and so does all below it.</param>
/// <param name="Highest">Gets the last colour, and so does all above it.</param>
internal sealed record ColourScale(double Lowest, double Highest)
{
    /// <summary>Viridis (Smith and van der Walt, in the public domain) at equal distances.</summary>
    public static IReadOnlyList<(byte Red, byte Green, byte Blue)> Stops { get; } =
    [
        (0x44, 0x01, 0x54), (0x48, 0x28, 0x78), (0x3e, 0x49, 0x89), (0x31, 0x68, 0x8e), (0x26, 0x82, 0x8e),
        (0x1f, 0x9e, 0x89), (0x35, 0xb7, 0x79), (0x6d, 0xcd, 0x59), (0xb4, 0xde, 0x2c), (0xfd, 0xe7, 0x25),
    ];

    /// <summary>The scale from the smallest to the largest of the finite values; null when there is none.</summary>
    public static ColourScale? Over(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        return finite.Count == 0 ? null : new(finite.Min(), finite.Max());
    }

    /// <summary>The colour of a finite value.</summary>
    public (byte Red, byte Green, byte Blue) At(double value)
    {
        var place = Highest > Lowest
            ? Math.Clamp((value - Lowest) / (Highest - Lowest), 0, 1) * (Stops.Count - 1)
            : (Stops.Count - 1) / 2.0;
        var below = Math.Min((int)place, Stops.Count - 2);
        var (low, high, share) = (Stops[below], Stops[below + 1], place - below);
        byte Mix(byte a, byte b) => (byte)Math.Round(a + (b - a) * share);
        return (Mix(low.Red, high.Red), Mix(low.Green, high.Green), Mix(low.Blue, high.Blue));
    }

    /// <summary>As HTML writes a colour.</summary>
    public static string Html((byte Red, byte Green, byte Blue) colour) => $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}";

    /// <summary>Black or white, whichever is read better on a colour (contrast 4.5 or more, WCAG 2).</summary>
    public static string Ink((byte Red, byte Green, byte Blue) colour) => Luminance(colour) > 0.179 ? "#000" : "#fff";

    /// <summary>Relative luminance of an sRGB colour, 0 to 1 (WCAG 2).</summary>
    public static double Luminance((byte Red, byte Green, byte Blue) colour)
    {
        static double Linear(byte value) => value / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
        return 0.2126 * Linear(colour.Red) + 0.7152 * Linear(colour.Green) + 0.0722 * Linear(colour.Blue);
    }
}
