using System.Text.RegularExpressions;

namespace MlNetRllc.Core.Weights;

/// <summary>Finds the numbers of a checkpoint's name that may tell its step.</summary>
internal static partial class NumbersInName
{
    // A number ends where no letter, digit or fraction goes on (a hash, 2nd), except that the next word may follow at once (step100seed1).
    private const string Next = "(?:(?![a-z0-9]|[.][0-9])|(?=(?:seed|step|iter|epoch|ckpt|checkpoint|loss|rank|lr)))";

    private const string Number = "(?<number>(?<first>[0-9]+(?:[.][0-9]+)?(?:e[+-]?[0-9]+|[kmb])?)" + Next + ")";

    // Three digits a group; a further shorter or longer one makes them numbers of their own.
    private const string Grouped = "(?<number>(?<first>[0-9]{1,3})(?<groups>(?<divider>[-_,' ])[0-9]{3}(?:\\k<divider>[0-9]{3})*)(?:[kmb])?(?!\\k<divider>[0-9])" + Next + ")";

    private const string Date = "(?:(?:19|20)[0-9]{2}[-_.](?:0[1-9]|1[0-2])[-_.](?:0[1-9]|[12][0-9]|3[01])|[0-9]{2}[-_.][0-9]{2}[-_.](?:19|20)[0-9]{2})(?![0-9])";

    private const string Time = "[-_t ]*(?:[01][0-9]|2[0-3])[-_.:h]?[0-5][0-9](?:[-_.:m]?[0-5][0-9])?(?![0-9])";

    private const string Hash = "(?<![a-z0-9])(?=[0-9]*[a-f])(?=[a-f]*[0-9])(?![0-9]+e[0-9]{1,2}(?![a-z0-9]))[0-9a-f]{6,}(?![a-z0-9])";

    private const string Counted = "(?:seed|v|ver|version|lr|wd|loss|acc|accuracy|ppl|perplexity|val|rank|gpu|fold|shard|part|layers?|l|heads?|h|d|dim|width|bs|batch|"
        + "ctx|temp|beta|alpha|gamma|eps|sigma|dropout|rev|params?|fp|bf|float|bfloat|int|cuda|job|worker|node)";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Numbers by a word of a training's progress: <c>step_100</c>, <c>iter=5e3</c>, <c>100k-steps</c>.</summary>
    public static IReadOnlyList<NamedNumber> WithWord(string name) => [.. Before().Matches(name).Concat(After().Matches(name)).OrderBy(m => m.Index).Select(ToNumber)];

    /// <summary>A word of progress with something after it that begins with a digit and is no number, such as a hash; null where there is none.</summary>
    public static string? Unreadable(string name) => Beginning().Match(name) is { Success: true } found ? found.Value : null;

    /// <summary>The other numbers: not dates, hashes, versions, nor what counts something else (<c>seed1</c>, <c>lr=1e-3</c>); sizes (<c>70m</c>), fractions and
    /// days only where there is nothing else.</summary>
    public static IReadOnlyList<NamedNumber> Others(string name)
    {
        var all = Plain().Matches(Foreign().Replace(name, "#")).Select(ToNumber).ToList();
        var sure = all.Where(n => !n.HasUnit && !n.HasDoubtfulPoint && !n.MayBeDay).ToList();
        return sure.Count > 0 ? sure : all;
    }

    /// <summary>The name with a mark in each number's place: names of one series have the same.</summary>
    public static string ShapeOf(string name) => Digits().Replace(name, "0");

    private static NamedNumber ToNumber(Match match) => new(match.Groups["word"].Value, match.Groups["number"].Value, match.Groups["first"].Value);

    [GeneratedRegex("(?:(?<word>step|epoch|ckpt|checkpoint)|(?<![a-z])(?<word>iter(?:ation)?))s?(?:[-_. ]?(?:no|nr|num|number)(?![a-z]))?"
        + "(?![-_=. ]*" + Date + ")(?!.?[=_:]-[0-9])[-_=. :#(\\[]*(?:" + Grouped + "|" + Number + ")", Options)]
    private static partial Regex After();

    [GeneratedRegex("(?<![a-z0-9]|[0-9][.,_'])(?:" + Grouped + "|(?<number>(?<first>[0-9]+(?:[.][0-9]+)?(?:e[+-]?[0-9]+|[kmb])?)))"
        + "[-_ ]?(?<word>step|iter(?:ation)?|epoch)s?(?![a-z])(?![-_=. :#(\\[]*[0-9])", Options)]
    private static partial Regex Before();

    [GeneratedRegex("(?:(?:step|epoch|ckpt|checkpoint)|(?<![a-z])(?:iter(?:ation)?))s?(?![-_=. ]*" + Date + ")[-_=. :#(\\[]*[0-9][0-9a-z.+]*", Options)]
    private static partial Regex Beginning();

    // Behind a letter a group of digits is another number (gpt2_100), unless it begins with 0.
    [GeneratedRegex("(?<![a-z0-9])(?:[a-z]+(?:(?=[0-9]+[-_,' ]0)" + Grouped + "|" + Number + ")|" + Grouped + "|" + Number + ")", Options)]
    private static partial Regex Plain();

    [GeneratedRegex("(?<![0-9])" + Date + "(?:" + Time + ")?|(?<=(?<![0-9])(?:19|20)[0-9]{6})" + Time + "|" + Hash
        + "|(?<![a-z0-9])" + Counted + "[-_=. ]*[0-9]+(?:[.][0-9]+)*(?:e[+-]?[0-9]+)?(?![0-9])", Options)]
    private static partial Regex Foreign();

    [GeneratedRegex("[0-9]+(?:[.][0-9]+)?(?:e[+-]?[0-9]+|[kmb](?![a-z0-9]))?", Options)]
    private static partial Regex Digits();
}
