using System.Globalization;
using System.Text;
using MlNetRllc.Core.Model;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;

namespace MlNetRllc.Runner.Exports.HeadVis;

/// <summary>A number of every head, an axis of the viewer's scatter plot.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Description">What it is, in a phrase with its unit.</param>
/// <param name="Values">By head; a head that has none is missing.</param>
internal sealed record HeadVisMetric(string Name, string Description, IReadOnlyDictionary<HeadName, double> Values);

/// <summary>Makes metrics of the rows of a run's tables, at the last checkpoint that each has.</summary>
/// <remarks>Estimates that are not ok are left out: the viewer has no mark for them.</remarks>
internal static class HeadVisMetrics
{
    private const string Ok = "ok";

    /// <summary>The rLLC of heads on each dataset, and its standard error.</summary>
    /// <param name="step">The estimate step.</param>
    /// <param name="rows">Its rows, by column.</param>
    public static IEnumerable<HeadVisMetric> OfEstimates(string step, IReadOnlyList<Dictionary<string, string>> rows) =>
        Last(rows).GroupBy(r => r.Row[RllcColumns.Dataset]).SelectMany(g => WithError(
            $"{step}_{g.Key}", $"refined local learning coefficient on {g.Key}{After(g.First().Row)}", [.. g]));

    /// <summary>The rLLC of heads that is observed on each pattern of tokens, and its standard error.</summary>
    /// <param name="step">The patterns step.</param>
    /// <param name="rows">Its rows, by column.</param>
    public static IEnumerable<HeadVisMetric> OfPatterns(string step, IReadOnlyList<Dictionary<string, string>> rows) =>
        Last(rows).GroupBy(r => (Dataset: r.Row[RllcColumns.Dataset], Probe: r.Row["Probe"], Pattern: r.Row["Pattern"]))
            .SelectMany(g => WithError(
                $"{step}_{g.Key.Dataset}_{g.Key.Probe}_{g.Key.Pattern}",
                $"rLLC sampled on {g.Key.Dataset}, observed on the {g.Key.Pattern} tokens of {g.Key.Probe}{After(g.First().Row)}", [.. g]));

    /// <summary>What heads do, by every score that is a number.</summary>
    /// <param name="step">The score step.</param>
    /// <param name="rows">Its rows, by column.</param>
    public static IEnumerable<HeadVisMetric> OfScores(string step, IReadOnlyList<Dictionary<string, string>> rows)
    {
        var last = Last(rows);
        return HeadScoreSchema.Numbers.Where(n => n.Scope == ScoreScope.Head && rows.Count > 0 && rows[0].ContainsKey(n.Name))
            .Select(n => new HeadVisMetric($"{step}_{SnakeCase(n.Name)}", $"{n.Description}, {n.Unit}", Values(last, n.Name)));
    }

    /// <summary>The cluster of each head, from 1.</summary>
    /// <param name="step">The cluster step.</param>
    /// <param name="rows">Its rows, by column; of several scopes the one of all layers.</param>
    /// <param name="scope">The name of that.</param>
    public static IEnumerable<HeadVisMetric> OfClusters(string step, IReadOnlyList<Dictionary<string, string>> rows, string scope)
    {
        var all = Heads(rows.Where(r => r["Scope"] == scope));
        return [new(step, "number of the cluster of heads whose curves developed alike", Values(all, RllcColumns.Cluster))];
    }

    private static IEnumerable<HeadVisMetric> WithError(string name, string description, IReadOnlyList<HeadRow> rows)
    {
        List<HeadRow> ok = [.. rows.Where(r => r.Row[RllcColumns.Status] == Ok)];
        return
        [
            new(name, description, Values(ok, RllcColumns.Rllc)),
            new($"{name}_stderr", $"standard error of the {description}", Values(ok, RllcColumns.RllcStdErr)),
        ];
    }

    private static List<HeadRow> Last(IReadOnlyList<Dictionary<string, string>> rows)
    {
        var heads = Heads(rows);
        var last = heads.Count == 0 ? 0 : heads.Max(StepOf);
        return [.. heads.Where(r => StepOf(r) == last)];
    }

    private static List<HeadRow> Heads(IEnumerable<Dictionary<string, string>> rows) =>
    [
        .. rows.Select(row => HeadName.TryParse(row[RllcColumns.Component]) is { } head ? new HeadRow(head, row) : null)
            .OfType<HeadRow>(),
    ];

    private static Dictionary<HeadName, double> Values(IReadOnlyList<HeadRow> rows, string column) =>
        rows.Select(r => (r.Head, Value: double.Parse(r.Row[column], CultureInfo.InvariantCulture)))
            .Where(r => double.IsFinite(r.Value)).ToDictionary(r => r.Head, r => r.Value);

    private static string After(Dictionary<string, string> row) => $" after step {row[RllcColumns.Step]}";

    private static int StepOf(HeadRow row) => int.Parse(row.Row[RllcColumns.Step], CultureInfo.InvariantCulture);

    /// <summary>PrefixMatching becomes prefix_matching, as the viewer's own metrics are written.</summary>
    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    private sealed record HeadRow(HeadName Head, Dictionary<string, string> Row);
}
