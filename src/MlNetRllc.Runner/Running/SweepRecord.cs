namespace MlNetRllc.Runner.Running;

/// <summary>What became of the combinations of a matrix. Written to sweep.json.</summary>
/// <param name="Name">The study.</param>
/// <param name="Axes">What the combinations differ in.</param>
/// <param name="Cells">One a combination, in order.</param>
internal sealed record SweepRecord(string Name, IReadOnlyList<string> Axes, IReadOnlyList<CellRecord> Cells)
{
    /// <summary>What could not be done, with the combination's name before it.</summary>
    public IReadOnlyList<string> Problems => [.. Cells.SelectMany(c => c.Problems.Select(p => $"{c.Name}: {p}"))];
}

/// <summary>One combination.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Values">Its value of each axis.</param>
/// <param name="State">As in run.json; waiting before it began.</param>
/// <param name="Problems">What could not be done.</param>
internal sealed record CellRecord(string Name, IReadOnlyDictionary<string, string> Values, string State, IReadOnlyList<string> Problems);
