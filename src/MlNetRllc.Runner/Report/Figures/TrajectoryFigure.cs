using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The rLLC of all heads over training, layers apart.</summary>
internal sealed class TrajectoryFigure : StudyFigure
{
    public override string Id => "rllc";

    public override string ShortName => "rLLC";

    public override FigureText? Tell(StudyView view) => Tell(view, view.TrainingText);

    public override IReadOnlyDictionary<string, FigureText> TellByText(StudyView view) =>
        view.Datasets.Where(d => d != view.TrainingText)
            .Select(d => (Text: d, Told: Tell(view, d))).Where(t => t.Told is not null)
            .ToDictionary(t => t.Text, t => t.Told!, StringComparer.Ordinal);

    private static FigureText? Tell(StudyView view, string text)
    {
        if (view.Study.Rllc.Count == 0) return null;
        // What else was sampled, such as the whole model, is of another size than a head.
        var components = view.Heads.Count > 0 ? view.Heads : view.Components;
        var ends = components
            .Select(c => (Name: c, Value: view.Final(c, text), First: view.Known(view.Steps[0], c, text).Value))
            .Where(e => double.IsFinite(e.Value.Value))
            .OrderByDescending(e => e.Value.Value)
            .ToList();
        var title = "rLLC of every head over training";
        var marks = "Bands are one standard error; a hollow point marks an estimate whose status is not ok. "
            + "A click on a point takes every panel there.";
        if (ends.Count == 0) return new(title, "", $"No estimate on {text} at the last checkpoint is ok. {marks}");

        var estimated = components.Count(c => view.Row(view.LastStep, c, text) is not null);
        var finding = $"On {text} at step {Step(view.LastStep)}, "
            + (2 * ends.Count < estimated
                ? $"{ends.Count} of {Count(estimated, "estimate")} {(ends.Count == 1 ? "is" : "are")} ok, "
                    + "too few to say which head is highest"
                : (ends.Count < estimated ? $"of the {ends.Count} of {estimated} estimates that are ok, " : "") + Extremes(ends));
        var risen = ends.Where(e => double.IsFinite(e.First)).ToList();
        return new(title, finding + ".",
            Sentences(
                risen.Count > 0
                ? $"On {text}, {risen.Count(e => e.Value.Value > e.First)} of the {Count(risen.Count, "curve")} that "
                    + $"{(risen.Count == 1 ? "is" : "are")} ok at both ends, of {components.Count}, end above where they began."
                : "",
                Spreads(view, text),
                ByType(view, text),
                view.LeftOut(components, text),
                marks));
    }

    private static string Extremes(List<(string Name, ValueWithError Value, double First)> ends)
    {
        var highest = $"{ends[0].Name} has the highest rLLC, {WithError(ends[0].Value)}";
        if (ends.Count == 1) return highest;
        var apart = ends[0].Value - ends[^1].Value;
        return $"{highest}, and {ends[^1].Name} the lowest, {WithError(ends[^1].Value)}"
            + (apart.IsClearlyAbove ? $": {Number(apart.StandardErrors, 2)} standard errors apart"
                : apart.StandardErrors >= 0 ? ", which their errors do not tell apart" : "");
    }

    /// <summary>Layers whose spread is told one by one; of more, how many come apart.</summary>
    private const int LayersTold = 4;

    private static string Spreads(StudyView view, string text)
    {
        var layers = view.Heads.Select(StudyView.LayerOf).Distinct().Order().ToList();
        var told = layers.Select(l => SpreadOf(view, l, text)).ToList();
        if (layers.Count <= LayersTold) return Sentences(told);
        var apart = told.Count(t => t.EndsWith("curves come apart.", StringComparison.Ordinal));
        return $"The curves of {apart} of {Count(layers.Count, "layer")} come apart.";
    }

    /// <summary>Whether a layer's curves come apart: their standard deviation over heads grows, and exceeds their errors.</summary>
    private static string SpreadOf(StudyView view, int layer, string text)
    {
        var heads = view.Heads.Where(h => StudyView.LayerOf(h) == layer).ToList();
        (double Spread, double Error) At(int step)
        {
            var values = heads.Select(h => view.Known(step, h, text))
                .Where(v => double.IsFinite(v.Value) && double.IsFinite(v.StdErr)).ToList();
            if (values.Count < 3) return (double.NaN, double.NaN);
            var mean = values.Average(v => v.Value);
            return (Math.Sqrt(values.Sum(v => Math.Pow(v.Value - mean, 2)) / (values.Count - 1)),
                Math.Sqrt(values.Average(v => v.StdErr * v.StdErr)));
        }
        var (first, last) = (At(view.Steps[0]), At(view.LastStep));
        if (!double.IsFinite(first.Spread) || !double.IsFinite(last.Spread)) return "";
        var beyondErrors = last.Spread > ValueWithError.Clear * last.Error;
        var verdict = last.Spread > 2 * first.Spread && beyondErrors ? "come apart"
            : beyondErrors ? "do not come apart further" : "do not come apart by more than their errors";
        return $"The standard deviation over the heads of layer {layer} goes from {Number(first.Spread, 2)} to "
            + $"{Number(last.Spread, 2)} (errors {Number(last.Error, 2)}): the curves {verdict}.";
    }

    private static string ByType(StudyView view, string text)
    {
        if (!view.HasTypes) return "";
        var groups = view.Heads.GroupBy(view.TypeOf).Where(g => g.Key.Length > 0)
            .Select(g => (Type: g.Key, Values: g.Select(h => view.Final(h, text).Value).Where(double.IsFinite).ToList()))
            .Where(g => g.Values.Count > 0)
            .Select(g => $"{g.Type} {WithError(ValueWithError.MeanOf(g.Values))} ({Count(g.Values.Count, "head")})").ToList();
        if (groups.Count < 2) return "";
        return $"Final means by type, with the standard error of the spread over heads: {string.Join("; ", groups)}.";
    }
}
