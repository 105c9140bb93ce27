using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Foundation;

/// <summary>What a table of estimates says of one component at one step, for what follows it over training.</summary>
/// <param name="Step">Training step.</param>
/// <param name="Component">The component.</param>
/// <param name="Dataset">The dataset that its loss was sampled on.</param>
/// <param name="Rllc">Its rLLC, dimensionless; NaN is a gap.</param>
internal sealed record EstimatedRow(int Step, string Component, string Dataset, double Rllc)
{
    /// <summary>Its standard error, in the same unit; NaN where the table has none.</summary>
    public double RllcStdErr { get; init; } = double.NaN;

    /// <summary>The columns that <see cref="RowsOf"/> reads.</summary>
    public static IReadOnlyList<ColumnNeed> Columns { get; } =
    [
        ColumnNeed.Scalar<int>(RllcColumns.Step),
        ColumnNeed.Text(RllcColumns.Component),
        ColumnNeed.Text(RllcColumns.Dataset),
        ColumnNeed.Scalar<double>(RllcColumns.Rllc),
    ];

    /// <summary>The rows of a table whose columns were checked, in their order.</summary>
    public static List<EstimatedRow> RowsOf(IDataView estimates)
    {
        var hasErrors = estimates.Schema.GetColumnOrNull(RllcColumns.RllcStdErr)?.Type == NumberDataViewType.Double;
        string[] names = [.. Columns.Select(column => column.Name), .. hasErrors ? [RllcColumns.RllcStdErr] : (string[])[]];
        using var cursor = estimates.GetRowCursor(names.Select(name => estimates.Schema[name]));
        var step = cursor.ReadNumber<int>(RllcColumns.Step);
        var component = cursor.ReadText(RllcColumns.Component);
        var dataset = cursor.ReadText(RllcColumns.Dataset);
        var rllc = cursor.ReadNumber<double>(RllcColumns.Rllc);
        var error = hasErrors ? cursor.ReadNumber<double>(RllcColumns.RllcStdErr) : () => double.NaN;
        var rows = new List<EstimatedRow>();
        while (cursor.MoveNext()) rows.Add(new(step(), component(), dataset(), rllc()) { RllcStdErr = error() });
        return rows;
    }
}
