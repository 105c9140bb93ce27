using MlNetRllc.Estimation;
using MlNetRllc.Runner.Report.Figures;

namespace MlNetRllc.Runner.Report;

/// <summary>Patterns as the page reads them: a table whose texts stand once in a list.</summary>
/// <param name="Names">Every text of the table once.</param>
/// <param name="Texts">How many columns, the first ones, hold a place in <paramref name="Names"/>.</param>
/// <param name="Columns">Of <paramref name="Rows"/>; those of numbers that are missing everywhere are left out.</param>
/// <param name="Rows">One a checkpoint, component, dataset, probe set and pattern.</param>
internal sealed record PatternTable(
    IReadOnlyList<string> Names, int Texts, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object>> Rows)
{
    private static readonly (string Name, Func<PatternRllcRow, string> Of)[] TextColumns =
    [
        ("component", r => r.Component), ("dataset", r => r.Dataset), ("probe", r => r.Probe), ("pattern", r => r.Pattern),
        ("status", r => r.Status), ("reason", r => r.StatusReason), ("missing", ProfileWords.WhyMissing),
    ];

    private static readonly (string Name, Func<PatternRllcRow, double> Of)[] NumberColumns =
    [
        ("baselineLoss", r => r.BaselineLoss), ("rllc", r => r.Rllc), ("rllcStdErr", r => r.RllcStdErr), ("textStdErr", r => r.TextStdErr),
        ("rHat", r => r.RHat), ("ess", r => r.Ess), ("profile", r => r.Profile), ("profileStdErr", r => r.ProfileStdErr),
        ("profileTextStdErr", r => r.ProfileTextStdErr), ("pValue", r => r.PValue), ("qValue", r => r.QValue),
        ("dataShare", r => r.DataShare), ("dataShareStdErr", r => r.DataShareStdErr),
    ];

    /// <summary>Null when no pattern was observed.</summary>
    public static PatternTable? TableOf(IReadOnlyList<PatternRllcRow> patterns)
    {
        if (patterns.Count == 0) return null;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        int PlaceOf(string text)
        {
            if (!places.TryGetValue(text, out var place)) places.Add(text, place = places.Count);
            return place;
        }
        var numbers = NumberColumns.Where(c => patterns.Any(r => double.IsFinite(c.Of(r)))).ToList();
        IReadOnlyList<object>[] rows = [.. patterns.Select(r => (IReadOnlyList<object>)
        [
            .. TextColumns.Select(c => (object)PlaceOf(c.Of(r))),
            r.Step, r.Tokens,
            .. numbers.Select(c => (object)c.Of(r)),
        ])];
        return new([.. places.Keys], TextColumns.Length,
            [.. TextColumns.Select(c => c.Name), "step", "tokens", .. numbers.Select(c => c.Name)], rows);
    }
}
