using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Training;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Scores every head at every checkpoint; what an earlier run scored is read back.</summary>
/// <remarks>Heads are ablated on contexts drawn from the validation split where it has as many as the options
/// ask for, else from the training split. N-grams are counted in the training split.</remarks>
internal sealed class ScoreStep : StepKind
{
    /// <summary>Ways in which a head is ablated.</summary>
    private const double AblationsPerHead = 5;

    /// <summary>A training step goes forward once and backward as long as twice that.</summary>
    private const double ForwardPassesPerTrainingStep = 3;

    private const double DiskBytesPerHead = 2048;

    private static readonly ContentFolder StoredScores = new("scores", ContentUnit.Subfolder, "scored models")
    {
        FilesOf = folder => Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Where(RunFiles.IsOfTheRun) : [],
    };

    public override string Name => "score";

    public override string Component => "ScoreHeads";

    public override int Version => StoredWorkKey.ScoreVersion + 1;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<IModelStep>("model", "a train step"),
        new("text", InputType.Dataset, "dataset that heads are ablated on and whose n-grams are counted"),
        StepInput.Step<StagesStep>("stages", "a stages step, at whose ends token classes are found too", optional: true),
    ];

    public override IReadOnlyList<Type> Options { get; } = [typeof(ScoreHeadsOptions), typeof(ScoredCheckpointsOptions)];

    public override IReadOnlyList<string> LeftOut { get; } =
        [nameof(ScoreHeadsOptions.TokenTexts), nameof(ScoreHeadsOptions.TokenClassSteps), nameof(ScoreHeadsOptions.TraceSteps)];

    public override IReadOnlyList<ContentFolder> ContentFolders { get; } = [StoredScores];

    public override IReadOnlyList<string> Tables { get; } = ["", "-pairs"];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var (model, scoring) = (pipeline.InputOf(step, "model"), step.Get<ScoreHeadsOptions>().Scoring);
        var shape = pipeline.ModelShape(model);
        var checkpoints = model.CheckpointCount(step.Get<ScoredCheckpointsOptions>().CheckpointCount);
        double heads = shape.Layers * shape.Heads;
        // Every path between two heads of neighbouring layers; of two layers half of all pairs.
        var paths = scoring.PathAblation ? heads * heads / 2 : 0;
        var passes = scoring.AblationContexts * (AblationsPerHead * heads + paths) + scoring.ModelContexts + scoring.Sequences;
        var tokensPerSecond = ForwardPassesPerTrainingStep * pipeline.TrainingSpeedOf(model);
        var seconds = checkpoints * passes * shape.ContextLength / tokensPerSecond;
        return new(
            $"{checkpoints} checkpoints, {heads:N0} heads", seconds,
            (double)sizeof(float) * shape.ParameterCount, checkpoints * heads * DiskBytesPerHead);
    }

    public override string Run(StudyContext context)
    {
        var checkpoints = ChosenCheckpoints.Choose(context.Ml, context.ReadInput<LanguageModelTransformer>("model").Checkpoints,
            context.Step.Get<ScoredCheckpointsOptions>().CheckpointCount);
        var steps = ChosenCheckpoints.StepsOf(checkpoints);
        var grid = context.Ml.Rllc.EstimationGrid(checkpoints, ["heads"], [context.Step.Input("text")]);
        var (scored, split) = Score(context, grid, steps);
        if (context.Restored is { } before)
        {
            context.GiveOutput(context.Ml.Data.Cache(scored));
            return before.Summary;
        }
        FillStore(context, scored, (int)(grid.GetRowCount() ?? 1));
        var kept = context.Ml.Data.Cache(scored);
        context.GiveOutput(kept);
        context.SaveTable(context.Ml.Transforms.DropColumns(RllcColumns.Checkpoint).Fit(kept).Transform(kept));
        context.SaveTable(HeadPairRow.PairsOf(kept), "-pairs");
        var last = HeadScoreRow.RowsOf(kept).Where(r => r.Step == steps[^1]).ToList();
        return Summary(context, last, steps.Count, split);
    }

    /// <summary>The scores, computed as they are asked for, and the split that heads are ablated on.</summary>
    private static (IDataView Scored, string Split) Score(StudyContext context, IDataView grid, IReadOnlyList<int> steps)
    {
        var (wanted, chosen) = (context.Step.Get<ScoreHeadsOptions>(), context.Step.Get<ScoredCheckpointsOptions>());
        var contexts = Math.Max(Math.Max(wanted.Scoring.AblationContexts, wanted.Scoring.ModelContexts), wanted.Patterns.Contexts);
        var text = ScoredText.Draw(context, contexts, chosen.TextContexts);
        var options = wanted with
        {
            TokenTexts = ScoredText.TokenTexts(context),
            TokenClassSteps = [.. CheckpointChoice.Spread(steps, chosen.TokenClassCheckpoints).Union(StageEnds(context, steps)).Order()],
            TraceSteps = CheckpointChoice.Spread(steps, chosen.TraceCheckpoints),
        };
        var key = ContentKeys.OfScores(context.Key.Parts["model"], context.Key.Parts["text"]);
        var store = new ScoreStore(context.Folder.Shared(StoredScores.Name, key), context.Forced);
        context.ReferToContent([store.Folder!]);
        return (context.Ml.Rllc.ScoreHeads(text.Evaluated, text.Counted, options, store).Fit(grid).Transform(grid), text.Split);
    }

    /// <summary>The checkpoints nearest to the ends of stages, where multigrams are counted too.</summary>
    private static IEnumerable<int> StageEnds(StudyContext context, IReadOnlyList<int> steps) => !context.Step.Has("stages") ? []
        : context.ReadInput<IDataView>("stages").GetColumn<int>("To").Select(end => steps.MinBy(s => Math.Abs(s - end)));

    private static void FillStore(StudyContext context, IDataView scored, int rows)
    {
        var walk = new RowWalk(rows);
        walk.Through(scored, RllcColumns.ScoreStatus, step => context.ShowProgress((double)walk.Done / rows,
            $"step {step}, {walk.Done} of {rows} rows"), context.Cancellation);
        if (walk.Failed == rows) throw new InvalidDataException($"no head could be scored: {walk.FirstReason}");
        if (walk.Failed > 0)
            context.Problems.Add($"{context.Step.Name}: {walk.Failed} of {rows} rows could not be scored. "
                + $"The first: {walk.FirstReason}");
    }

    private static string Summary(StudyContext context, List<HeadScoreRow> last, int checkpoints, string split)
    {
        string Best(string name, Func<HeadScoreRow, double> score)
        {
            if (last.Where(r => double.IsFinite(score(r))).MaxBy(score) is not { } head) return $"no {name} score";
            context.TellNumber($"best.{name}", score(head));
            return $"best {name} {head.Component} {score(head):F3}";
        }
        context.TellNumber("inContextLearning", last[0].InContextLearning);
        context.TellNumber("inContextLearning.stdErr", last[0].InContextLearningStdErr);
        return $"{last.Count} heads at {checkpoints} checkpoints on the {split} split; "
            + $"{Best("previousToken", r => r.PreviousToken)}, {Best("prefixMatching", r => r.PrefixMatching)}"
            + (last[0].ScoreNotes.Length > 0 ? $". Not measured: {last[0].ScoreNotes}" : "");
    }
}
