using Microsoft.ML;
using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Shows what heads attend to and which tokens' losses they change, on contexts drawn from a text.</summary>
internal static class ExamplesStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var model = context.Output<LanguageModelTransformer>(step, "model");
        var types = context.Output<HeadTypes>(step, "types");
        var options = step.Get<ExamplesOptions>();
        var heads = step.Has("heads") ? step.Inputs["heads"] : BestOfEachType(context.Ml, types);
        var (text, _, split) = ScoredText.Draw(context, step, Math.Max(options.Contexts, options.AblationContexts), 0);
        var contexts = ContextTables.Read(text, step.Input("text"));
        var found = new HeadExamples(model.Config, model.Weights, contexts).Look(heads, options.Contexts, options.Length);
        var texts = ScoredText.TokenTexts(context, step);
        var file = new ExamplesFile(ChosenCheckpoints.StepsOf(model.Checkpoints)[^1], step.Input("text"), split,
            [.. heads.Select(h => new ShownHead(h, types.Last.GetValueOrDefault(h, "")))],
            [.. found.Select(e => new ShownContext([.. e.Tokens.Select(t => texts[t])], Rounded(e.Losses), [.. e.Heads.Select(h => new ShownAttention(
                [.. h.Attention.Select(row => (IReadOnlyList<double>)[.. row.Select(a => Math.Round(a, 3))])], Rounded(h.LossChange)))]))]);
        context.Put(step, file);
        if (context.Restored is { } before) return before.Summary;
        context.Folder.WriteJson(Path.Combine("tables", $"{step.Name}.json"), file);
        context.Keep(context.Folder.At("tables", $"{step.Name}.json"));
        return $"{found.Count} contexts of {found[0].Tokens.Count} tokens; heads {string.Join(", ", file.Heads.Select(h => $"{h.Head} ({h.Type})"))}";
    }

    private static double?[] Rounded(IReadOnlyList<float> values) => [.. values.Select(v => float.IsFinite(v) ? Math.Round(v, 3) : (double?)null)];

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
