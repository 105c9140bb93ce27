using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Foundation;

namespace MlNetRllc.Estimation;

/// <summary>Turns the loss traces of rows into refined local learning coefficients with errors, diagnostics and a plain status.</summary>
/// <remarks>
/// Reads <c>Losses</c>, <c>BaselineLosses</c>, <c>MalaAcceptance</c> (vectors of Double) and <c>NBeta</c>
/// (Double), as <c>SampleSgld</c> gives them; <c>SampleStatus</c> and <c>Component</c> (Text) and
/// <c>Antithetic</c> (Boolean) where there are such columns. Of antithetic chains, the error and the diagnostics
/// are over means of pairs. Appends:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Rllc</term><description>Double: nbeta times the mean loss difference (arXiv 2410.02984), dimensionless</description></item>
/// <item><term>RllcStdErr</term><description>Double: its standard error</description></item>
/// <item><term>RHat</term><description>Double: rank-normalised split R-hat</description></item>
/// <item><term>Ess</term><description>Double: bulk effective sample size, over all chains</description></item>
/// <item><term>Geweke</term><description>Double: largest absolute Geweke z-score over the chains</description></item>
/// <item><term>NegativeShare</term><description>Double: share of draws below the baseline</description></item>
/// <item><term>Drift</term><description>Double: second half's mean minus first half's, in units of rLLC</description></item>
/// <item><term>DataShare</term><description>Double: who sets the estimate, 1 the data, near 0 the prior
/// (<see cref="Core.Estimation.DataShare"/>): of the first probe set, where chains are antithetic; else NaN</description></item>
/// <item><term>DataShareStdErr</term><description>Double: its standard error</description></item>
/// <item><term>Status</term><description>Text: ok, not-converged, negative, diverged or failed</description></item>
/// <item><term>StatusReason</term><description>Text: why; empty when ok</description></item>
/// </list>
/// </remarks>
public sealed class RllcEstimator : ComponentEstimator<RllcTransformer>
{
    internal static readonly IReadOnlyList<ColumnNeed> Columns =
    [
        ColumnNeed.Vector<double>(RllcColumns.Losses), ColumnNeed.Vector<double>(RllcColumns.BaselineLosses),
            ColumnNeed.Vector<double>(RllcColumns.MalaAcceptance),
        ColumnNeed.Scalar<double>(RllcColumns.NBeta),
        ColumnNeed.Text(RllcColumns.SampleStatus) with { Optional = true }, ColumnNeed.Text(RllcColumns.Component) with { Optional = true },
        ColumnNeed.Scalar<bool>(RllcColumns.Antithetic) with { Optional = true },
        ColumnNeed.Scalar<bool>(RllcColumns.Control) with { Optional = true },
    ];

    internal static readonly IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns =
    [
        .. ((string[])[RllcColumns.Rllc, RllcColumns.RllcStdErr, RllcColumns.RHat, RllcColumns.Ess, RllcColumns.Geweke,
            RllcColumns.NegativeShare, RllcColumns.Drift]).Select(ColumnTypes.Scalar<double>),
        ColumnTypes.Scalar<string>(RllcColumns.Status), ColumnTypes.Scalar<string>(RllcColumns.StatusReason),
        ColumnTypes.Scalar<double>(RllcColumns.DataShare), ColumnTypes.Scalar<double>(RllcColumns.DataShareStdErr),
    ];

    private readonly EstimationOptions options;

    internal RllcEstimator(IHostEnvironment environment, EstimationOptions options) : base(environment, "EstimateRllc") =>
        this.options = options;

    private protected override IReadOnlyList<ColumnNeed> Needs => Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised => OutputColumns;

    private protected override RllcTransformer FitTo(IDataView input)
    {
        var transformer = new RllcTransformer(Host, options);
        _ = transformer.GetOutputSchema(input.Schema);
        return transformer;
    }
}
