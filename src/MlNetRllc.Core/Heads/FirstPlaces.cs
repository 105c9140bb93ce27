namespace MlNetRllc.Core.Heads;

/// <summary>Where some of a row of items stand when all are ordered by a value, the largest first.</summary>
/// <param name="Items">Items that could be ordered, those that are looked for among them.</param>
/// <param name="Wanted">Items that are looked for.</param>
/// <param name="Ranks">Their ranks in rising order, from 1: 1 and the number of items of larger value. NaN stands behind all and has
/// none.</param>
/// <param name="AreFirst">Whether each of them has a larger value than every other item; false where one has none, or none is
/// looked for.</param>
/// <param name="Chance">The probability of that by itself, 0 to 1: 1 / C(Items, Wanted); NaN where none is looked for.</param>
public sealed record FirstPlaces(int Items, int Wanted, IReadOnlyList<int> Ranks, bool AreFirst, double Chance)
{
    /// <summary>Orders items.</summary>
    /// <remarks>Items without a value are left out, but for those that are looked for: these cannot be first then.</remarks>
    /// <param name="items">Values, NaN where there is none, and whether the item is looked for.</param>
    public static FirstPlaces Find(IReadOnlyList<(double Value, bool IsWanted)> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var wanted = items.Where(i => i.IsWanted).Select(i => i.Value).ToList();
        var others = items.Where(i => !i.IsWanted && !double.IsNaN(i.Value)).Select(i => i.Value).ToList();
        var known = wanted.Where(v => !double.IsNaN(v)).ToList();
        var ranks = known.Select(v => 1 + others.Concat(known).Count(other => other > v)).Order().ToList();
        var first = wanted.Count > 0 && known.Count == wanted.Count && others.TrueForAll(other => other < known.Min());
        var count = others.Count + wanted.Count;
        return new(count, wanted.Count, ranks, first, wanted.Count == 0 ? double.NaN : 1 / Choices(count, wanted.Count));
    }

    private static double Choices(int items, int chosen) =>
        Enumerable.Range(1, chosen).Aggregate(1.0, (product, i) => product * (items - chosen + i) / i);
}
