namespace MlNetRllc.Core.Kernels;

/// <summary>Elementary functions in double precision from operations that IEEE 754 defines to the
/// last bit: the same on every processor, system and library, as <see cref="Math"/> does not
/// promise.</summary>
internal static class ScalarFunctions
{
    // ln 2 and pi/2 in a part with zeros at its end, which a small integer times is exact, and the rest.
    private const double Ln2High = 0.69314718036912381649, Ln2Low = 1.90821492927058770002e-10;
    private const double QuarterHigh = 1.57079632673412561417, QuarterLow = 6.07710050650619224932e-11;

    /// <summary>The natural logarithm; two units in the last place.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsInfinity(x)) return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        if (!double.IsNormal(x)) return Log(x * 18014398509481984.0) - 54 * (Ln2High + Ln2Low);
        // x = 2^e m, m between the square roots of 1/2 and 2; log m = 2 artanh(s), s = (m - 1) / (m + 1).
        var bits = BitConverter.DoubleToInt64Bits(x);
        var e = (bits - 0x3FE6A09E667F3BCD) >> 52;
        var f = BitConverter.Int64BitsToDouble(bits - (e << 52)) - 1;
        var s = f / (2 + f);
        var z = s * s;
        var series = 0.0;
        for (var n = 23; n >= 3; n -= 2) series = z * (series + 2.0 / n);
        return e * Ln2High + (f - (s * (f - series) - e * Ln2Low));
    }

    /// <summary>e^x; two units in the last place.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.79) return double.PositiveInfinity;
        if (x < -745.2) return 0;
        var n = Math.Round(x / (Ln2High + Ln2Low));
        var r = x - n * Ln2High - n * Ln2Low;
        var sum = 1.0;
        for (var k = 17; k >= 1; k--) sum = 1 + r / k * sum;
        return Math.ScaleB(sum, (int)n);
    }

    /// <summary>x to a whole power, by squaring.</summary>
    public static double Power(double x, long exponent)
    {
        if (exponent < 0) return 1 / Power(x, -exponent);
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1, x *= x)
            if ((exponent & 1) != 0) result *= x;
        return result;
    }

    /// <summary>The cosine of an angle of up to a million turns, in radians; absolute error below 3e-16
    /// for angles of some turns.</summary>
    public static double Cos(double angle) => SinCos(angle).Cos;

    /// <summary>Sine and cosine: see <see cref="Cos"/>.</summary>
    public static (double Sin, double Cos) SinCos(double angle)
    {
        var quarter = Math.Round(angle / (QuarterHigh + QuarterLow));
        var r = angle - quarter * QuarterHigh - quarter * QuarterLow;
        var z = r * r;
        double sin = 1, cos = 1;
        for (var k = 18; k >= 2; k -= 2)
        {
            cos = 1 - z / ((k - 1) * k) * cos;
            sin = 1 - z / (k * (k + 1)) * sin;
        }
        sin *= r;
        return ((long)quarter & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
