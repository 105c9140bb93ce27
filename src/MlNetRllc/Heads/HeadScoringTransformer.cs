using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;

[assembly: LoadableClass(
    typeof(HeadScoringTransformer), null, typeof(SignatureLoadModel),
    "Scores of attention heads", HeadScoringTransformer.Loader)]

namespace MlNetRllc.Heads;

/// <summary>Appends the scores of heads; see <see cref="HeadScoringEstimator"/> for the columns.</summary>
public sealed class HeadScoringTransformer : RowTransformer, IStoppable
{
    internal const string Loader = "RllcHeadScoring";
    private const string Signature = "RLLCHDSC";

    private readonly ContextSet contexts, text;
    private readonly int heads;
    private readonly ScoreStore store;
    private readonly CheckpointScoring scoring;

    internal HeadScoringTransformer(
        IHostEnvironment environment, ContextSet contexts, ContextSet text, ScoreHeadsOptions options, int heads,
        ScoreStore store, CancellationToken cancellation)
        : base(environment, "ScoreHeads")
    {
        (this.contexts, this.text, this.heads, this.store, Options) = (contexts, text, heads, store, options);
        scoring = new(contexts, text, options, heads, store, Host, cancellation);
        Outputs = HeadScoreColumns.VectorsOver(heads);
    }

    private HeadScoringTransformer(
        IHostEnvironment environment, HeadScoringTransformer like, CancellationToken cancellation)
        : base(environment, "ScoreHeads")
    {
        (contexts, text, heads) = (like.contexts, like.text, like.heads);
        (store, Options, Outputs) = (like.store, like.Options, like.Outputs);
        scoring = new(contexts, text, Options, heads, store, Host, cancellation, like.scoring);
    }

    /// <summary>How heads are scored.</summary>
    public ScoreHeadsOptions Options { get; }

    ITransformer IStoppable.With(IHostEnvironment environment, CancellationToken cancellation) =>
        new HeadScoringTransformer(environment, this, cancellation);

    private protected override IReadOnlyList<ColumnNeed> Needs => HeadScoringEstimator.Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    private protected override void CheckFurther(DataViewSchema schema) => HeadScoringEstimator.CheckStep(schema, Options);

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        if (!Enumerable.Range(0, Outputs.Count).Any(active)) return new Delegate?[Outputs.Count];
        var (checkpoint, component) = (row.ReadText(RllcColumns.Checkpoint), row.ReadText(RllcColumns.Component));
        var step = row.Schema.GetColumnOrNull(RllcColumns.Step) is null ? null : row.ReadNumber<int>(RllcColumns.Step);
        var scored = new PerRow<ScoredRow>(row, () => scoring.Row(checkpoint(), component(), step?.Invoke()));
        return HeadScoreColumns.Getters(heads, active, () => scored.Value);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(Options, HeadsJson.Default.Kept<ScoreHeadsOptions>());
        ctx.WriteJson(heads, FoundationJson.Default.Kept<int>());
        ctx.WriteContexts(contexts, text);
    }

    private static HeadScoringTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        var options = ctx.ReadJson(HeadsJson.Default.Kept<ScoreHeadsOptions>());
        var heads = ctx.ReadJson(FoundationJson.Default.Kept<int>());
        var sets = ctx.ReadContexts();
        return new(env, sets[0], sets[1], options, heads, new ScoreStore(), default);
    }
}
