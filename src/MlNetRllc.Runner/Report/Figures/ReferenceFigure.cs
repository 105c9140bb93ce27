using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Tables;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The rLLC of each layer's heads against a frozen one-layer model: the sign of a multigram circuit.</summary>
internal sealed class ReferenceFigure : StudyFigure
{
    public override string Id => "reference";

    public override string ShortName => "Against one layer";

    public override FigureText? Tell(StudyView view)
    {
        var rows = view.Study.Reference.Where(r => LayerOf(r) >= 0).ToList();
        var layers = rows.Where(r => r.IsOk).GroupBy(LayerOf)
            .OrderBy(g => g.Key).Select(g => (Layer: g.Key, Curve: Means(Whole(g)))).ToList();
        if (rows.Count == 0) return null;
        var told = layers.Select(l => Told(l.Layer, l.Curve));
        return new("rLLC against a frozen one-layer model", Verdict(layers),
            Sentences([
                .. told,
                Verdict(layers),
                StudyView.LeftOut(rows, "over training"),
                "The loss is the divergence of this model's prediction from the one-layer model's. "
                + "Thick lines are the layer as a whole, or the mean over its heads where only heads were sampled; "
                + "bands are one standard error.",
            ]))
        {
            // A layer without an estimate that is ok is drawn, and has no mean.
            Data = rows.Select(LayerOf).Distinct().Order().Select(layer => new
            {
                Layer = layer,
                Points = layers.Where(l => l.Layer == layer).SelectMany(l => l.Curve)
                    .Select(p => new { p.Step, p.Mean.Value, p.Mean.StdErr }),
            }),
        };
    }

    /// <summary>Layer of a head, or of a component that is a layer, such as <c>l0</c>; -1 for any other.</summary>
    private static int LayerOf(RllcRow row) =>
        row.Component.Contains(' ', StringComparison.Ordinal) ? -1 : HeadName.LayerOf(row.Component) ?? -1;

    /// <summary>The layer's own estimates where it was sampled as a whole, else those of its heads.</summary>
    private static IEnumerable<RllcRow> Whole(IEnumerable<RllcRow> layer) =>
        layer.GroupBy(r => StudyView.LayerOf(r.Component) < 0).MaxBy(g => g.Key)!;

    private static List<(int Step, ValueWithError Mean)> Means(IEnumerable<RllcRow> rows) =>
    [
        .. rows.GroupBy(r => r.Step).OrderBy(g => g.Key)
            .Select(g => (g.Key, ValueWithError.Mean([.. g.Select(r => new ValueWithError(r.Rllc, r.RllcStdErr))]))),
    ];

    private static string Told(int layer, List<(int Step, ValueWithError Mean)> curve)
    {
        var (peak, end) = (curve.MaxBy(p => p.Mean.Value), curve[^1]);
        return peak.Step == end.Step ? $"Layer {layer} is highest at the last checkpoint ({WithError(end.Mean)})."
            : $"Layer {layer} peaks at step {Step(peak.Step)} ({WithError(peak.Mean)}) "
                + $"and ends at {WithError(end.Mean)}, {Difference(peak.Mean - end.Mean)} lower.";
    }

    /// <summary>The paper's pattern: after its peak the first layer falls while the second rises.</summary>
    private static string Verdict(List<(int Layer, List<(int Step, ValueWithError Mean)> Curve)> layers)
    {
        if (layers.Count < 2 || layers[0].Curve.Count < 2) return "";
        var (first, second) = (layers[0], layers[1]);
        var peak = first.Curve.MaxBy(p => p.Mean.Value);
        if (peak.Step == first.Curve[^1].Step)
        {
            return $"Layer {first.Layer} is still at its highest at the end, "
                + "so the fall that a multigram circuit would show is not seen.";
        }
        var before = second.Curve.Where(p => p.Step <= peak.Step);
        var then = before.Select(p => (ValueWithError?)p.Mean).LastOrDefault() ?? second.Curve[0].Mean;
        var (fall, rise) = (peak.Mean - first.Curve[^1].Mean, second.Curve[^1].Mean - then);
        var way = rise.Value >= 0 ? "rises" : "falls";
        var changes = $"after step {Step(peak.Step)} layer {first.Layer} falls by {Difference(fall)} "
            + $"and layer {second.Layer} {way} by {Difference(rise)}";
        if (fall.IsClearlyAbove && rise.IsClearlyAbove)
            return $"Against a one-layer model, {changes}: the sign of a multigram circuit.";
        return $"Against a one-layer model, {changes}: the sign of a multigram circuit "
            + $"(layer {first.Layer} falls while layer {second.Layer} rises, both by more than 2 standard errors) is not seen.";
    }
}
