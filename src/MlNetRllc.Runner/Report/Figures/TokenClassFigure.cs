using MlNetRllc.Runner.Tables;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Classes of the tokens that each head matters for.</summary>
internal sealed class TokenClassFigure : StudyFigure
{
    public override string Id => "tokens";

    public override string ShortName => "Tokens";

    public override FigureText? Tell(StudyView view)
    {
        var rows = view.FinalScores.Where(r => Total(r) > 0).ToList();
        if (rows.Count == 0) return null;
        var multigrams = rows.Sum(r => r.NGramTokens + r.SkipNGramTokens) / rows.Sum(Total);
        var most = rows.MaxBy(r => r.InductionTokens / Total(r))!;
        var patterns = rows.Sum(r => r.InductionTokens) / rows.Sum(Total);
        var finding = $"Of the tokens that heads matter for, {Percent(multigrams)} are n-grams or skip n-grams "
            + $"and {Percent(patterns)} induction patterns; {most.Component} has the greatest share of induction patterns, "
            + $"{Share(most.InductionTokens, Total(most))}.";
        return new("What each head matters for", finding,
            Sentences(
                finding,
                Induction(view, rows),
                $"The {rows.Max(Total):F0} tokens of a head whose loss its mean ablation changes most, "
                + $"at step {Step(view.ScoredSteps[^1])}; each token is counted once, in the first class that fits. "
                + "\u00b1 is the binomial standard error, which treats tokens as independent."));
    }

    private static double Total(HeadScoreRow r) =>
        r.InductionTokens + r.BracketTokens + r.NGramTokens + r.SkipNGramTokens + r.UnexplainedTokens;

    private static string Share(double count, double total)
    {
        var share = count / total;
        return $"{Percent(share)} \u00b1 {Percent(Math.Sqrt(share * (1 - share) / total))}";
    }

    private static string Induction(StudyView view, List<HeadScoreRow> rows)
    {
        var induction = rows.Where(r => view.TypeOf(r.Component) == "induction").ToList();
        var rest = rows.Where(r => view.TypeOf(r.Component) != "induction").ToList();
        if (induction.Count == 0 || rest.Count == 0) return "";
        var ofInduction = Share(induction.Sum(r => r.InductionTokens), induction.Sum(Total));
        var ofRest = Share(rest.Sum(r => r.InductionTokens), rest.Sum(Total));
        return $"Induction patterns are {ofInduction} of the tokens of induction heads and {ofRest} of those of the other heads.";
    }
}
