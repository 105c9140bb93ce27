using System.Text.RegularExpressions;

namespace MlNetRllc.Core.Weights;

/// <summary>Finds the numbers of a checkpoint's name that may tell its step.</summary>
internal static partial class NumbersInName
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // A number ends where no letter, digit or fraction goes on (a hash, 2nd), except that the next
    // word may follow at once (step100seed1).
    private const string End = "(?:(?![a-z0-9]|[.][0-9])|(?=(?:seed|step|iter|epoch|ckpt|checkpoint|loss|rank|lr)))";

    private const string First = "(?<first>[0-9]+(?:[.][0-9]+)?(?:e[+-]?[0-9]+|[kmb])?)";

    // A few digits before a group of zeros that is not of three (1_0000) are no number by themselves.
    private const string Number = "(?<number>" + First + End + "(?!(?<=(?<![0-9])[0-9]{1,3})[_,']00))";

    // Three digits a group; a further shorter or longer one makes them numbers of their own.
    private const string Grouped = "(?<number>(?<first>[0-9]{1,3})(?<divider>[-_,' ])[0-9]{3}(?:\\k<divider>[0-9]{3})*(?:[kmb])?"
        + "(?!\\k<divider>[0-9])" + End + ")";

    private const string Year = "(?:19|20)[0-9]{2}";

    private const string Date = "(?:" + Year + "[-_.](?:0[1-9]|1[0-2])[-_.](?:0[1-9]|[12][0-9]|3[01])"
        + "|[0-9]{2}[-_.][0-9]{2}[-_.]" + Year + ")(?![0-9])";

    private const string Time = "[-_t ]*(?:[01][0-9]|2[0-3])[-_.:h]?[0-5][0-9](?:[-_.:m]?[0-5][0-9])?(?![0-9])";

    // Six digits or more to the base sixteen with some of a to f, but not 12345e6.
    private const string Hash = "(?<![a-z0-9])(?=[0-9]*[a-f])(?=[a-f]*[0-9])(?![0-9]+e[0-9]{1,2}(?![a-z0-9]))[0-9a-f]{6,}(?![a-z0-9])";

    private const string Counted = "(?<![a-z0-9])(?:seed|v|ver|version|lr|wd|loss|acc|accuracy|ppl|perplexity|val|rank|gpu|fold|shard|part"
        + "|layers?|l|heads?|h|d|dim|width|bs|batch|ctx|temp|beta|alpha|gamma|eps|sigma|dropout|rev|params?|fp|bf|float|bfloat|int|cuda|job"
        + "|worker|node)[-_=. ]*[0-9]+(?:[.][0-9]+)*(?:e[+-]?[0-9]+)?(?![0-9])";

    private const string Part = "(?<![0-9])[0-9]{5}-of-[0-9]{5}(?![0-9])";

    private const string Word = "(?:(?<word>step|epoch|ckpt|checkpoint)|(?<![a-z])(?<word>iter(?:ation)?))s?";

    private const string NoDate = "(?![-_=. ]*" + Date + ")";

    private const string Between = "[-_=. :#(\\[]*";

    /// <summary>Numbers by a word of a training's progress: <c>step_100</c>, <c>iter=5e3</c>,
    /// <c>100k-steps</c>.</summary>
    public static IReadOnlyList<NamedNumber> WithWord(string name) =>
        [.. Before().Matches(name).Concat(After().Matches(name)).OrderBy(m => m.Index).Select(m => ToNumber(m, name))];

    /// <summary>A word of progress with what begins with a digit after it; null where there is
    /// none.</summary>
    public static string? Unreadable(string name) =>
        Beginning().Match(name) is { Success: true } found ? found.Value : null;

    /// <summary>The other numbers: not dates, hashes, versions, nor what counts something else
    /// (<c>seed1</c>, <c>lr=1e-3</c>); sizes (<c>70m</c>), fractions and days only where there is
    /// nothing else.</summary>
    public static IReadOnlyList<NamedNumber> Others(string name)
    {
        var without = Foreign().Replace(name, "#");
        var all = Plain().Matches(without).Select(m => ToNumber(m, without)).ToList();
        var sure = all.Where(n => !n.HasUnit && !n.HasDoubtfulPoint && !n.MayBeDay).ToList();
        return sure.Count > 0 ? sure : all;
    }

    /// <summary>The name with a mark in each number's place: names of one series have the same.</summary>
    public static string ShapeOf(string name) => Digits().Replace(name, "0");

    private static NamedNumber ToNumber(Match match, string name)
    {
        var (number, first) = (match.Groups["number"], match.Groups["first"].Value);
        var (before, after) = (name[..number.Index], name[(number.Index + number.Length)..]);
        return new(match.Groups["word"].Value, number.Value, first)
        {
            Doubt = NumberNeighbours.Doubt(before, number.Value, after),
            LooseGroup = NumberNeighbours.LooseGroup(number.Value, after),
        };
    }

    // A minus behind another mark (step=-1) is a sign.
    [GeneratedRegex(Word + "(?:[-_. ]?(?:no|nr|num|number)(?![a-z]))?" + NoDate + "(?!.?[=_:]-[0-9])" + Between
        + "(?:" + Grouped + "|" + Number + ")", Options)]
    private static partial Regex After();

    [GeneratedRegex("(?<![a-z0-9]|[0-9][.,_'])(?:" + Grouped + "|(?<number>" + First + "))"
        + "[-_ ]?(?<word>step|iter(?:ation)?|epoch)s?(?![a-z])(?!" + Between + "[0-9])", Options)]
    private static partial Regex Before();

    [GeneratedRegex(Word + NoDate + Between + "\u2212?[0-9](?:[0-9a-z.+]|[_,'](?=00))*", Options)]
    private static partial Regex Beginning();

    // Behind a letter a group of digits is another number (gpt2_100), unless it begins with 0.
    [GeneratedRegex("(?<![a-z0-9]|[0-9][_,'](?=00))(?:[a-z]+(?:(?=[0-9]+[-_,' ]0)" + Grouped + "|" + Number + ")|" + Grouped + "|"
        + Number + ")", Options)]
    private static partial Regex Plain();

    [GeneratedRegex(
        Part
        + "|(?<![0-9])" + Date + "(?:" + Time + ")?"
        + "|(?<=(?<![0-9])" + Year + "[0-9]{4})" + Time
        + "|" + Hash
        + "|" + Counted,
        Options)]
    private static partial Regex Foreign();

    [GeneratedRegex("[0-9]+(?:[.][0-9]+)?(?:e[+-]?[0-9]+|[kmb](?![a-z0-9]))?", Options)]
    private static partial Regex Digits();
}
