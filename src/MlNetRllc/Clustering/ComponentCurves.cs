using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;

namespace MlNetRllc.Clustering;

/// <summary>Curves of components, joined from rows.</summary>
/// <param name="Components">Names, in the order of the table.</param>
/// <param name="Steps">Training steps, rising.</param>
/// <param name="Channels">What each channel is.</param>
/// <param name="Values">[component][channel][step]; NaN where the table has no row.</param>
internal sealed record JoinedCurves(List<string> Components, List<int> Steps, IReadOnlyList<string> Channels, double[][][] Values);

/// <summary>A table's values by component, step and dataset.</summary>
/// <param name="Rows">In the order of the table.</param>
/// <param name="Slots">Names of the slots of the vectors; one without name for a column of numbers.</param>
internal sealed record ComponentCurves(IReadOnlyList<ComponentCurves.Row> Rows, IReadOnlyList<string> Slots)
{
    /// <summary>The columns that are read, of which one is chosen.</summary>
    public static IReadOnlyList<ColumnNeed> NeedsOf(string column) =>
    [
        ColumnNeed.Scalar<int>(RllcColumns.Step), ColumnNeed.Text(RllcColumns.Component),
        ColumnNeed.Text(RllcColumns.Dataset) with { Optional = true }, ColumnNeed.Numbers(column),
    ];

    /// <summary>Reads a table whose columns were checked.</summary>
    public static ComponentCurves Read(IDataView table, string column)
    {
        var (values, dataset) = (table.Schema[column], table.Schema.GetColumnOrNull(RllcColumns.Dataset));
        var vectors = values.Type as VectorDataViewType;
        var columns = new[] { table.Schema[RllcColumns.Step], table.Schema[RllcColumns.Component], values };
        using var cursor = table.GetRowCursor(dataset is { } there ? [.. columns, there] : columns);
        var step = cursor.ReadNumber<int>(RllcColumns.Step);
        var component = cursor.ReadText(RllcColumns.Component);
        var name = dataset is null ? () => "" : cursor.ReadText(RllcColumns.Dataset);
        var numbers = vectors is null ? One(cursor.ReadNumber<double>(column)) : cursor.ReadNumbers<double>(column);
        var rows = new List<Row>();
        while (cursor.MoveNext()) rows.Add(new(step(), component(), name(), numbers()));
        return new(rows, vectors is null ? [""] : SlotNames(values, vectors.Size));
    }

    /// <summary>The curves of wanted components: a channel a dataset and slot.</summary>
    /// <exception cref="ArgumentException">A component has two rows of a step on a dataset.</exception>
    public JoinedCurves CurvesOf(IReadOnlyList<string> datasets, Func<string, bool> isWanted)
    {
        var chosen = Rows.Where(r => datasets.Contains(r.Dataset, StringComparer.Ordinal) && isWanted(r.Component)).ToList();
        var components = chosen.Select(r => r.Component).Distinct(StringComparer.Ordinal).ToList();
        var steps = chosen.Select(r => r.Step).Distinct().Order().ToList();
        var values = components.Select(_ => Enumerable.Range(0, datasets.Count * Slots.Count)
            .Select(_ => Enumerable.Repeat(double.NaN, steps.Count).ToArray()).ToArray()).ToArray();
        var (placeOf, stepOf) = (Places(components), Places(steps));
        var filled = new HashSet<(int, int, string)>();
        foreach (var row in chosen)
        {
            var (c, s) = (placeOf[row.Component], stepOf[row.Step]);
            if (!filled.Add((c, s, row.Dataset)))
                throw new ArgumentException(
                    $"ClusterTrajectories: step {row.Step} of {row.Component} on '{row.Dataset}' appears twice; "
                    + "give each step one row.");
            for (var slot = 0; slot < Slots.Count; slot++)
                values[c][Index(datasets, row.Dataset) * Slots.Count + slot][s] = row.Values[slot];
        }
        return new(components, steps, ChannelsOf(datasets), values);
    }

    private string[] ChannelsOf(IReadOnlyList<string> datasets) =>
    [
        .. from dataset in datasets
           from slot in Slots
           select Slots.Count == 1 ? dataset : datasets.Count == 1 ? slot : $"{slot} on {dataset}",
    ];

    private static int Index(IReadOnlyList<string> names, string name)
    {
        var i = 0;
        while (names[i] != name) i++;
        return i;
    }

    private static Dictionary<T, int> Places<T>(List<T> items) where T : notnull =>
        items.Index().ToDictionary(item => item.Item, item => item.Index);

    private static Func<double[]> One(Func<double> number) => () => [number()];

    private static string[] SlotNames(DataViewSchema.Column column, int size)
    {
        if (!column.HasSlotNames()) return [.. Enumerable.Range(1, size).Select(i => $"{column.Name} {i}")];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>What a table says of a component at a step.</summary>
    /// <param name="Step">Training step.</param>
    /// <param name="Component">Its name.</param>
    /// <param name="Dataset">The dataset; empty in a table without.</param>
    /// <param name="Values">[slot]; NaN is a gap.</param>
    internal sealed record Row(int Step, string Component, string Dataset, double[] Values);
}
