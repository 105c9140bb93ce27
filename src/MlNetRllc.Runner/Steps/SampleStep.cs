using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Grid;
using MlNetRllc.Runner.Executors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Sampling;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Samples every component at every checkpoint on every dataset; rows that an earlier run finished are read back.</summary>
internal static class SampleStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var model = context.Output<LanguageModelTransformer>(step, "model");
        var tokenizer = TokenizerOf(context, step);
        var datasets = step.Inputs["datasets"].ToDictionary(name => name, name =>
        {
            context.Display.Progress(step.Name, 0, $"tokenizing {name}");
            var text = context.Ml.Rllc.LoadText(context.Pipeline.Datasets[name]).View;
            var (view, count) = HeldContexts.Load(context.Ml, tokenizer.Transform(text), step.Get<SampledTextOptions>().ContextsPerDataset);
            if (count < step.Get<SgldOptions>().BatchSize)
                throw new InvalidDataException($"the dataset '{name}' has {count} contexts, fewer than a batch of {step.Get<SgldOptions>().BatchSize}; give more text or a smaller batchSize in the step '{step.Name}'.");
            return view;
        }, StringComparer.Ordinal);

        var grid = context.Ml.Rllc.EstimationGrid(ChosenCheckpoints.Choose(context.Ml, model.Checkpoints, step.Get<SampledTextOptions>().CheckpointCount), step.Inputs["components"], step.Inputs["datasets"]);
        var rows = (int)(grid.GetRowCount() ?? 1);
        var done = 0;
        var progress = new ImmediateProgress<SweepProgress>(p => context.Display.Progress(step.Name, (done + p.Components * (double)p.Step / p.Steps) / rows,
            $"{Path.GetFileNameWithoutExtension(p.Checkpoint)} on {p.Dataset}: {p.Components} components, draw {p.Step}/{p.Steps}"));
        // No cancellation inside a group: the rows in hand are finished and kept, and the walk below stops behind them.
        var execution = context.Pipeline.Execution;
        var store = new RowStore(context.Folder.Shared("rows"), context.Forced && execution.Executor == ExecutorKind.Local);
        var sampler = context.Ml.Rllc.SampleSgld(datasets, step.Get<SgldOptions>(), store, progress, ReferenceOf(context, step)).Fit(grid);
        var sampled = sampler.Transform(grid);

        context.Put(step, sampled);
        if (context.Restored is { } before) return before.Summary;
        var keys = sampler.KeysOf(context.Ml.Data.CreateEnumerable<GridRow>(grid, reuseRowObject: false));
        context.Refer(keys.OfType<string>().Distinct(StringComparer.Ordinal).Select(sampler.Store.FileOf));
        SweepExecutors.ExecutorOf(context.Pipeline).Fill(new(step.Name, sampler, grid, context.Folder.Path, context.Forced,
            (share, now) => context.Display.Progress(step.Name, share, now), context.Cancellation));

        // Walking the rows once fills the store; everything after reads from it.
        var (failed, reason) = (0, "");
        using (var cursor = sampled.GetRowCursor([sampled.Schema["SampleStatus"]]))
        {
            var status = cursor.GetGetter<ReadOnlyMemory<char>>(sampled.Schema["SampleStatus"]);
            ReadOnlyMemory<char> text = default;
            while (cursor.MoveNext())
            {
                context.Cancellation.ThrowIfCancellationRequested();
                status(ref text);
                if (!text.IsEmpty) (failed, reason) = (failed + 1, failed == 0 ? text.ToString() : reason);
                context.Display.Progress(step.Name, (double)++done / rows, $"{done} of {rows} rows");
            }
        }
        if (failed == rows) throw new InvalidDataException($"no row could be sampled: {reason}");
        if (failed > 0) context.Problems.Add($"{step.Name}: {failed} of {rows} rows could not be sampled. The first: {reason}");
        var traces = context.Ml.Transforms.SelectColumns("Step", "Component", "Dataset", "NBeta", "Losses", "BaselineLosses", "MalaAcceptance", "SampleStatus").Fit(sampled).Transform(sampled);
        Tables.SaveParquet(context, step, traces);
        return $"{rows - failed} of {rows} rows sampled" + (failed > 0 ? $", {failed} failed (their estimates say why in StatusReason)" : "");
    }

    /// <summary>The last checkpoint of the model that is compared with, which must speak the same tokens.</summary>
    private static string? ReferenceOf(StudyContext context, StepSpec step)
    {
        if (!step.Has("reference")) return null;
        if (context.Pipeline.InputOf(step, "reference").Input("contexts") != context.Pipeline.InputOf(step, "model").Input("contexts"))
            throw new InvalidDataException($"the step '{step.Name}' compares '{step.Input("model")}' with '{step.Input("reference")}', which were trained on other tokens; give both the same tokenize step.");
        return context.Output<LanguageModelTransformer>(step, "reference").Checkpoints.GetColumn<string>("Checkpoint").Last();
    }

    private static TokenizeTextTransformer TokenizerOf(StudyContext context, StepSpec step) =>
        context.Output<TokenizedText>(context.Pipeline.InputOf(step, "model"), "contexts").Transformer;
}
