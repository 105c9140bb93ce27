using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;

namespace MlNetRllc.Heads;

/// <summary>Names what each head does, from how its scores stand against those of the other heads of its checkpoint.</summary>
/// <remarks>
/// Reads <c>Checkpoint</c>, <c>Component</c> (Text), <c>PreviousToken</c>, <c>CurrentToken</c>, <c>PrefixMatching</c>, <c>MeanAblation</c>,
/// <c>MeanAblationStdErr</c> (Double), as <c>ScoreHeads</c> gives them; where there are such columns also <c>LastTokenChance</c>,
/// <c>PrefixMatchingChance</c>, and the five columns of token classes. Appends:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>HeadType</term><description>Text: previous-token, current-token, induction, multigram or unclear</description></item>
/// <item><term>HeadTypeReason</term><description>Text: why, in a sentence</description></item>
/// <item><term>PreviousTokenMargin, CurrentTokenMargin, PrefixMatchingMargin</term><description>Double: how many times the lower
/// quartile of the other heads' scores, or even attention's score where that is higher; NaN where the score is missing</description></item>
/// <item><term>PreviousTokenRank, CurrentTokenRank, PrefixMatchingRank</term><description>Int32: 1 for the highest of the checkpoint's
/// heads; 0 where the score is missing</description></item>
/// </list>
/// The heads of a checkpoint are the rows with its path and a head's name that reach this transformer; of rows that say the same head the
/// first counts. A row on its own, as in a prediction engine, is compared with even attention only. The rule: <see cref="HeadClassifier"/>.
/// </remarks>
public sealed class HeadClassificationEstimator : ComponentEstimator<HeadClassificationTransformer>
{
    internal static readonly string[] TokenColumns = [RllcColumns.InductionTokens, RllcColumns.BracketTokens,
        RllcColumns.NGramTokens, RllcColumns.SkipNGramTokens, RllcColumns.UnexplainedTokens];

    internal static readonly string[] ChanceColumns = [RllcColumns.LastTokenChance, RllcColumns.PrefixMatchingChance];

    internal static readonly IReadOnlyList<ColumnNeed> Columns =
    [
        ColumnNeed.Text(RllcColumns.Checkpoint), ColumnNeed.Text(RllcColumns.Component),
        .. ((string[])[RllcColumns.PreviousToken, RllcColumns.CurrentToken, RllcColumns.PrefixMatching,
            RllcColumns.MeanAblation, RllcColumns.MeanAblationStdErr]).Select(ColumnNeed.Scalar<double>),
        .. TokenColumns.Concat(ChanceColumns).Select(c => ColumnNeed.Scalar<double>(c) with { Optional = true }),
    ];

    internal static readonly IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns =
    [
        ColumnTypes.Scalar<string>(RllcColumns.HeadType), ColumnTypes.Scalar<string>(RllcColumns.HeadTypeReason),
        .. ((string[])[RllcColumns.PreviousTokenMargin, RllcColumns.CurrentTokenMargin,
            RllcColumns.PrefixMatchingMargin]).Select(ColumnTypes.Scalar<double>),
        .. ((string[])[RllcColumns.PreviousTokenRank, RllcColumns.CurrentTokenRank,
            RllcColumns.PrefixMatchingRank]).Select(ColumnTypes.Scalar<int>),
    ];

    private readonly HeadClassifierOptions options;

    internal HeadClassificationEstimator(IHostEnvironment environment, HeadClassifierOptions options)
        : base(environment, "ClassifyHeads") => this.options = options;

    private protected override IReadOnlyList<ColumnNeed> Needs => Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised => OutputColumns;

    private protected override HeadClassificationTransformer FitTo(IDataView input) => new(Host, options);
}
