using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Options;
using MlNetRllc.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    private static readonly ColumnNeed[] PatternColumns =
    [
        ColumnNeed.Scalar<int>(RllcColumns.Step), ColumnNeed.Text(RllcColumns.Component), ColumnNeed.Text(RllcColumns.Dataset),
        ColumnNeed.Vector<double>(RllcColumns.MalaAcceptance), ColumnNeed.Scalar<double>(RllcColumns.NBeta),
        ColumnNeed.Text(RllcColumns.SampleStatus), ColumnNeed.Scalar<bool>(RllcColumns.Antithetic),
        ColumnNeed.Scalar<bool>(RllcColumns.Control),
        ColumnNeed.Vector<double>(RllcColumns.Losses), ColumnNeed.Vector<double>(RllcColumns.BaselineLosses),
    ];

    /// <summary>Turns what was observed of probe sets into rLLCs by pattern of tokens: a table with a row a row of the sampled one,
    /// probe set and pattern.</summary>
    /// <remarks>
    /// <para>Which tokens a component answers to: one set of chains answers for every pattern (<see cref="PatternRllc"/> says how).
    /// Lazy: reading it reads <paramref name="sampled"/> to its end, which samples what no store has yet, since q-values are over
    /// the whole table; what it found is kept.</para>
    /// <para>The columns are those of <see cref="PatternRllcRow"/>. A row that could not be sampled gives rows with its reason.</para>
    /// </remarks>
    /// <param name="sampled">Rows as <c>SampleSgld</c> gives them for a grid, with probe sets.</param>
    /// <param name="options">Discarded draws, limits of the status; the defaults when null.</param>
    /// <param name="patterns">How errors of texts and profiles are found; the defaults when null.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or nothing was observed; the message says
    /// which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public IDataView EstimatePatternRllc(
        IDataView sampled, EstimationOptions? options = null, PatternEstimationOptions? patterns = null)
    {
        ArgumentNullException.ThrowIfNull(sampled);
        var (estimation, errors) = ((options ?? new()).Validated(), (patterns ?? new()).Validated());
        foreach (var need in PatternColumns) need.Check(sampled, nameof(EstimatePatternRllc));
        if (ObservedColumns.ProbesIn(sampled.Schema).Count == 0)
            throw new ArgumentException("EstimatePatternRllc: the table has no column of a probe set, such as "
                + $"'{ObservedColumns.Differences}prose'; give SampleSgld probe sets.", nameof(sampled));
        var rows = new Once<List<PatternRllcRow>>(() => WithQValues([.. PatternsOf(sampled, estimation, errors)]));
        return Context.Data.LoadFromEnumerable(Enumerable.Range(0, 1).SelectMany(_ => rows.Value));
    }

    private static IEnumerable<PatternRllcRow> PatternsOf(IDataView sampled, EstimationOptions options, PatternEstimationOptions patterns)
    {
        var probes = ObservedColumns.ProbesIn(sampled.Schema);
        var names = PatternColumns.Select(c => c.Name).Concat(ObservedColumns.NamesIn(sampled.Schema));
        using var cursor = sampled.GetRowCursor(names.Select(name => sampled.Schema[name]));
        var step = cursor.ReadNumber<int>(RllcColumns.Step);
        var (component, dataset) = (cursor.ReadText(RllcColumns.Component), cursor.ReadText(RllcColumns.Dataset));
        var (acceptance, nbeta) = (cursor.ReadNumbers<double>(RllcColumns.MalaAcceptance), cursor.ReadNumber<double>(RllcColumns.NBeta));
        var (status, antithetic) = (cursor.ReadText(RllcColumns.SampleStatus), cursor.Read<bool>(RllcColumns.Antithetic));
        var control = cursor.Read<bool>(RllcColumns.Control);
        var (losses, baseline) = (cursor.ReadNumbers<double>(RllcColumns.Losses), cursor.ReadNumbers<double>(RllcColumns.BaselineLosses));
        List<Func<int, ProbeTrace>> readers = [.. probes.Select(probe => ObservedColumns.Reader(cursor, probe))];
        while (cursor.MoveNext())
        {
            var trace = RllcTransformer.TraceOf(component(), losses(), baseline(), acceptance(), nbeta(), antithetic()) with
            {
                Control = control(),
                Observations = [.. readers.Select(read => read(acceptance().Length))],
            };
            var failed = status();
            foreach (var pattern in PatternRllcEstimation.Estimate(trace, options, patterns))
                yield return RowOf(step(), trace.Component, dataset(), failed.Length == 0 ? pattern
                    : pattern with { Estimate = RllcEstimate.None(RllcStatus.Failed, failed) });
        }
    }

    private static PatternRllcRow RowOf(int step, string component, string dataset, PatternRllc pattern) => new()
    {
        Step = step,
        Component = component,
        Dataset = dataset,
        Probe = pattern.Probe,
        Pattern = pattern.Pattern,
        Tokens = pattern.Tokens,
        BaselineLoss = pattern.BaselineLoss,
        Rllc = pattern.Estimate.Rllc,
        RllcStdErr = pattern.Estimate.RllcStdErr,
        TextStdErr = pattern.TextStdErr,
        RHat = pattern.Estimate.RHat,
        Ess = pattern.Estimate.Ess,
        Profile = pattern.Profile,
        ProfileStdErr = pattern.ProfileStdErr,
        ProfileTextStdErr = pattern.ProfileTextStdErr,
        PValue = pattern.PValue,
        DataShare = pattern.DataShare.Value,
        DataShareStdErr = pattern.DataShare.StdErr,
        Status = pattern.Estimate.Status.ToWord(),
        StatusReason = pattern.Estimate.Reason,
    };

    private static List<PatternRllcRow> WithQValues(List<PatternRllcRow> rows)
    {
        foreach (var (row, q) in rows.Zip(FalseDiscovery.QValues([.. rows.Select(r => r.PValue)]))) row.QValue = q;
        return rows;
    }
}
