namespace MlNetRllc.Runner.Steps;

/// <summary>What a head is worth to the tokens of a pattern: its rLLC there, or the rise of the loss without it.</summary>
/// <param name="Head">The head.</param>
/// <param name="Probe">The probe set.</param>
/// <param name="Pattern">The pattern; <see cref="PatternFeatures.WholeSet"/> is the whole set.</param>
/// <param name="Value">The value, in any unit.</param>
/// <param name="StdErr">Its standard error.</param>
internal readonly record struct PatternCell(string Head, string Probe, string Pattern, double Value, double StdErr);

/// <summary>Turns values of patterns into features that ask where a head counts; and how much, as the value on a whole set.</summary>
/// <remarks>Of a dataset's own contexts a pattern's value is taken over that of the whole set; of a question set over that of the
/// natural text, since a question's own mean is of the question too. It is missing where that value lies too near to 0. The whole sets
/// of a dataset's own contexts come last, as they are.</remarks>
/// <param name="natural">The probe sets that are a dataset's own contexts.</param>
/// <param name="reference">The one of them that question sets are compared with; null where there is none.</param>
/// <param name="minimumErrors">Errors that a denominator must lie from 0.</param>
internal sealed class PatternFeatures(IReadOnlySet<string> natural, string? reference, double minimumErrors)
{
    /// <summary>The pattern that is a whole probe set.</summary>
    public const string WholeSet = Core.Estimation.ProbeTrace.WholeSet;

    /// <summary>A feature for each pattern, and for each whole set of natural text; of question sets none where there is none.</summary>
    /// <param name="cells">The values; a head has one of each pattern and set.</param>
    public IReadOnlyList<HeadFeature> From(IReadOnlyList<PatternCell> cells)
    {
        var whole = cells.Where(c => c.Pattern == WholeSet).ToDictionary(c => (c.Head, c.Probe));
        return
        [
            .. from cell in cells
               where cell.Pattern != WholeSet && DenominatorOf(cell.Probe) is not null
               group cell by (cell.Probe, cell.Pattern) into pattern
               let over = DenominatorOf(pattern.Key.Probe)!
               select new HeadFeature($"{pattern.Key.Probe}/{pattern.Key.Pattern} over {over}", pattern.ToDictionary(
                   c => c.Head, c => c.Value / Known(whole, c.Head, over))) { Of = pattern.Key },
            .. from cell in cells
               where cell.Pattern == WholeSet && natural.Contains(cell.Probe)
               group cell by cell.Probe into probe
               select new HeadFeature($"{probe.Key}/{WholeSet}", probe.ToDictionary(c => c.Head, c => c.Value))
               {
                   Of = (probe.Key, WholeSet),
               },
        ];
    }

    private string? DenominatorOf(string probe) => natural.Contains(probe) ? probe : reference;

    private double Known(Dictionary<(string Head, string Probe), PatternCell> whole, string head, string probe) =>
        whole.TryGetValue((head, probe), out var cell) && Math.Abs(cell.Value) > minimumErrors * cell.StdErr ? cell.Value : double.NaN;
}
