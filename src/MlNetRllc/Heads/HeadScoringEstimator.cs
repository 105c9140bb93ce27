using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;

namespace MlNetRllc.Heads;

/// <summary>Scores the head of each row at its checkpoint: what it attends to, what it composes with, what the loss is without
/// it.</summary>
/// <remarks>
/// Reads <c>Checkpoint</c> (text: path of a safetensors file), <c>Component</c> (text: a head, such as
/// <c>l0h3</c>) and, where the options name steps, <c>Step</c> (Int32). Fitting reads the shape of the first
/// row's model, and refuses a component that it does not have or a checkpoint that is not there. Appends (Double
/// unless said otherwise; loss changes are ablated minus whole, nats per token; NaN where not measured):
/// <list type="table">
/// <listheader><term>Column</term><description>Meaning</description></listheader>
/// <item><term>PreviousToken, CurrentToken, PrefixMatching</term><description>attention on random tokens, 0 to 1</description></item>
/// <item><term>ZeroAblation, MeanAblation, ResampleAblation, PositionAblation</term><description>loss changes, each with a column
/// ...StdErr</description></item>
/// <item><term>InductionTokens, BracketTokens, NGramTokens, SkipNGramTokens,
/// UnexplainedTokens</term><description>classes of the tokens whose loss mean ablation changes
/// most</description></item>
/// <item><term>MemorisedMultigrams</term><description>number of n-grams and skip n-grams that the head has memorised</description></item>
/// <item><term>HessianTrace, FisherTrace</term><description>over the head's weights, each with a column ...StdErr; only if asked
/// for</description></item>
/// <item><term>LastTokenChance, PrefixMatchingChance</term><description>attention scores of a head that attends to all tokens
/// alike</description></item>
/// <item><term>ModelLoss, InContextLearning, ModelPositionAblation</term><description>of the whole model, each with a column
/// ...StdErr</description></item>
/// <item><term>BigramCrossEntropy, BigramEntropy</term><description>of the whole model, nats</description></item>
/// <item><term>QComposition, KComposition, VComposition, PathAblation</term><description>vector, slots
/// <c>h0</c>, ...: with each head of the layer below; NaN in layer 0</description></item>
/// <item><term>NGrams</term><description>vector, slots <c>2-gram</c>, <c>3-gram</c>, <c>4-gram</c>: of the whole model,
/// nats</description></item>
/// <item><term>ScoreNotes</term><description>Text: scores that were not measured, and why</description></item>
/// <item><term>ScoreStatus</term><description>Text: empty, or why the row has no scores</description></item>
/// </list>
/// All heads of a checkpoint are scored when the first of them is asked for, and kept in the store under their
/// content (weights, texts, options), never to be computed again. Token classes and traces are NaN at steps
/// that <see cref="ScoreHeadsOptions.TokenClassSteps"/> and <see cref="ScoreHeadsOptions.TraceSteps"/> leave
/// out; <c>ScoreNotes</c> says so. A row that cannot be scored says why and the others go on. Definitions:
/// <see cref="Core.Heads.HeadScorer"/>, <see cref="Core.Heads.TokenClasses"/>,
/// <see cref="Core.Heads.CurvatureTraces"/>.
/// </remarks>
public sealed class HeadScoringEstimator : ComponentEstimator<HeadScoringTransformer>
{
    internal static readonly IReadOnlyList<ColumnNeed> Columns =
        [ColumnNeed.Text(RllcColumns.Checkpoint), ColumnNeed.Text(RllcColumns.Component),
            ColumnNeed.Scalar<int>(RllcColumns.Step) with { Optional = true }];

    private readonly ContextSet contexts, text;
    private readonly ScoreHeadsOptions options;
    private readonly ScoreStore store;
    private readonly CancellationToken cancellation;

    internal HeadScoringEstimator(IHostEnvironment environment, ContextSet contexts, ContextSet text, ScoreHeadsOptions options,
        ScoreStore store, CancellationToken cancellation) : base(environment, "ScoreHeads") =>
        (this.contexts, this.text, this.options, this.store, this.cancellation) = (contexts, text, options, store, cancellation);

    /// <summary>The token that begins the contexts' documents, where their table says so.</summary>
    internal int? Bos { get; init; }

    private protected override IReadOnlyList<ColumnNeed> Needs => Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised { get; } = HeadScoreColumns.VectorsOver(1);

    internal static void CheckStep(DataViewSchema schema, ScoreHeadsOptions options)
    {
        if (options.TokenClassSteps is not null || options.TraceSteps is not null)
            ColumnNeed.Scalar<int>(RllcColumns.Step).Check(schema, "ScoreHeads");
    }

    // The model's last token is what the options stand for as they are: there their scores keep their keys.
    private ScoreHeadsOptions Begun(int vocabularySize) =>
        options.Scoring.BeginningOfSequence < 0 && Bos is { } bos && bos != vocabularySize - 1
            ? options with { Scoring = options.Scoring with { BeginningOfSequence = bos } } : options;

    private protected override HeadScoringTransformer FitTo(IDataView input)
    {
        CheckStep(input.Schema, options);
        var names = GridNames.Read(Name, input, hasDatasets: false);
        if (names.IsEmpty) throw new ArgumentException("ScoreHeads: the table has no rows.");
        names.CheckCheckpoints();
        var config = Checkpoint.Load(names.FirstCheckpoint).Config;
        names.CheckComponents(checkpoint => checkpoint == names.FirstCheckpoint ? config : null);
        return new(Host, contexts, text, Begun(config.VocabularySize), config.Heads, store, cancellation);
    }
}
