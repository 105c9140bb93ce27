using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Report;

/// <summary>A made-up table of patterns in which induction heads answer to new repeats and to the second copy, late in training.</summary>
internal static class SyntheticPatterns
{
    /// <summary>Patterns of a probe set with their tokens; one has none.</summary>
    public static readonly (string Probe, string Pattern, int Tokens)[] Patterns =
    [
        ("natural", "all", 4080), ("natural", "wordStart", 1504), ("natural", "wordPart", 903), ("natural", "afterNewline", 160),
        ("natural", "rightBracket", 71), ("natural", "inductionRight", 611), ("natural", "inductionWrong", 340),
        ("natural", "inductionNew", 84), ("natural", "bigramKnows", 1203), ("natural", "memorisedNGram", 422),
        ("natural", "digits", 0), ("natural", "hard <b>", 1310),
        ("repeated", "all", 4064), ("repeated", "firstCopy", 2048), ("repeated", "secondCopy", 2016),
    ];

    /// <summary>A row of every pattern; heads of layer 0 have no profiles at step 0, where their own value is too near 0.</summary>
    public static IReadOnlyList<PatternRow> Create(IReadOnlyList<string> heads, IReadOnlyList<int> steps)
    {
        var random = new Random(11);
        PatternRow[] rows =
        [
            .. from step in steps from head in heads from dataset in (string[])["docs", "code"] from pattern in Patterns
               select Row(step, head, dataset, pattern, step / (double)steps[^1], random),
        ];
        var q = FalseDiscovery.QValues([.. rows.Select(r => r.PValue)]);
        for (var i = 0; i < rows.Length; i++) rows[i].QValue = q[i];
        return rows;
    }

    private static PatternRow Row(
        int step, string head, string dataset, (string Probe, string Pattern, int Tokens) pattern, double progress, Random random)
    {
        var row = new PatternRow
        {
            Step = step, Component = head, Dataset = dataset, Probe = pattern.Probe, Pattern = pattern.Pattern, Tokens = pattern.Tokens,
            DataShare = 0.006 + 0.0007 * (head[^1] - '0'), DataShareStdErr = 0.0008, Status = "ok",
        };
        if (pattern.Tokens == 0)
            return row with { Status = "missing", StatusReason = "no token of the probe set 'natural' has the pattern 'digits'." };
        var whole = 0.4 + 2 * progress + 0.1 * (head[^1] - '0');
        var profile = pattern.Pattern == "all" ? 1 : 1 + progress * Lift(head, pattern.Pattern) + 0.06 * Normal(random);
        row = row with
        {
            BaselineLoss = 6 - 3 * progress, Rllc = whole * profile, RllcStdErr = 0.05, TextStdErr = 0.08, RHat = 1.004, Ess = 310,
        };
        if (head == "l0h3" && pattern.Pattern == "rightBracket")
            row = row with { Status = "not-converged", StatusReason = "R-hat is 1.09; at most 1.05 is wanted", RHat = 1.09 };
        if (step == 0 && head[1] == '0' && pattern.Pattern != "all") return row;
        var (chains, texts) = pattern.Pattern == "all" ? (0, 0) : (0.04, 0.3 / Math.Sqrt(pattern.Tokens / 30.0));
        var p = pattern.Pattern == "all" ? double.NaN : Math.Exp(-0.5 * Math.Pow((profile - 1) / double.Hypot(chains, texts), 2));
        return row with { Profile = profile, ProfileStdErr = chains, ProfileTextStdErr = texts, PValue = p };
    }

    private static double Lift(string head, string pattern) => (SyntheticAnalysis.TypeOf(head), pattern) switch
    {
        ("induction", "inductionNew" or "secondCopy") => 1.2,
        ("induction", "inductionWrong" or "firstCopy") => -0.6,
        (_, "secondCopy") => -1.3,
        ("multigram", "memorisedNGram") => 0.3,
        _ => 0,
    };

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
