using MlNetRllc.Heads;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Report;

/// <summary>Scores as the page reads them: those of heads in a table, those of the whole model once a
/// checkpoint. Which there are is declared by <see cref="HeadScoreSchema"/>; the page has their names in camel
/// case.</summary>
/// <param name="Columns">Names of the columns of <paramref name="Rows"/>.</param>
/// <param name="Rows">One a head and checkpoint; columns that are missing everywhere are left out.</param>
/// <param name="Model">One a checkpoint.</param>
internal sealed record ScoreTable(
    IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object>> Rows, IReadOnlyList<IReadOnlyDictionary<string, object>> Model)
{
    /// <summary>Null when there are no scores.</summary>
    public static ScoreTable? TableOf(IReadOnlyList<HeadScoreRow> scores)
    {
        if (scores.Count == 0) return null;
        var numbers = Numbers(ScoreScope.Head).Where(name => scores.Any(row => double.IsFinite(row[name]))).ToList();
        var vectors = Vectors(ScoreScope.Head).Where(name => scores.Any(row => row.VectorOf(name).Any(double.IsFinite))).ToList();
        return new(["step", "component", .. numbers.Concat(vectors).Select(OnPage)],
            [.. scores.Select(row => (IReadOnlyList<object>)
            [
                row.Step, row.Component,
                .. numbers.Select(name => (object)row[name]),
                .. vectors.Select(name => OrNone(row.VectorOf(name))),
            ])],
            [.. scores.DistinctBy(row => row.Step).OrderBy(row => row.Step).Select(OfModel)]);
    }

    private static Dictionary<string, object> OfModel(HeadScoreRow row)
    {
        var model = new Dictionary<string, object> { ["step"] = row.Step };
        foreach (var name in Numbers(ScoreScope.Model)) model[OnPage(name)] = row[name];
        foreach (var name in Vectors(ScoreScope.Model)) model[OnPage(name)] = row.VectorOf(name);
        return model;
    }

    private static double[] OrNone(double[] values) => values.Any(double.IsFinite) ? values : [];

    private static IEnumerable<string> Numbers(ScoreScope scope) =>
        HeadScoreSchema.Numbers.Where(n => n.Scope == scope).Select(n => n.Name);

    private static IEnumerable<string> Vectors(ScoreScope scope) =>
        HeadScoreSchema.Vectors.Where(v => v.Scope == scope).Select(v => v.Name);

    private static string OnPage(string column) => char.ToLowerInvariant(column[0]) + column[1..];
}
