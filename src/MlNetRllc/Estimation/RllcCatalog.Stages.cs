using Microsoft.ML;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Options;
using MlNetRllc.Estimation;
using MlNetRllc.Foundation;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Stages of training, parted where the coefficient of one component rests in log step; one row a stage.</summary>
    /// <remarks>
    /// The rule is that of <see cref="Plateaus"/>. A curve with fewer than 4 finite values, or one that never changes, is a single stage.
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and meaning</description></listheader>
    /// <item><term>Stage</term><description>Int32: from 1</description></item>
    /// <item><term>From, To</term><description>Int32: training steps; a stage begins where the one before ends</description></item>
    /// <item><term>Level</term><description>Double: the smoothed coefficient where the stage ends; NaN for the
    /// last, which ends with training</description></item>
    /// <item><term>ToLow, ToHigh</term><description>Double: training steps, the 16th and 84th percentile of the end over curves
    /// resampled by the estimates' standard errors (<see cref="StageEndErrors"/>); NaN for the last stage, and where the table has no
    /// <c>RllcStdErr</c> (Double) or a missing one</description></item>
    /// <item><term>ToFound</term><description>Double: share of those curves that have the end, 0 to 1; NaN as before</description></item>
    /// </list>
    /// </remarks>
    /// <param name="estimates">Rows with <c>Step</c>, <c>Component</c>, <c>Dataset</c>, <c>Rllc</c>, as
    /// <c>EstimateRllc</c> gives them for a grid; NaN is a gap.</param>
    /// <param name="options">What counts as a plateau; the defaults when null.</param>
    /// <param name="component">Whose coefficient parts the stages.</param>
    /// <param name="dataset">On which dataset; the first in the table when null.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or there is no such
    /// component or dataset; the message lists those there are.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public IDataView FindStages(IDataView estimates, PlateauOptions? options = null, string component = "full", string? dataset = null)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        const string name = nameof(FindStages);
        foreach (var need in EstimatedRow.Columns) need.Check(estimates, name);
        var rows = EstimatedRow.RowsOf(estimates);
        if (rows.Count == 0) throw new ArgumentException($"{name}: the table has no rows.", nameof(estimates));
        var chosen = dataset ?? rows[0].Dataset;
        var curve = rows.Where(r => r.Component == component && r.Dataset == chosen).OrderBy(r => r.Step).ToList();
        if (curve.Count == 0)
            throw new ArgumentException($"{name}: there is no '{component}' on '{chosen}'; there are: "
                + $"{string.Join(", ", rows.Select(r => r.Component).Distinct(StringComparer.Ordinal))} on "
                + $"{string.Join(", ", rows.Select(r => r.Dataset).Distinct(StringComparer.Ordinal))}. "
                + $"Sample '{component}' too.", nameof(estimates));
        if (curve.GroupBy(r => r.Step).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"{name}: step {twice.Key} of {component} on '{chosen}' appears twice; "
                + "give each step one row.", nameof(estimates));

        double[] steps = [.. curve.Select(r => (double)r.Step)], values = [.. curve.Select(r => r.Rllc)];
        var plateaus = Plateaus.Find(steps, values, (options ?? new()).Validated());
        var errors = StageEndErrors.Estimate(steps, values, [.. curve.Select(r => r.RllcStdErr)], options ?? new());
        var ends = plateaus.Where(p => p.IsBoundary).Zip(errors)
            .Select(p => (Step: (int)Math.Round(p.First.FlattestStep), p.First.Level, Error: p.Second))
            .Append((curve[^1].Step, Level: double.NaN, Error: StageEndError.Unknown)).ToList();
        return Context.Data.LoadFromEnumerable(ends.Select((end, i) => new StageRow
        {
            Stage = i + 1, From = i == 0 ? curve[0].Step : ends[i - 1].Step, To = end.Step, Level = end.Level,
            ToLow = end.Error.Low, ToHigh = end.Error.High, ToFound = end.Error.Found,
        }).ToList());
    }
}
