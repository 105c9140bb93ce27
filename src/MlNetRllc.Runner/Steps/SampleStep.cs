using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Grid;
using MlNetRllc.Runner.Executors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Sampling;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Samples every component at every checkpoint on every dataset; rows that an earlier run finished are read back.</summary>
internal sealed class SampleStep : StepKind
{
    /// <summary>The input that names probe sets.</summary>
    public const string Probes = "probes";

    /// <summary>For each weight and walked token; most of a draw is shared by all heads and chains.</summary>
    private const double OperationsPerWeightAndToken = 0.6;

    /// <summary>What a row, and a draw of a chain or of the baseline, takes in the tables and in the store.</summary>
    private const double DiskBytesPerRow = 370, DiskBytesPerDraw = 24;

    /// <summary>A loss in the table of traces, which is in memory as a whole while it is written.</summary>
    private const double TableBytesPerLoss = 2 * sizeof(double);

    private static readonly string[] TraceColumns = [RllcColumns.Step, RllcColumns.Component, RllcColumns.Dataset,
        RllcColumns.NBeta, RllcColumns.Losses, RllcColumns.BaselineLosses, RllcColumns.MalaAcceptance, RllcColumns.SampleStatus,
        RllcColumns.Antithetic, RllcColumns.StepBias, RllcColumns.Control];

    // Earlier versions kept each row in a file of its own. What is kept of single tokens lies beside the rows that it is of.
    private static readonly ContentFolder StoredRows = new("rows", ContentUnit.File, "rows")
    {
        Endings = [".json", RowPaths.Ending, Path.GetExtension(RowPaths.TokensEnding)],
        NameOf = path => IsGroup(path) || IsOfTokens(path) ? RowPaths.GroupOf(path) : path,
        CountIn = path => IsGroup(path) ? RowFile.RowsIn(path).Count : IsOfTokens(path) ? 0 : 1,
        FilesOf = path => IsGroup(path) ? RowPaths.FilesOf(path) : [path],
        DamageOf = path => IsGroup(path) ? RowFile.DamageOf(path) : SealedFile.DamageOf(path),
    };

    public override string Name => "sample";

    public override string Component => "SampleSgld";

