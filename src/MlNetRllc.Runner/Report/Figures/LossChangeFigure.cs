using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Which tokens of example texts need a chosen head.</summary>
internal sealed class LossChangeFigure : StudyFigure
{
    public override string Id => "losses";

    public override string ShortName => "Loss change";

    public override FigureText? Tell(StudyView view)
    {
        var heads = ShownHeads.Find(view, h => h.LossChange.Any(double.IsFinite));
        if (heads.Count == 0) return null;
        var told = heads
            .Select(h => (h.Name, Mean: ValueWithError.MeanOf([.. h.Examples.SelectMany(e => e.LossChange).Where(double.IsFinite)])))
            .OrderByDescending(t => t.Mean.Value)
            .ToList();
        var texts = view.Study.Examples.Count == 1 ? "text" : "texts";
        var least = told.Count > 1 ? $", and {told[^1].Name} least, {WithError(told[^1].Mean)}" : "";
        return new("Which tokens need a head", "",
            Sentences(
                $"On the example {texts} ablating {told[0].Name} costs most, "
                + $"{WithError(told[0].Mean)} nats per token{least} (standard error over tokens).",
                "Orange: the token's loss rises without the head, so the head helps there. Blue: it falls. "
                + "Point at a token for its value."));
    }
}
