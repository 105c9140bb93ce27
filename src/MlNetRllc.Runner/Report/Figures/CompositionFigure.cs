using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Tables;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>K-, Q- and V-composition between the heads of neighbouring layers.</summary>
internal sealed class CompositionFigure : StudyFigure
{
    public override string Id => "composition";

    public override string ShortName => "Composition";

    /// <summary>A head that reads another's output.</summary>
    internal readonly record struct Pair(string From, string Into, double Value)
    {
        public override string ToString() => $"{From}\u2192{Into}";
    }

    public override FigureText? Tell(StudyView view)
    {
        var kinds = new (string Name, Func<HeadScoreRow, double[]> Of)[]
            {
                ("K", r => r.KComposition),
                ("Q", r => r.QComposition),
                ("V", r => r.VComposition),
            }
            .Select(k => (k.Name, Pairs: Pairs(view.FinalScores, k.Of))).Where(k => k.Pairs.Count > 0).ToList();
        if (kinds.Count == 0) return null;
        var told = kinds.Select(k =>
        {
            var (best, middle) = (k.Pairs.MaxBy(p => p.Value), Middle([.. k.Pairs.Select(p => p.Value)]));
            return $"{k.Name}-composition is strongest in {best}: {Number(best.Value)}, "
                + $"{Number(best.Value / middle, 2)} times the median of {Count(k.Pairs.Count, "pair")} ({Number(middle)}).";
        }).ToList();
        var circuit = kinds[0].Name == "K" ? Circuit(view, kinds[0].Pairs) : "";
        return new("Composition over training", circuit, Sentences([
            .. told,
            circuit,
            "Thick lines are the strongest pairs at the end, named as writer\u2192reader. "
            + "Composition is a property of the weights and has no sampling error; the other pairs are the measure of what is ordinary.",
        ]));
    }

    public static List<Pair> Pairs(IEnumerable<HeadScoreRow> rows, Func<HeadScoreRow, double[]> values) =>
    [
        .. rows.Where(r => StudyView.LayerOf(r.Component) > 0)
            .SelectMany(r => values(r).Select((v, h) => new Pair(Writer(r, h), r.Component, v)))
            .Where(p => double.IsFinite(p.Value)),
    ];

    /// <summary>The head of the layer before that writes what the row's head reads.</summary>
    private static string Writer(HeadScoreRow reader, int head) =>
        $"{new HeadName(StudyView.LayerOf(reader.Component) - 1, head)}";

    /// <summary>Whether induction heads read previous-token heads through their keys.</summary>
    private static string Circuit(StudyView view, List<Pair> pairs)
    {
        if (!view.HasTypes) return "";
        var readers = view.OfType("induction").Where(h => pairs.Any(p => p.Into == h)).ToList();
        if (readers.Count == 0 || view.OfType("previous-token").Count == 0)
            return "Without both a previous-token head and an induction head above it there is no induction circuit to look for.";
        var strongest = readers.Select(h => pairs.Where(p => p.Into == h).MaxBy(p => p.Value)).ToList();
        var expected = strongest.Count(p => view.TypeOf(p.From) == "previous-token");
        var reads = $"{expected} {(expected == 1 ? "reads" : "read")}";
        var named = Listed(strongest.Select(p => $"{p}, {Number(p.Value)}"));
        return $"Of {Count(readers.Count, "induction head")}, {reads} a previous-token head most through the keys ({named})"
            + (expected == 0 ? ": the induction circuit is not seen in the weights." : ".");
    }

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
