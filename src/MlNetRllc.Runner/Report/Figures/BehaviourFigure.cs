using MlNetRllc.Runner.Tables;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Behavioural scores of heads and of the whole model over training.</summary>
internal sealed class BehaviourFigure : StudyFigure
{
    public override string Id => "behaviour";

    public override string ShortName => "Behaviour";

    private const double ManyTimes = 2;

    public override FigureText? Tell(StudyView view)
    {
        var rows = view.FinalScores;
        if (!rows.Any(IsMeasured)) return null;
        var induction = Top(rows, "prefix matching", r => r.PrefixMatching, r => r.PrefixMatchingChance);
        return new("Behaviour over training", induction,
            Sentences(
                Top(rows, "previous token", r => r.PreviousToken, r => r.LastTokenChance),
                Top(rows, "current token", r => r.CurrentToken, r => r.LastTokenChance),
                induction,
                Context(rows[0]),
                Bigrams(view),
                WordsKnown(rows[0]),
                "Grey dotted lines: a head that attends to all tokens alike. "
                + "Bands are one standard error where one is known; attention scores have none."));
    }

    private static bool IsMeasured(HeadScoreRow row) =>
        double.IsFinite(row.PreviousToken) || double.IsFinite(row.PrefixMatching) || double.IsFinite(row.InContextLearning);

    private static string Top(
        IReadOnlyList<HeadScoreRow> rows, string name, Func<HeadScoreRow, double> score, Func<HeadScoreRow, double> chance)
    {
        var known = rows.Where(r => double.IsFinite(score(r))).ToList();
        if (known.Count == 0) return "";
        var best = known.MaxBy(score)!;
        var times = score(best) / chance(best);
        var highest = $"The highest {name} score at the end is that of {best.Component}, {Number(score(best))}";
        if (!double.IsFinite(times)) return highest + ".";
        return highest + (times >= ManyTimes
            ? $" ({Number(times, 2)} times even attention)."
            : $", no more than {Number(times, 2)} times even attention: no head stands out.");
    }

    private static string Context(HeadScoreRow row)
    {
        var score = new ValueWithError(row.InContextLearning, row.InContextLearningStdErr);
        if (!double.IsFinite(score.Value)) return "";
        return $"The in-context learning score (loss late in the context minus loss early) ends at {WithError(score)} nats: "
            + (score.IsClearlyBelow ? "more context helps." : "a gain from more context cannot be stated.");
    }

    private static string Bigrams(StudyView view)
    {
        var known = view.ScoredSteps.Select(view.ScoresAt)
            .Where(r => r.Count > 0).Select(r => r[0])
            .Where(r => double.IsFinite(AboveBigrams(r)))
            .ToList();
        if (known.Count == 0) return "";
        var nearest = known.MinBy(AboveBigrams)!;
        var nats = Number(AboveBigrams(nearest));
        return $"The prediction is nearest to the text's bigrams at step {Step(nearest.Step)}, {nats} nats above their entropy"
            + (nearest.Step < known[^1].Step
                ? $", and {Number(AboveBigrams(known[^1]))} at the end: it has moved on from bigrams."
                : ", which is the end: it has not moved on from bigrams.");
    }

    private static double AboveBigrams(HeadScoreRow row) => row.BigramCrossEntropy - row.BigramEntropy;

    private static string WordsKnown(HeadScoreRow row)
    {
        var known = row.NGrams.Select((v, i) => (Tokens: i + 2, Value: v)).Where(n => double.IsFinite(n.Value)).ToList();
        if (known.Count == 0) return "";
        var less = known.All(n => n.Value < 0);
        var lengths = Listed(known.Select(n => $"{n.Tokens}"));
        var nats = Listed(known.Select(n => Number(less ? -n.Value : n.Value)));
        return $"The last token of a word of {lengths} tokens costs {nats} nats {(less ? "less" : "more")} "
            + "than a token at the same place of the text"
            + (less ? ": words are known." : ", so a knowledge of words is not seen for all lengths.");
    }
}
