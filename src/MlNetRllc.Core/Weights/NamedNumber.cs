using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MlNetRllc.Core.Weights;

/// <summary>A number in the name of a checkpoint, as it may be read.</summary>
/// <param name="Word">The word that it counts, such as step; empty where none stands by it.</param>
/// <param name="Text">As it is written, with the groups of digits that follow it.</param>
/// <param name="First">As it is written, without them.</param>
internal sealed partial record NamedNumber(string Word, string Text, string First)
{
    private const int MostDigits = 40;

    /// <summary>Words of a training's progress, the surest first.</summary>
    private static readonly string[] Words = ["step", "iter", "ckpt", "checkpoint", "epoch"];

    /// <summary>How sure its word is, 0 surest.</summary>
    public int Rank => Word.Length == 0 ? Words.Length
        : Array.FindIndex(Words, w => Word.StartsWith(w, StringComparison.OrdinalIgnoreCase));

    public bool IsEpoch => Rank == Words.Length - 1;

    /// <summary>Whether groups of three digits follow it, which belong to it (1_000) or not (step 1
    /// of part 000).</summary>
    public bool HasGroups => Text.Length > First.Length;

    /// <summary>Why it may be another number, for what stands directly at it; a sentence, null
    /// without such a doubt.</summary>
    public string? Doubt { get; init; }

    /// <summary>Three digits that follow behind several marks and may belong to it, with the marks;
    /// null without such.</summary>
    public string? LooseGroup { get; init; }

    /// <summary>Whether it is written without groups where numbers of its length would have them,
    /// or padded.</summary>
    public bool IsUngrouped =>
        First.All(char.IsAsciiDigit) && (First.Length > 3 || First.Length > 1 && First[0] == '0');

    /// <summary>Whether it may stand among numbers whose digits are grouped: it is grouped itself,
    /// or too small to be.</summary>
    public bool FitsGrouping => First.Length is > 0 and <= 3 && First.All(char.IsAsciiDigit) && (First[0] != '0' || Text == "0")
        && (!HasGroups || Text[First.Length] is '_' or ',' or '\'' && char.IsAsciiDigit(Text[^1]));

    /// <summary>Whether a group begins with 0, as no number written by itself does.</summary>
    public bool HasGroupOfZero =>
        HasGroups && Text[(First.Length + 1)..].Split(Text[First.Length]).Any(g => g[0] == '0');

    /// <summary>The number with its groups of digits.</summary>
    public BigInteger Grouped =>
        BigInteger.Parse(string.Concat(Text.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture);

    /// <summary>The number without what follows: digits, with a fraction, exponent or unit; null
    /// where it is not whole.</summary>
    public BigInteger? Plain
    {
        get
        {
            var parts = Notation().Match(First);
            var (whole, fraction, unit) = (parts.Groups["whole"].Value, parts.Groups["fraction"].Value, parts.Groups["unit"].Value);
            var exponent = parts.Groups["exponent"].Value is { Length: > 0 } written ? written : "0";
            if (!int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power))
                return null;
            if (power is < -MostDigits or > MostDigits || whole.Length + fraction.Length > MostDigits)
                return null;
            power += unit.ToUpperInvariant() switch { "K" => 3, "M" => 6, "B" => 9, _ => 0 } - fraction.Length;
            var digits = BigInteger.Parse(whole + fraction, CultureInfo.InvariantCulture);
            if (power >= 0) return digits * BigInteger.Pow(10, power);
            var value = BigInteger.DivRem(digits, BigInteger.Pow(10, -power), out var rest);
            return rest.IsZero ? value : null;
        }
    }

    /// <summary>Whether a point may divide thousands as well as a fraction, as in 1.500.</summary>
    public bool HasDoubtfulPoint => Notation().Match(First) is var parts && parts.Groups["fraction"].Value is { Length: > 0 } fraction
        && parts.Groups["exponent"].Length + parts.Groups["unit"].Length == 0 && (fraction.Length > 2 || fraction.Any(c => c != '0'));

    /// <summary>Whether it has a unit (50k): a size of the model just as well, where no word stands
    /// by it.</summary>
    public bool HasUnit => First.Length > 0 && char.IsAsciiLetter(First[^1]);

    /// <summary>Whether it counts millions or more by a unit, as sizes of models do.</summary>
    public bool HasLargeUnit => HasUnit && First[^1] is not ('k' or 'K');

    /// <summary>Whether it may be a day as well: eight digits such as 20240501.</summary>
    public bool MayBeDay => DateOnly.TryParseExact(First, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 1969 and < 2100;

    [GeneratedRegex(@"^(?<whole>[0-9]+)(?:\.(?<fraction>[0-9]+))?(?:e(?<exponent>[+-]?[0-9]+)|(?<unit>[kmb]))?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Notation();
}
