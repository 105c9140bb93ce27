using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Training;
using MlNetRllc.Heads;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Scores every head at every checkpoint; what an earlier run scored is read back.</summary>
/// <remarks>Heads are ablated on contexts drawn from the validation split where it has as many as the options ask for, else from the training split. N-grams
/// are counted in the training split.</remarks>
internal static class ScoreStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var (ml, chosen) = (context.Ml, step.Get<ScoredCheckpointsOptions>());
        var model = context.Output<LanguageModelTransformer>(step, "model");
        var wanted = step.Get<ScoreHeadsOptions>();
        var (evaluated, counted, split) = ScoredText.Draw(context, step,
            Math.Max(Math.Max(wanted.Scoring.AblationContexts, wanted.Scoring.ModelContexts), wanted.Patterns.Contexts), chosen.TextContexts);
        var checkpoints = ChosenCheckpoints.Choose(ml, model.Checkpoints, chosen.CheckpointCount);
        var steps = ChosenCheckpoints.StepsOf(checkpoints);
        var options = wanted with
        {
            TokenTexts = ScoredText.TokenTexts(context, step),
            TokenClassSteps = [.. CheckpointChoice.Spread(steps, chosen.TokenClassCheckpoints).Union(StageEnds(context, step, steps)).Order()],
            TraceSteps = CheckpointChoice.Spread(steps, chosen.TraceCheckpoints),
        };
        var grid = ml.Rllc.EstimationGrid(checkpoints, ["heads"], [step.Input("text")]);
        // One folder a model and text: another option finds what of the scores it leaves as they are.
        var source = SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Key.Parts["model"]}\n{context.Key.Parts["text"]}"));
        var store = new ScoreStore(context.Folder.Shared("scores", Convert.ToHexStringLower(source)[..12]), context.Forced);
        context.Refer([store.Folder!]);
        var scored = ml.Rllc.ScoreHeads(evaluated, counted, options, store).Fit(grid).Transform(grid);

        if (context.Restored is { } before)
        {
            context.Put(step, ml.Data.Cache(scored));
            return before.Summary;
        }
        // Walking the rows once fills the store; everything after reads from it.
        var rows = (int)(grid.GetRowCount() ?? 1);
        var (done, failed, reason) = (0, 0, "");
        using (var cursor = scored.GetRowCursor([scored.Schema["Step"], scored.Schema["ScoreStatus"]]))
        {
            var (at, status) = (cursor.GetGetter<int>(scored.Schema["Step"]), cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["ScoreStatus"]));
            var (now, text) = (0, default(ReadOnlyMemory<char>));
            while (cursor.MoveNext())
            {
                context.Cancellation.ThrowIfCancellationRequested();
                at(ref now);
                status(ref text);
                if (!text.IsEmpty) (failed, reason) = (failed + 1, failed == 0 ? text.ToString() : reason);
                context.Display.Progress(step.Name, (double)++done / rows, $"step {now}, {done} of {rows} rows");
            }
        }
        if (failed == rows) throw new InvalidDataException($"no head could be scored: {reason}");
        if (failed > 0) context.Problems.Add($"{step.Name}: {failed} of {rows} rows could not be scored. The first: {reason}");
        var kept = ml.Data.Cache(scored);
        context.Put(step, kept);
        Tables.Save(context, step, ml.Transforms.DropColumns("Checkpoint").Fit(kept).Transform(kept));
        Tables.Save(context, step, ml.Data.LoadFromEnumerable(HeadPairRow.PairsOf(kept)), "-pairs");
        return Summary(context, step, [.. ml.Data.CreateEnumerable<HeadScoreRow>(kept, reuseRowObject: false).Where(r => r.Step == steps[^1])], steps.Count, split);
    }

    /// <summary>The checkpoints nearest to the ends of stages, where multigrams are counted too.</summary>
    private static IEnumerable<int> StageEnds(StudyContext context, StepSpec step, IReadOnlyList<int> steps) => !step.Has("stages") ? []
        : context.Output<IDataView>(step, "stages").GetColumn<int>("To").Select(end => steps.MinBy(s => Math.Abs(s - end)));

    private static string Summary(StudyContext context, StepSpec step, List<HeadScoreRow> last, int checkpoints, string split)
    {
        string Best(string name, Func<HeadScoreRow, double> score)
        {
            if (last.Where(r => double.IsFinite(score(r))).MaxBy(score) is not { } head) return $"no {name} score";
            context.Tell(step, $"best.{name}", score(head));
            return $"best {name} {head.Component} {score(head):F3}";
        }
        context.Tell(step, "inContextLearning", last[0].InContextLearning);
        context.Tell(step, "inContextLearning.stdErr", last[0].InContextLearningStdErr);
        return $"{last.Count} heads at {checkpoints} checkpoints on the {split} split; {Best("previousToken", r => r.PreviousToken)}, {Best("prefixMatching", r => r.PrefixMatching)}"
            + (last[0].ScoreNotes.Length > 0 ? $". Not measured: {last[0].ScoreNotes}" : "");
    }
}
