using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Asks which measurement knows what heads do: clusters heads by their rLLCs by pattern and by its rivals, and compares the
/// clusters with the heads' types.</summary>
/// <remarks>Types, patterns and activations are those of the last checkpoint; curves go over all.</remarks>
internal sealed class CompareStep : StepKind
{
    /// <summary>Forward passes for each head, of which a training step takes three: the ablation, and what all share.</summary>
    private const double PassesPerHead = 1.2, PassesPerTrainingStep = 3;

    public override string Name => "compare";

    public override string Component => "the comparison with types";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<ClassifyStep>(ComparedSources.Types, "a classify step, with whose types clusters are compared"),
        StepInput.Step<PatternsStep>(ComparedSources.Patterns, "a patterns step, on whose probe sets heads are ablated too"),
        StepInput.Step<PatternsStep>(
            ComparedSources.Control, "a patterns step over chains that leave the loss's gradient out", optional: true),
        StepInput.Step<EstimateStep>(ComparedSources.Rllc, "an estimate step, whose curves are compared too", optional: true),
    ];

    public override IReadOnlyList<Type> Options { get; } = [typeof(CompareOptions)];

    public override IReadOnlyList<string> Tables { get; } = ["", "-induction", "-features"];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var sample = ComparedSources.SampleOf(pipeline, step);
        var (model, shape) = (pipeline.InputOf(sample, "model"), pipeline.ModelShape(pipeline.InputOf(sample, "model")));
        double heads = shape.Layers * shape.Heads;
        var tokens = SampledContexts.ProbesOf(pipeline, sample)
            .Sum(p => (double)p.Probe.Contexts * p.Probe.LengthOf(shape.ContextLength));
        var seconds = heads * PassesPerHead * tokens / (PassesPerTrainingStep * pipeline.TrainingSpeedOf(model));
        // The stream before and behind attention, and mixed values, of every layer; the last layer's products with the vocabulary.
        var floats = tokens * (4.0 * shape.Layers * shape.ModelWidth + shape.VocabularySize) + shape.ParameterCount;
        return new($"{heads:N0} heads on {tokens:N0} tokens", StepCost.OfMoments.Seconds + seconds, sizeof(float) * floats,
            StepCost.OfMoments.DiskBytes);
    }

    public override string Run(StudyContext context)
    {
        if (context.Restored is { } before) return before.Summary;
        var types = context.ReadInput<HeadTypes>(ComparedSources.Types).Last;
        var comparison = new TypeComparison(types, context.Step.Get<CompareOptions>());
        var sources = new ComparedSources(context).Gather();
        var compared = sources.Select(comparison.Compare).ToList();
        var ranks = sources.SelectMany(comparison.Ranks).ToList();
        context.SaveTable(compared.Select(c => c.Row));
        context.SaveTable(ranks, "-induction");
        context.SaveTable(compared.SelectMany(c => c.Features), "-features");
        foreach (var (row, _) in compared)
        {
            context.TellNumber($"adjustedRandIndex.{row.Source}", row.AdjustedRand);
            context.TellNumber($"pValue.{row.Source}", row.PValue);
        }
        return Summary([.. compared.Select(c => c.Row)], ranks);
    }

    private static string Summary(List<ComparisonRow> rows, List<InductionRankRow> ranks)
    {
        var indices = rows.Select(r => $"{r.Source} {r.AdjustedRand:F2} (p {r.PValue:G2})");
        var places = ranks.Where(r => r.InductionHeads > 0 && r.InductionRanks.Length > 0)
            .Select(r => $"{r.Source} by {r.RankedBy} {r.InductionRanks} of {r.Heads}").ToList();
        return $"adjusted Rand index over {rows[0].Heads} heads of {rows[0].Types} types: {string.Join(", ", indices)}; "
            + (places.Count > 0 ? $"ranks of the induction heads: {string.Join(", ", places)}"
                : ranks.Select(r => r.Note).FirstOrDefault(note => note.Length > 0) ?? "no induction heads are ordered");
    }
}
