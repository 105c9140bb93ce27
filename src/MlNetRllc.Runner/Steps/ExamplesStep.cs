using Microsoft.ML;
using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Shows what heads attend to and which tokens' losses they change, on contexts drawn from a text.</summary>
internal sealed class ExamplesStep : StepKind
{
    public override string Name => "examples";

    public override string Component => "the examples";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<IModelStep>("model", "a train step"),
        StepInput.Step<ClassifyStep>("types", "a classify step"),
        new("text", InputType.Dataset, "dataset whose contexts are shown"),
        new("heads", InputType.Texts, "heads that are shown; the best of each type when left out", Optional: true),
    ];

    public override IReadOnlyList<Type> Options { get; } = [typeof(ExamplesOptions)];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step) => StepCost.OfMoments;

    public override string Run(StudyContext context)
    {
        var (step, types) = (context.Step, context.ReadInput<HeadTypes>("types"));
        var heads = step.Has("heads") ? step.Inputs["heads"] : BestOfEachType(context.Ml, types);
        var file = Show(context, heads, types);
        context.GiveOutput(file);
        if (context.Restored is { } before) return before.Summary;
        context.Folder.WriteJson(Path.Combine("tables", $"{step.Name}.json"), file);
        context.KeepFile(context.Folder.At("tables", $"{step.Name}.json"));
        var shown = string.Join(", ", file.Heads.Select(h => $"{h.Head} ({h.Type})"));
        return $"{file.Contexts.Count} contexts of {file.Contexts[0].Tokens.Count} tokens; heads {shown}";
    }

    private static ExamplesFile Show(StudyContext context, IReadOnlyList<string> heads, HeadTypes types)
    {
        var (step, options) = (context.Step, context.Step.Get<ExamplesOptions>());
        var model = context.ReadInput<LanguageModelTransformer>("model");
        var drawn = ScoredText.Draw(context, Math.Max(options.Contexts, options.AblationContexts), 0);
        var contexts = ContextTables.Read(drawn.Evaluated, step.Input("text"));
        var found = new HeadExamples(model.Config, model.Weights, contexts).Look(heads, options.Contexts, options.Length);
        var texts = ScoredText.TokenTexts(context);
        return new(ChosenCheckpoints.StepsOf(model.Checkpoints)[^1], step.Input("text"), drawn.Split,
            [.. heads.Select(h => new ShownHead(h, types.Last.GetValueOrDefault(h, "")))],
            [.. found.Select(e => new ShownContext(
                [.. e.Tokens.Select(t => texts[t])],
                Rounded(e.Losses),
                [.. e.Heads.Select(h => new ShownAttention(
                    [.. h.Attention.Select(row => (IReadOnlyList<double>)[.. row.Select(a => Math.Round(a, 3))])],
                    Rounded(h.LossChange)))]))]);
    }

    private static double?[] Rounded(IReadOnlyList<float> values) =>
        [.. values.Select(v => float.IsFinite(v) ? Math.Round(v, 3) : (double?)null)];

    /// <summary>The head with the highest score of its type; of the types without a score, the one whose ablation costs most.</summary>
    private static List<string> BestOfEachType(MLContext ml, HeadTypes types)
    {
        var rows = ml.Data.CreateEnumerable<HeadTypeRow>(types.Rows, reuseRowObject: false).ToList();
        var last = rows.Where(r => r.Step == rows.Max(other => other.Step));
        return [.. last.GroupBy(r => r.HeadType).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.MaxBy(r => r.HeadType switch
        {
            "previous-token" => r.PreviousToken,
            "current-token" => r.CurrentToken,
            "induction" => r.PrefixMatching,
            _ => r.MeanAblation,
        })!.Component)];
    }
}
