
using MlNetRllc.Estimation;
using static MlNetRllc.Runner.Report.Figures.CaptionWords;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>Training and validation loss.</summary>
internal sealed class LossFigure : StudyFigure
{
    public override string Id => "loss";

    public override string ShortName => "Loss";

    public override FigureText? Tell(StudyView view)
    {
        var (checkpoints, entropies) = (view.Study.Checkpoints, view.Study.Entropies);
        if (checkpoints.Count == 0) return null;
        var known = checkpoints.Where(c => double.IsFinite(c.ValidationLoss)).ToList();
        if (known.Count == 0) return new("Loss over training", "", "No text was held out for validation.");
        var final = known[^1].ValidationLoss;
        List<string> against = [];
        if (double.IsFinite(entropies.Unigram))
            against.Add($"{Apart(final, entropies.Unigram)} the unigram entropy ({Number(entropies.Unigram)})");
        if (double.IsFinite(entropies.Bigram))
            against.Add($"{Apart(final, entropies.Bigram)} the bigram entropy ({Number(entropies.Bigram)})");
        var best = known.MinBy(c => c.ValidationLoss)!;
        var below = known.FirstOrDefault(c => c.ValidationLoss < entropies.Bigram);
        return new("Loss over training",
            $"The validation loss ends at {Number(final)} nats per token{(against.Count > 0 ? ", " + Listed(against) : "")}.",
            Sentences($"The lowest validation loss, {Number(best.ValidationLoss)}, is at step {Step(best.Step)}.",
                below is not null
                ? $"The first checkpoint below the bigram entropy is step {Step(below.Step)}: "
                    + "from there on the model uses more than the previous token."
                : double.IsFinite(entropies.Bigram) ? "The model does not get below the bigram entropy." : "",
                StagesTold(view)));
    }

    private static string Apart(double loss, double entropy) =>
        $"{Number(Math.Abs(entropy - loss))} {(loss < entropy ? "below" : "above")}";

    private static bool HasError(StageRow stage) => double.IsFinite(stage.ToLow) && double.IsFinite(stage.ToHigh);

    private static string EndTold(StageRow stage) =>
        Step(stage.To) + (HasError(stage) ? $" ({Step(stage.ToLow)} to {Step(stage.ToHigh)})" : "");

    private static string StagesTold(StudyView view)
    {
        var (stages, boundaries) = (view.Study.Stages, view.Boundaries);
        if (stages.Count == 0) return "";
        if (boundaries.Count == 0)
        {
            return "The whole model's coefficient shows no plateau between two rises, "
                + "so training is one stage and no boundary is drawn.";
        }
        var ends = stages.OrderBy(s => s.From).SkipLast(1).ToList();
        return $"Vertical lines, here and in every figure over training, part {Count(stages.Count, "stage")}: "
            + "plateaus of the whole model's coefficient in log step, at "
            + $"{(boundaries.Count == 1 ? "step" : "steps")} {Listed(ends.Select(EndTold))}."
            + (ends.Any(HasError) ? " In brackets, where two thirds of the ends lie when the estimates are moved by their errors." : "");
    }
}
