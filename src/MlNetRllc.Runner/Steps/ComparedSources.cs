using Microsoft.ML;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>The sources of features that a compare step compares.</summary>
/// <param name="context">The step.</param>
internal sealed class ComparedSources(StudyContext context)
{
    /// <summary>The step's inputs.</summary>
    public const string Types = "types", Patterns = "patterns", Control = "control", Rllc = "rllc";

    private readonly CompareOptions options = context.Step.Get<CompareOptions>();
    private readonly StepSpec sample = SampleOf(context.Pipeline, context.Step);

    /// <summary>The sample step behind the patterns.</summary>
    public static StepSpec SampleOf(Pipeline pipeline, StepSpec step, string input = Patterns) =>
        pipeline.InputOf(pipeline.InputOf(step, input), "traces");

    /// <summary>All sources, in the order of the table.</summary>
    /// <exception cref="InvalidDataException">Inputs do not go together, or lack what an option names.</exception>
    public IReadOnlyList<FeatureSource> Gather()
    {
        CheckControl();
        var (pipeline, cells) = (context.Pipeline, CellsOf(Patterns));
        var natural = SampledContexts.ProbesOf(pipeline, sample).Where(p => p.Probe.Question is null).Select(p => p.Name).ToList();
        if (options.NaturalText is { } text && !natural.Contains(text))
            throw new InvalidDataException($"the step '{sample.Name}' has no probe set '{text}' of a dataset's own contexts; it has: "
                + $"{(natural.Count > 0 ? string.Join(", ", natural) : "none")}.");
        var features = new PatternFeatures(
            natural.ToHashSet(StringComparer.Ordinal), options.NaturalText ?? natural.FirstOrDefault(), options.MinimumErrors);
        var sources = new List<FeatureSource> { SourceOf("patterns", features.From(cells)) };
        if (context.Step.Has(Control)) sources.Add(SourceOf("control", features.From(CellsOf(Control))));
        if (context.Step.Has(Rllc)) sources.AddRange(Curves());
        sources.AddRange(WithoutSampling(features, natural));
        return sources;
    }

    private void CheckControl()
    {
        if (!context.Step.Has(Control)) return;
        var chains = SampleOf(context.Pipeline, context.Step, Control);
        if (!chains.Get<SgldOptions>().Control)
            throw new InvalidDataException($"the step '{context.Step.Name}' takes the chains of '{chains.Name}' for a control, but they "
                + "follow the loss's gradient; give that step control: true, or leave the input out.");
    }

    private FeatureSource SourceOf(string name, IReadOnlyList<HeadFeature> features)
    {
        foreach (var wanted in options.Features ?? [])
            if (!features.Any(f => f.IsNamed(wanted)))
                throw new InvalidDataException($"the step '{context.Step.Name}' names the pattern '{wanted}', which no probe set has; "
                    + $"there are: {string.Join(", ", features.Select(f => $"{f.Of.Probe}/{f.Of.Pattern}"))}.");
        return new(name, [.. features.Where(f => options.Features?.Any(f.IsNamed) ?? !f.IsWhole)]) { Ordering = features };
    }

    /// <summary>The rLLCs by pattern at the last checkpoint, on the dataset.</summary>
    private List<PatternCell> CellsOf(string input)
    {
        var rows = context.Ml.Data.CreateEnumerable<PatternRllcRow>(
            context.ReadInput<IDataView>(input), reuseRowObject: false, ignoreMissingColumns: true).ToList();
        var last = rows.Max(r => r.Step);
        CheckLast(context.Step.Input(input), last);
        var dataset = DatasetOf(input, [.. rows.Select(r => r.Dataset).Distinct()]);
        return
        [
            .. rows.Where(r => r.Step == last && r.Dataset == dataset).Select(r => new PatternCell(
                r.Component, r.Probe, r.Pattern, r.Rllc, Math.Sqrt(r.RllcStdErr * r.RllcStdErr + r.TextStdErr * r.TextStdErr))),
        ];
    }

    private void CheckLast(string step, int last)
    {
        var types = context.Ml.Data.CreateEnumerable<HeadTypeRow>(
            context.ReadInput<HeadTypes>(Types).Rows, reuseRowObject: true, ignoreMissingColumns: true).Max(r => r.Step);
        var trained = ChosenCheckpoints.StepsOf(Model.Checkpoints)[^1];
        if (last != trained || types != trained)
            throw new InvalidDataException($"'{step}' ends at step {last}, the types of '{context.Step.Input(Types)}' at {types} and the "
                + $"model at {trained}; compare steps look at the last checkpoint, which all need.");
    }

    private string DatasetOf(string input, List<string> datasets) =>
        options.Dataset is not { } named ? datasets[0]
        : datasets.Contains(named) ? named
        : throw new InvalidDataException(
            $"the step '{context.Step.Input(input)}' has no dataset '{named}'; it has: {string.Join(", ", datasets)}.");

    private LanguageModelTransformer Model => context.ReadInputOf<LanguageModelTransformer>(sample, "model");

    private IEnumerable<FeatureSource> Curves()
    {
        var estimates = context.ReadInput<EstimatedRows>(Rllc).ReadEstimates(context.Ml);
        var features = estimates.GroupBy(e => (e.Dataset, e.Step)).Select(g => (g.Key.Dataset, Feature: new HeadFeature(
            $"{g.Key.Dataset} at step {g.Key.Step}", g.ToDictionary(e => e.Component, e => e.Rllc)))).ToList();
        var datasets = features.Select(f => f.Dataset).Distinct().ToList();
        var dataset = DatasetOf(Rllc, datasets);
        yield return new("rllc", [.. features.Where(f => f.Dataset == dataset).Select(f => f.Feature)]);
        if (datasets.Count > 1) yield return new("rllc-datasets", [.. features.Select(f => f.Feature)]);
    }

    private IEnumerable<FeatureSource> WithoutSampling(PatternFeatures patterns, List<string> natural)
    {
        var (model, cells, ratios) = (Model, new List<PatternCell>(), new List<HeadFeature>());
        foreach (var probe in SampledContexts.LoadProbes(context, sample))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.ShowProgress(0, $"ablating heads on {probe.Name}");
            var heads = new HeadsOnProbe(model.Config, model.Weights, probe.Contexts);
            cells.AddRange(heads.Ablate(probe.Patterns).Select(a =>
                new PatternCell(a.Head, probe.Name, a.Pattern, a.Rise.Value, a.Rise.StdErr)));
            if (natural.Contains(probe.Name))
                ratios.Add(new($"{probe.Name} directions", heads.ParticipationRatios()));
        }
        yield return SourceOf("ablation", patterns.From(cells));
        yield return new("participation", ratios, ratios.Count == 0 ? "there is no probe set of a dataset's own contexts" : "");
    }
}
