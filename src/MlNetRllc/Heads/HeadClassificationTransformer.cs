using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;

[assembly: LoadableClass(typeof(HeadClassificationTransformer), null, typeof(SignatureLoadModel), "Types of attention heads",
    HeadClassificationTransformer.Loader)]

namespace MlNetRllc.Heads;

/// <summary>Appends the types of heads; see <see cref="HeadClassificationEstimator"/> for the columns.</summary>
public sealed class HeadClassificationTransformer : RowTransformer
{
    internal const string Loader = "RllcHeadTypes";
    private const string Signature = "RLLCHDTY";

    private readonly ConditionalWeakTable<IDataView, Once<Dictionary<(string Checkpoint, string Component), HeadClass>>> tables = [];

    internal HeadClassificationTransformer(IHostEnvironment environment, HeadClassifierOptions options)
        : base(environment, "ClassifyHeads") => Options = options;

    /// <summary>When a score stands out.</summary>
    public HeadClassifierOptions Options { get; }

    private protected override IReadOnlyList<ColumnNeed> Needs => HeadClassificationEstimator.Columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs => HeadClassificationEstimator.OutputColumns;

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        if (!Enumerable.Range(0, Outputs.Count).Any(active)) return new Delegate?[Outputs.Count];
        var read = Reader(row);
        var classes = table is null ? null : tables.GetValue(table, t => new(() => ClassesOf(t)));
        var found = new PerRow<HeadClass>(row, () =>
        {
            var (checkpoint, head, chance) = read();
            if (HeadName.TryParse(head.Name) is null) return new(head.Name, HeadType.Unclear, [], $"'{head.Name}' is not a single head.");
            return classes is null ? HeadClassifier.Classify([head], chance, Options)[0] : classes.Value[(checkpoint, head.Name)];
        });
        double Margin(int score) => found.Value.Standings.ElementAtOrDefault(score)?.Margin ?? double.NaN;
        int Rank(int score) => found.Value.Standings.ElementAtOrDefault(score)?.Rank ?? 0;
        Delegate[] all =
        [
            Getters.Text(() => found.Value.Word),
            Getters.Text(() => found.Value.Reason),
            .. Enumerable.Range(0, 3).Select(i => Getters.Scalar(() => Margin(i))),
            .. Enumerable.Range(0, 3).Select(i => Getters.Scalar(() => Rank(i))),
        ];
        return [.. all.Select((getter, i) => active(i) ? getter : null)];
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(Options, HeadsJson.Default.Kept<HeadClassifierOptions>());
    }

    private static HeadClassificationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        return new(env, ctx.ReadJson(HeadsJson.Default.Kept<HeadClassifierOptions>()));
    }

    private Dictionary<(string Checkpoint, string Component), HeadClass> ClassesOf(IDataView table)
    {
        var rows = new List<(string Checkpoint, HeadEvidence Head, AttentionChance Chance)>();
        using (var cursor = table.GetRowCursor(Needs.Select(n => table.Schema.GetColumnOrNull(n.Name)).OfType<DataViewSchema.Column>()))
        {
            var read = Reader(cursor);
            while (cursor.MoveNext())
                if (read() is var row && HeadName.TryParse(row.Head.Name) is not null) rows.Add(row);
        }
        var classes = new Dictionary<(string, string), HeadClass>();
        foreach (var checkpoint in rows.GroupBy(r => r.Checkpoint, StringComparer.Ordinal))
        {
            var heads = checkpoint.Select(r => r.Head).DistinctBy(h => h.Name, StringComparer.Ordinal).ToList();
            foreach (var head in HeadClassifier.Classify(heads, checkpoint.First().Chance, Options))
                classes[(checkpoint.Key, head.Name)] = head;
        }
        return classes;
    }

    private static Func<(string Checkpoint, HeadEvidence Head, AttentionChance Chance)> Reader(DataViewRow row)
    {
        Func<double> Number(string column) =>
            row.Schema.GetColumnOrNull(column) is null ? () => double.NaN : row.ReadNumber<double>(column);
        var (checkpoint, component) = (row.ReadText(RllcColumns.Checkpoint), row.ReadText(RllcColumns.Component));
        var (previous, current, prefix) = (Number(RllcColumns.PreviousToken), Number(RllcColumns.CurrentToken),
            Number(RllcColumns.PrefixMatching));
        var (ablation, error) = (Number(RllcColumns.MeanAblation), Number(RllcColumns.MeanAblationStdErr));
        Func<double>[] tokens = [.. HeadClassificationEstimator.TokenColumns.Select(Number)];
        Func<double>[] chance = [.. HeadClassificationEstimator.ChanceColumns.Select(Number)];
        return () =>
        {
            double[] counts = [.. tokens.Select(count => count())];
            TokenCounts? classes = counts.Any(double.IsNaN) ? null
                : new((int)counts[0], (int)counts[1], (int)counts[2], (int)counts[3], (int)counts[4]);
            var head = new HeadEvidence(
                component().Trim(), previous(), current(), prefix(), new(ablation(), error()), classes);
            return (checkpoint(), head, new(chance[0](), chance[1]()));
        };
    }
}
