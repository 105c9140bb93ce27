using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MlNetRllc.Foundation;

/// <summary>Numbers as people write them, by one rule wherever one is read: in studies, cards and arguments.</summary>
/// <remarks>A whole number is digits with a sign or none, single <c>_</c> between digits where wanted (1_000),
/// and an exponent where the value is whole (1e4, 1.5e3). Nothing else is read: no 0x10, 0o17, 1,000, 1.0 or
/// blanks, for other programs read them otherwise.</remarks>
internal static partial class WholeNumber
{
    /// <summary>The rule in words, to follow "a whole number".</summary>
    public const string Rule = "digits, single _ between them where wanted (1_000), and an exponent where the value is whole (1e4)";

    /// <summary>The rule as a pattern of JSON Schema; that the value is whole goes beyond it.</summary>
    public const string Pattern = "^[-+]?[0-9]+(_[0-9]+)*((\\.[0-9]+)?[eE][-+]?[0-9]+)?$";

    /// <summary>Reads a whole number of any size.</summary>
    public static bool TryParse(string text, out BigInteger value)
    {
        value = default;
        var parts = Form().Match(text);
        if (!parts.Success) return false;
        var digits = parts.Groups["digits"].Value.Replace("_", "", StringComparison.Ordinal);
        var part = parts.Groups["part"].Value.TrimEnd('0');
        var exponent = parts.Groups["exponent"].Success ? int.Parse(parts.Groups["exponent"].Value, CultureInfo.InvariantCulture) : 0;
        var mantissa = BigInteger.Parse(parts.Groups["sign"].Value + digits + part, CultureInfo.InvariantCulture);
        var shift = exponent - part.Length;
        if (shift >= 0)
        {
            value = mantissa * BigInteger.Pow(10, shift);
            return true;
        }
        value = BigInteger.DivRem(mantissa, BigInteger.Pow(10, -shift), out var rest);
        return rest.IsZero;
    }

    /// <summary>Reads a whole number that must fit 32 bits.</summary>
    public static bool TryParse(string text, out int value)
    {
        var fits = TryParse(text, out BigInteger whole) && whole >= int.MinValue && whole <= int.MaxValue;
        value = fits ? (int)whole : 0;
        return fits;
    }

    /// <summary>Reads any number: as a whole one is written, with a decimal point and an exponent where wanted.</summary>
    public static bool TryParseNumber(string text, out double value)
    {
        value = 0;
        const NumberStyles style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        return !Stray().IsMatch(text) && double.TryParse(plain, style, CultureInfo.InvariantCulture, out value);
    }

    // Four digits of exponent are more than any range allows, and few enough to be computed.
    [GeneratedRegex(
        @"^(?<sign>[-+]?)(?<digits>[0-9]+(_[0-9]+)*)((\.(?<part>[0-9]+))?[eE](?<exponent>[-+]?[0-9]{1,4}))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    // A _ that does not stand between two digits.
    [GeneratedRegex("(?<![0-9])_|_(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Stray();
}
