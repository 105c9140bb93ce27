using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Heads;

/// <summary>Names what each head of a checkpoint does, from how its scores stand against the other
/// heads'.</summary>
/// <remarks>
/// <para>The rule. For the previous-token, current-token and prefix-matching score of a head:</para>
/// <list type="number">
/// <item>reference: the lower quartile of the other heads' scores, or the score of a head that
/// attends to all tokens alike, where that is higher;</item>
/// <item>margin: the score over its reference. The head <em>stands out</em> from
/// <see cref="HeadClassifierOptions.LeastMargin"/> on, and is one of the crowd up to
/// <see cref="HeadClassifierOptions.CrowdMargin"/>.</item>
/// </list>
/// <para>One that stands out is of the type in which its margin is greatest (prefix matching:
/// induction), but unclear when a second margin comes near. One of the crowd in all three is
/// multigram if ablating it raises the loss by more than its error allows for
/// (<see cref="HeadClassifierOptions.LeastEffect"/>) and, where <see cref="TokenClasses"/> are
/// given, more of the tokens it matters for are n-grams and skip n-grams than induction patterns
/// and brackets. Everything else is unclear.</para>
/// <para>No score has a fixed threshold: in the paper's own model a previous-token head scores 0.29
/// and an induction head 0.08. The lower quartile stands for the crowd because several heads of one
/// type are usual, and scores between the crowd's and theirs too; the rule supposes that fewer than
/// three quarters of the heads are of one of the three types. With fewer than 3 other heads the
/// reference is even attention alone. A missing score (NaN) speaks for nothing; a head without any
/// score is unclear.</para>
/// </remarks>
public static class HeadClassifier
{
    private const int FewestOthers = 3;

    private static readonly HeadType[] Types = [HeadType.PreviousToken, HeadType.CurrentToken, HeadType.Induction];

    /// <summary>Classifies the heads of one checkpoint.</summary>
    /// <param name="scores">Their scores.</param>
    /// <param name="options">When a score stands out.</param>
    /// <param name="tokens">The tokens that each head matters for, by head in the same order; null
    /// leaves them out of account.</param>
    /// <exception cref="ArgumentException">There are token classes of other heads.</exception>
    public static IReadOnlyList<HeadClass> Classify(
        HeadScores scores, HeadClassifierOptions? options = null, IReadOnlyList<TokenClasses>? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (tokens is not null && !tokens.Select(t => t.Name).SequenceEqual(scores.Heads.Select(h => h.Name)))
            throw new ArgumentException(
                "The token classes must be those of the scored heads, in the same order.", nameof(tokens));
        HeadEvidence Evidence(HeadScore head, int at) => new(
            head.Name,
            head.PreviousToken,
            head.CurrentToken,
            head.PrefixMatching,
            head.MeanAblation,
            tokens?[at].Counts);
        return Classify([.. scores.Heads.Select(Evidence)], scores.Chance, options);
    }

    /// <summary>Classifies the heads of one checkpoint.</summary>
    /// <param name="heads">What is known of each.</param>
    /// <param name="chance">Scores of even attention; NaN leaves them out of account.</param>
    /// <param name="options">When a score stands out.</param>
    public static IReadOnlyList<HeadClass> Classify(
        IReadOnlyList<HeadEvidence> heads, AttentionChance chance, HeadClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(heads);
        var rule = (options ?? new()).Validated();
        var standings = Types.Select(type => Standings(type, [.. heads.Select(h => ScoreOf(h, type))],
            type == HeadType.Induction ? chance.PrefixMatching : chance.LastToken)).ToArray();
        return [.. heads.Select((head, i) =>
        {
            ScoreStanding[] own = [.. standings.Select(s => s[i])];
            var (type, reason) = Decide(head, own, rule);
            return new HeadClass(head.Name, type, own, reason);
        })];
    }

    private static double ScoreOf(HeadEvidence head, HeadType type) => type switch
    {
        HeadType.PreviousToken => head.PreviousToken,
        HeadType.CurrentToken => head.CurrentToken,
        _ => head.PrefixMatching,
    };

    private static ScoreStanding[] Standings(
        HeadType type, double[] scores, double chance) => [.. scores.Select((score, i) =>
    {
        if (double.IsNaN(score)) return new ScoreStanding(type, score, 0, double.NaN, double.NaN);
        double[] others = [.. scores.Where((s, j) => j != i && !double.IsNaN(s))];
        var reference = others.Length < FewestOthers ? chance
            : double.IsNaN(chance) ? Statistics.Quantile(others, 0.25) : Math.Max(Statistics.Quantile(others, 0.25), chance);
        // Where nothing is known of even attention and the crowd attends nowhere: below any
        // attention that float32 resolves.
        return new ScoreStanding(
            type,
            score,
            1 + scores.Count(s => s > score),
            reference,
            score / Math.Max(reference, 1e-12));
    })];

    private static (HeadType Type, string Reason) Decide(
        HeadEvidence head, ScoreStanding[] standings, HeadClassifierOptions rule)
    {
        var known = standings.Where(s => !double.IsNaN(s.Margin)).OrderByDescending(s => s.Margin).ToArray();
        if (known.Length == 0) return (HeadType.Unclear, "No attention score could be measured.");
        var (best, second) = (known[0], known.ElementAtOrDefault(1));
        if (best.Margin >= rule.LeastMargin)
            return second is not null && second.Margin >= rule.LeastMargin && second.Margin > rule.TieShare * best.Margin
                ? (HeadType.Unclear, $"It stands out as {Told(best)} and nearly as much as {Told(second)}.")
                : (best.Type, $"It stands out as {Told(best)}.");
        if (best.Margin > rule.CrowdMargin)
            return (HeadType.Unclear, $"It comes near to standing out as {Told(best)}.");

        const string crowd = "It stands out in no attention score";
        var effect = head.Ablation;
        var error = double.IsNaN(effect.StdErr) ? 0 : effect.StdErr;
        if (!(effect.Value > rule.LeastEffect * error))
            return (HeadType.Unclear,
                $"{crowd}, and ablating it changes the loss by {effect.Value:0.####} +- {effect.StdErr:0.####} nats.");
        if (head.Tokens is not { } tokens)
            return (HeadType.Multigram, $"{crowd}, and the loss rises by {effect.Value:0.####} nats without it.");
        var multigrams = tokens.NGrams + tokens.SkipNGrams;
        var counts = $"of the tokens it matters for {multigrams} are n-grams or skip n-grams, {tokens.Induction} induction patterns, "
            + $"{tokens.Brackets} brackets";
        return multigrams > tokens.Induction + tokens.Brackets
            ? (HeadType.Multigram, $"{crowd}; {counts}.")
            : (HeadType.Unclear, $"{crowd}, but {counts}.");
    }

    private static string Told(ScoreStanding standing) =>
        $"{HeadClass.WordOf(standing.Type)} (score {standing.Score:0.###}, rank {standing.Rank}, "
        + $"{standing.Margin:0.#} times {standing.Reference:0.###})";
}
