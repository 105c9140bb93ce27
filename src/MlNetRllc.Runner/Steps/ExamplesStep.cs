using System.Text.Json;
using Microsoft.ML;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Shows what heads attend to and which tokens' losses they change, on contexts drawn from a text.</summary>
internal sealed class ExamplesStep : StepKind
{
    /// <summary>The input that names a sample step which kept single tokens.</summary>
    public const string Tokens = "tokens";

    /// <summary>To read a byte of what was kept; to look at a window of a context.</summary>
    private const double SecondsPerByte = 1e-8, SecondsPerWindow = 2e-3;

    /// <summary>A row's kept tokens while they are read, for a byte on the disk; a window in the file and in memory.</summary>
    private const double BytesPerKeptByte = 4, DiskBytesPerWindow = 2_500, BytesPerWindow = 10_000;

    public override string Name => "examples";

    public override string Component => "the examples";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<IModelStep>("model", "a train step"),
        StepInput.Step<ClassifyStep>("types", "a classify step"),
        new("text", InputType.Dataset, "dataset whose contexts are shown"),
        StepInput.Step<SampleStep>(Tokens, "a sample step that keeps single tokens: those that heads answer to", optional: true) with
        {
            With = SampleStep.Probes,
            Lacks = step => step.Get<SampledTextOptions>().Observe.Tokens == KeptTokens.None
                ? "keeps no single tokens (observe: { tokens: batches })"
                : null,
        },
        new("heads", InputType.Texts, "heads that are shown; the best of each type when left out", Optional: true),
    ];

    public override IReadOnlyList<Type> Options { get; } = [typeof(ExamplesOptions)];

    // What it writes beside the tables is none: a JSON file.
    public override IReadOnlyList<string> Tables => [];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        if (!step.Has(Tokens)) return StepCost.OfMoments;
        var sample = pipeline.InputOf(step, Tokens);
        var work = SampleStep.WorkOf(pipeline, sample);
        var rows = (double)work.Components.Count * sample.Inputs["datasets"].Count;
        var (kept, windows) = (work.Probes.TokenBytesOfARow, rows * TokenSamples.OfAHead);
        var seconds = StepCost.OfMoments.Seconds + rows * kept * SecondsPerByte + windows * SecondsPerWindow;
        return new($"{windows:N0} tokens in context", seconds, kept * BytesPerKeptByte + windows * BytesPerWindow,
            windows * DiskBytesPerWindow);
    }

    public override string Run(StudyContext context)
    {
        var (step, name) = (context.Step, $"{context.Step.Name}.json");
        if (context.Restored is { } before)
        {
            using var stream = SharedFile.OpenRead(context.Folder.At("tables", name));
            context.GiveOutput(JsonSerializer.Deserialize<ExamplesFile>(stream, RunRecord.Json)!);
            return before.Summary;
        }
        var types = context.ReadInput<HeadTypes>("types");
        var heads = step.Has("heads") ? step.Inputs["heads"] : BestOfEachType(context.Ml, types);
        var file = Show(context, heads, types);
        context.GiveOutput(file);
        context.Folder.WriteJson(Path.Combine("tables", name), file);
        context.KeepFile(context.Folder.At("tables", name));
        var shown = string.Join(", ", file.Heads.Select(h => $"{h.Head} ({h.Type})"));
        return $"{file.Contexts.Count} contexts of {file.Contexts[0].Tokens.Count} tokens; heads {shown}"
            + (file.Samples is { } samples ? $"; {samples.Count:N0} tokens in context" : "");
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
                    Rounded(h.LossChange)))]))])
        {
            Samples = step.Has(Tokens) ? TokenSamples.Show(context, context.Pipeline.InputOf(step, Tokens), texts) : null,
        };
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
