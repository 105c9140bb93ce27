using MlNetRllc.Core.Estimation;
using MlNetRllc.Estimation;

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
    public static IReadOnlyList<PatternRllcRow> Create(IReadOnlyList<string> heads, IReadOnlyList<int> steps)
    {
        var random = new Random(11);
        PatternRllcRow[] rows =
        [
            .. from step in steps from head in heads from dataset in (string[])["docs", "code"] from pattern in Patterns
               select Row(new() { Step = step, Component = head, Dataset = dataset, Probe = pattern.Probe, Pattern = pattern.Pattern,
                   Tokens = pattern.Tokens, Status = "ok" }, step / (double)steps[^1], random),
        ];
        var q = FalseDiscovery.QValues([.. rows.Select(r => r.PValue)]);
        for (var i = 0; i < rows.Length; i++) rows[i].QValue = q[i];
        return rows;
    }

    private static PatternRllcRow Row(PatternRllcRow row, double progress, Random random)
    {
        var (head, number) = (row.Component, row.Component[^1] - '0');
        (row.DataShare, row.DataShareStdErr) = (0.006 + 0.0007 * number, 0.0008);
        row.Profile = row.ProfileStdErr = row.ProfileTextStdErr = row.PValue = row.BaselineLoss = double.NaN;
        if (row.Tokens == 0)
        {
            row.Rllc = row.RllcStdErr = row.TextStdErr = row.RHat = row.Ess = double.NaN;
            (row.Status, row.StatusReason) = ("missing", "no token of the probe set 'natural' has the pattern 'digits'.");
            return row;
        }
        var isWhole = row.Pattern == ProbeTrace.WholeSet;
        var profile = isWhole ? 1 : 1 + progress * Lift(head, row.Pattern) + 0.06 * Normal(random);
        (row.BaselineLoss, row.Rllc) = (6 - 3 * progress, (0.4 + 2 * progress + 0.1 * number) * profile);
        (row.RllcStdErr, row.TextStdErr, row.RHat, row.Ess) = (0.05, 0.08, 1.004, 310);
        if (head == "l0h3" && row.Pattern == "rightBracket")
            (row.Status, row.StatusReason, row.RHat) = ("not-converged", "R-hat is 1.09; at most 1.05 is wanted", 1.09);
        if (row.Step == 0 && head[1] == '0' && !isWhole) return row;
        var (chains, texts) = isWhole ? (0, 0) : (0.04, 0.3 / Math.Sqrt(row.Tokens / 30.0));
        (row.Profile, row.ProfileStdErr, row.ProfileTextStdErr) = (profile, chains, texts);
        if (!isWhole) row.PValue = Math.Exp(-0.5 * Math.Pow((profile - 1) / double.Hypot(chains, texts), 2));
        return row;
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
