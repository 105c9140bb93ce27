using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MlNetRllc.Core.Weights;

/// <summary>What stands directly at a number in a name and may belong to it: a unit, a fraction,
/// further digits, a sign.</summary>
internal static partial class NumberNeighbours
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private const string UnitWord = "(?:k|kilo|tsd|thousands?|m|mio|mln|millions?|b|bn|bln|billions?|hundreds?)";

    /// <summary>Why the number may be another than its digits say; null where nothing leaves a
    /// doubt.</summary>
    /// <param name="before">The name up to the number.</param>
    /// <param name="number">The number, with its unit or exponent.</param>
    /// <param name="after">The name behind the number.</param>
    /// <returns>What follows on 'in its name', a sentence.</returns>
    public static string? Doubt(string before, string number, string after)
    {
        if (UnitBefore().Match(before) is { Success: true } counted)
            return Sentence(counted.Value + number, number, Times(number, counted.Groups["unit"].Value));
        if (before.Length > 1 && before[^1] == '.' && !char.IsAsciiLetterOrDigit(before[^2]))
            return Sentence("." + number, number, "." + number);
        if (number.All(char.IsAsciiDigit))
        {
            if (UnitAfter().Match(after) is { Success: true } unit)
                return Sentence(number + unit.Value, number, Times(number, unit.Groups["unit"].Value));
            if (Fraction().Match(after) is { Success: true } fraction)
                return Sentence(number + fraction.Value, number, $"{number}.{fraction.Groups["rest"].Value}");
        }
        return Other().Match(after) is { Success: true } other
            ? Sentence(number + other.Value, number, null)
            : null;
    }

    /// <summary>The group of three digits that follows a number behind several marks (1__000); null
    /// where none does.</summary>
    public static string? LooseGroup(string number, string after) =>
        number.Length is > 0 and <= 3 && number[0] != '0' && number.All(char.IsAsciiDigit)
            && Loose().Match(after) is { Success: true } group ? group.Value : null;

    private static string Sentence(string text, string number, string? other) =>
        $"'{text}' in its name may stand for step {number}"
        + (other is null ? ", or what follows it belongs to the number." : $" or {other}.");

    private static string Times(string number, string unit)
    {
        if (!number.All(char.IsAsciiDigit) || number.Length > 20) return $"{number} times {unit}";
        var power = unit.ToUpperInvariant() is var upper && upper.StartsWith("HUNDRED", StringComparison.Ordinal) ? 2
            : upper[0] switch { 'M' => 6, 'B' => 9, _ => 3 };
        return (BigInteger.Parse(number, CultureInfo.InvariantCulture) * BigInteger.Pow(10, power)).ToString(CultureInfo.InvariantCulture);
    }

    // step_k50, k-steps_50: a unit stands at the word.
    [GeneratedRegex("(?:(?<![a-z])(?:(?<unit>[kmb])|(?<unit>k|kilo|thousands?|mio|millions?)[-_ ])"
        + "(?:step|iter(?:ation)?|epoch)s?|(?:step|iter(?:ation)?|epoch|ckpt|checkpoint)s?[-_= (\\[]*(?<unit>k|mio|thousands?))"
        + "[-_=. :#(\\[]*\\z", Options)]
    private static partial Regex UnitBefore();

    [GeneratedRegex("\\A[-_. (\\[{]+(?<unit>" + UnitWord + ")(?:(?![a-z0-9])|(?=(?:step|iter|epoch)))", Options)]
    private static partial Regex UnitAfter();

    // 1_5k and 1,5e3; 3_13b rather has the size of the model behind it.
    [GeneratedRegex("\\A(?:[-_., '](?<rest>[0-9]+(?:k|e[+-]?[0-9]+)|[0-9][mb])|[.](?<rest>e[+-]?[0-9]+))(?![a-z0-9])", Options)]
    private static partial Regex Fraction();

    // Signs that calculate, marks that group digits, and letters and digits of other scripts.
    [GeneratedRegex("\\A(?:[,'\"`^*+&]+[0-9]+|%|(?!步)[\\p{L}\\p{N}‰-[\\0-\\x7f]]|[^\\0-\\x7f\\p{L}]+[0-9]+)", Options)]
    private static partial Regex Other();

    [GeneratedRegex("\\A[-_ .,']{2,}[0-9]{3}(?![0-9a-z])", Options)]
    private static partial Regex Loose();
}