    public override int Version => StoredWorkKey.RowVersion;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<IModelStep>("model", "a train or checkpoints step"),
        new("components", InputType.Texts, "names or selectors: heads, layers, l0h3, full, embed, unions joined with +"),
        new("datasets", InputType.Datasets, "datasets whose loss is sampled") { TakesMasked = true },
        new(Probes, InputType.Probes, "probe sets whose token losses are observed", Optional: true)
        {
            Enables = OptionsBinder.KeyOf(typeof(SampledTextOptions).GetProperty(nameof(SampledTextOptions.Observe))!),
        },
        StepInput.Step<IModelStep>(
            "reference", "a train step: the loss is the divergence from its last checkpoint's predictions", optional: true),
    ];

    public override IReadOnlyList<Type> Options { get; } = [typeof(SgldOptions), typeof(SampledTextOptions)];

    public override IReadOnlyList<ContentFolder> ContentFolders { get; } = [StoredRows];

    public override double OperationsOf(Pipeline pipeline, StepSpec step)
    {
        var work = WorkOf(pipeline, step);
        return OperationsPerWeightAndToken * work.Shape.ParameterCount * (work.Tokens + work.Probes.TokensAsSampled);
    }

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var (sgld, work) = (step.Get<SgldOptions>(), WorkOf(pipeline, step));
        var texts = (double)step.Get<SampledTextOptions>().ContextsPerDataset * work.Shape.ContextLength * step.Inputs["datasets"].Count;
        var seconds = (work.Tokens + work.Probes.TokensAsSampled) / SamplingSpeed.TokensPerSecond(work.Shape, sgld, work.Components)
            + texts * TextSize.BytesPerToken / TextCalibration.Known.PackedBytesPerSecond;
        var unembeddings = (double)sizeof(float) * work.Components.Count * sgld.Chains
            * work.Shape.HeadWidth * work.Shape.VocabularySize;
        var memory = sizeof(int) * texts + unembeddings + work.Losses * TableBytesPerLoss + work.Probes.MemoryBytes;
        return new(
            $"{work.Rows:N0} rows of {sgld.Chains} chains x {sgld.Draws} draws{work.Probes.Size}",
            seconds, memory,
            work.Rows * DiskBytesPerRow + work.Losses * DiskBytesPerDraw + work.Probes.DiskBytes);
    }

    public override StepRemainder RemainderOf(Pipeline pipeline, StepSpec step, IReadOnlyList<string> begun)
    {
        var (groups, single) = (begun.Where(IsGroup).ToList(), begun.Where(path => !IsGroup(path)).ToList());
        HashSet<string> components = groups.Count == 0 ? [] : [.. WorkOf(pipeline, step).Components];
        var stored = single.Count(File.Exists) + groups.Sum(group => StoredOf(group, components));
        // An earlier version named each row by its file, whether it was there or not.
        var rows = groups.Count == 0 ? begun.Count : groups.Count * components.Count;
        return new(1 - (double)stored / rows, stored == 0 ? "" : $"{stored:N0} of {rows:N0} rows are stored");
    }

    public override string Run(StudyContext context)
    {
        if (context.Restored is { } before)
        {
            context.GiveOutput(context.LoadTable());
            return before.Summary;
        }
        var datasets = SampledContexts.Load(context, context.Step);
        var grid = GridOf(context, context.Step);
        var walk = new RowWalk((int)(grid.GetRowCount() ?? 1));
        var sampler = SamplerOf(context, context.Step, datasets, grid, walk);
        var sampled = sampler.Transform(grid);
        context.GiveOutput(sampled);
        var keys = KeysOf(context, sampler, grid);
        context.ReferToContent(sampler.Store.PathsOf(keys));
        var (isWhole, share, watch) = (sampler.Store.Held(keys).Count == 0, new CoreShare(), Stopwatch.StartNew());
        SweepExecutors.ExecutorOf(context.Pipeline).Fill(
            new(context.Step.Name, sampler, grid, context.Folder.Path, context.Forced, context.ShowProgress, context.Cancellation));
        var page = GrowingReport.Begin(context, sampled, grid.GetColumn<int>(RllcColumns.Step).Distinct().Count());
        walk.Through(sampled, RllcColumns.SampleStatus,
            _ => context.ShowProgress((double)walk.Done / walk.Rows, $"{walk.Done} of {walk.Rows} rows"),
            context.Cancellation, finished: step => page?.Finish(step));
        if (isWhole && walk.Failed == 0 && datasets.Notes.Count == 0 && IsHere(context))
            RememberSpeed(context, watch.Elapsed, share.Now);
        if (walk.Failed == walk.Rows) throw new InvalidDataException($"no row could be sampled: {walk.FirstReason}");
        if (walk.Failed > 0)
            context.Problems.Add($"{context.Step.Name}: {walk.Failed} of {walk.Rows} rows could not be sampled. "
                + $"The first: {walk.FirstReason}");
        string[] columns = [.. TraceColumns, .. ObservedColumns.NamesIn(sampled.Schema)];
        context.SaveParquetTable(context.Ml.Transforms.SelectColumns(columns).Fit(sampled).Transform(sampled));
        return $"{walk.Rows - walk.Failed} of {walk.Rows} rows sampled"
            + (walk.Failed > 0 ? $", {walk.Failed} failed (their estimates say why in StatusReason)" : "")
            + string.Concat(datasets.Notes.Select(note => $"; {note}"));
    }

    /// <summary>The rows of a sample step, and the sampler that finds again what it kept of them, for a step that reads it.</summary>
    /// <param name="context">The step that reads.</param>
    /// <param name="step">The sample step.</param>
    /// <param name="contexts">What it sampled on and observed.</param>
    public static (IReadOnlyList<GridRow> Rows, SgldSamplingTransformer Sampler) Reopen(
        StudyContext context, StepSpec step, SampledContexts contexts)
    {
        var grid = GridOf(context, step);
        var rows = context.Ml.Data.CreateEnumerable<GridRow>(grid, reuseRowObject: false).ToList();
        return (rows, SamplerOf(context, step, contexts, grid, new(rows.Count)));
    }

    private static IDataView GridOf(StudyContext context, StepSpec step)
    {
        var checkpoints = context.ReadInputOf<LanguageModelTransformer>(step, "model").Checkpoints;
        var chosen = ChosenCheckpoints.Choose(context.Ml, checkpoints, step.Get<SampledTextOptions>().CheckpointCount);
        return context.Ml.Rllc.EstimationGrid(chosen, step.Inputs["components"], step.Inputs["datasets"]);
    }

    // No cancellation inside a group: the rows in hand are finished and kept, and the walk stops behind them.
    private static SgldSamplingTransformer SamplerOf(
        StudyContext context, StepSpec step, SampledContexts contexts, IDataView grid, RowWalk walk)
    {
        var progress = new ImmediateProgress<SweepProgress>(p => context.ShowProgress(
            (walk.Done + p.Components * (double)p.Step / p.Steps) / walk.Rows,
            $"{Path.GetFileNameWithoutExtension(p.Checkpoint)} on {p.Dataset}: "
            + $"{p.Components} components, draw {p.Step}/{p.Steps}"));
        var anew = context.Forced && step == context.Step && IsHere(context);
        var store = new RowStore(context.Folder.Shared(StoredRows.Name), anew);
        return context.Ml.Rllc.SampleSgld(contexts.Views, step.Get<SgldOptions>(), store, progress, ReferenceOf(context, step),
            contexts.Probes, step.Get<SampledTextOptions>().Observe).Fit(grid);
    }

    /// <summary>The last checkpoint of the model that is compared with, which must speak the same tokens.</summary>
    private static string? ReferenceOf(StudyContext context, StepSpec step)
    {
        var pipeline = context.Pipeline;
        if (!step.Has("reference")) return null;
        if (pipeline.InputOf(step, "reference").Input("contexts") != pipeline.InputOf(step, "model").Input("contexts"))
            throw new InvalidDataException(
                $"the step '{step.Name}' compares '{step.Input("model")}' with '{step.Input("reference")}', "
                + "which were trained on other tokens; give both the same tokenize step.");
        var reference = context.ReadInputOf<LanguageModelTransformer>(step, "reference");
        return reference.Checkpoints.GetColumn<string>(RllcColumns.Checkpoint).Last();
    }

    // Those of what is kept of single tokens too, which a pattern that comes later is found in.
    private static List<RowKey> KeysOf(StudyContext context, SgldSamplingTransformer sampler, IDataView grid)
    {
        List<GridRow> rows = [.. context.Ml.Data.CreateEnumerable<GridRow>(grid, reuseRowObject: false)];
        return [.. sampler.KeysOf(rows).OfType<RowKey>().Concat(sampler.KeptKeysOf(rows)).Distinct()];
    }

    private static bool IsHere(StudyContext context) => context.Pipeline.Execution.Executor == ExecutorKind.Local;

    private static void RememberSpeed(StudyContext context, TimeSpan taken, double share)
    {
        var work = WorkOf(context.Pipeline, context.Step);
        MachineSpeed.Remember(
            SamplingSpeed.Work(work.Shape, context.Step.Get<SgldOptions>(), work.Components),
            work.Tokens / taken.TotalSeconds,
            share);
    }

    private static bool IsOfTokens(string path) => path.EndsWith(RowPaths.TokensEnding, StringComparison.Ordinal);

    private static bool IsGroup(string path) => path.EndsWith(RowPaths.Ending, StringComparison.Ordinal);

    /// <summary>How many of some components have their rows in a group, whose files may hold rows of others.</summary>
    private static int StoredOf(string group, HashSet<string> components) =>
        RowPaths.FilesOf(group).SelectMany(RowFile.RowsIn).Select(row => row.Component)
            .Distinct(StringComparer.Ordinal).Count(components.Contains);

    /// <summary>The names of the components that each checkpoint and dataset is sampled for.</summary>
    /// <exception cref="PipelineException">The model has no such component.</exception>
    private static List<string> ComponentsOf(Pipeline pipeline, StepSpec step, TransformerConfig shape)
    {
        try
        {
            return [.. step.Inputs["components"].SelectMany(c => Core.Model.Component.Expand(c, shape))
                .Select(c => Core.Model.Component.Parse(c, shape).Name).Distinct(StringComparer.Ordinal)];
        }
        catch (ArgumentException e)
        {
            throw new PipelineException($"the step '{step.Name}', components: {e.Message}", pipeline.File.Path);
        }
    }

    /// <summary>What there is to sample; asked for once a step, since a model from elsewhere is read for its shape.</summary>
    internal static SampledWork WorkOf(Pipeline pipeline, StepSpec step)
    {
        var (model, sgld) = (pipeline.InputOf(step, "model"), step.Get<SgldOptions>());
        var shape = pipeline.ModelShape(model);
        var components = ComponentsOf(pipeline, step, shape);
        var checkpoints = model.CheckpointCount(step.Get<SampledTextOptions>().CheckpointCount);
        var rows = (double)checkpoints * components.Count * step.Inputs["datasets"].Count;
        var steps = sgld.BurnIn + (double)sgld.Draws * sgld.Thinning;
        var tokens = rows * sgld.Chains * steps * sgld.GradientAccumulation * sgld.BatchSize * shape.ContextLength;
        return new(shape, components, rows, tokens, rows * (sgld.Chains + 1.0) * sgld.Draws)
        {
            Probes = ProbeWork.Count(pipeline, step, shape, components.Count, rows),
        };
    }

    /// <summary>What there is to sample.</summary>
    /// <param name="Shape">The model's shape.</param>
    /// <param name="Components">Components of each checkpoint and dataset.</param>
    /// <param name="Rows">Checkpoints x components x datasets.</param>
    /// <param name="Tokens">Tokens that all chains of all rows walk over.</param>
    /// <param name="Losses">Losses that the traces hold, those of w* included.</param>
    internal readonly record struct SampledWork(
        TransformerConfig Shape, IReadOnlyList<string> Components, double Rows, double Tokens, double Losses)
    {
        /// <summary>What probe sets add.</summary>
        public ProbeWork Probes { get; init; }
    }
}
