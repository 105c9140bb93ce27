using Microsoft.ML;
using MlNetRllc.Foundation;

namespace MlNetRllc.Heads;

/// <summary>The columns of head scores, as <see cref="HeadScoreSchema"/> declares them.</summary>
internal static class HeadScoreColumns
{
    /// <param name="heads">Heads in each layer.</param>
    public static IReadOnlyList<DataViewSchema.DetachedColumn> VectorsOver(int heads) =>
    [
        .. HeadScoreSchema.Numbers.Select(n => ColumnTypes.Scalar<double>(n.Name)),
        .. HeadScoreSchema.Vectors.Select(v => ColumnTypes.Vector<double>(v.Name, v.Slots ?? ColumnTypes.Numbered("h", heads))),
        ColumnTypes.Scalar<string>(RllcColumns.ScoreNotes),
        ColumnTypes.Scalar<string>(RllcColumns.ScoreStatus),
    ];

    public static Delegate?[] Getters(int heads, Func<int, bool> active, Func<ScoredRow> row)
    {
        IReadOnlyList<double> Sized(IReadOnlyList<double>? values, int size) =>
            values?.Count == size ? values : [.. Enumerable.Repeat(double.NaN, size)]; // Layer 0 has no heads below.
        Delegate[] all =
        [
            .. HeadScoreSchema.Numbers.Select(n => Foundation.Getters.Scalar(() => n.Value(row()) ?? double.NaN)),
            .. HeadScoreSchema.Vectors.Select(v => Foundation.Getters.Vector(() => Sized(v.Values(row()), v.Slots?.Count ?? heads))),
            Foundation.Getters.Text(() => string.Join(' ', row().Notes)),
            Foundation.Getters.Text(() => row().Status),
        ];
        return [.. all.Select((getter, i) => active(i) ? getter : null)];
    }
}
