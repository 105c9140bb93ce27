namespace MlNetRllc.Runner.Steps;

/// <summary>A token that is shown.</summary>
/// <param name="Index">Its place among the values.</param>
/// <param name="Kind">top, bottom or decile.</param>
/// <param name="Decile">10 to 90; 0 for another kind.</param>
internal readonly record struct ChosenToken(int Index, string Kind, int Decile);

/// <summary>Chooses the tokens of a head that are shown: those with the largest and the smallest values, and one at each decile.</summary>
internal static class TokenChoice
{
    /// <summary>Tokens of each end.</summary>
    public const int Ends = 6;

    /// <summary>Tokens of an end lie so far apart at least: nearer ones stand in one window.</summary>
    private const int Apart = 8;

    /// <summary>Chooses; fewer where there are fewer tokens.</summary>
    /// <param name="values">Of all tokens of a head; those that are not finite are never chosen.</param>
    /// <param name="placeOf">Which context a token is of, and where it stands there.</param>
    public static IReadOnlyList<ChosenToken> Choose(IReadOnlyList<double> values, Func<int, (int Context, int Position)> placeOf)
    {
        // Of equal values the first counts, so that a choice is the same wherever it is made.
        int[] falling = [.. Enumerable.Range(0, values.Count).Where(i => double.IsFinite(values[i])).OrderByDescending(i => values[i])];
        if (falling.Length == 0) return [];
        IEnumerable<ChosenToken> End(string kind, IEnumerable<int> order) =>
            FarApart(order.Take(falling.Length / 2), placeOf).Select(i => new ChosenToken(i, kind, 0));
        var deciles = Enumerable.Range(1, 9).Select(d =>
            new ChosenToken(falling[(int)Math.Round((1 - d / 10.0) * (falling.Length - 1))], "decile", 10 * d));
        return [.. End("top", falling), .. End("bottom", falling.Reverse()), .. deciles];
    }

    private static List<int> FarApart(IEnumerable<int> order, Func<int, (int Context, int Position)> placeOf)
    {
        var chosen = new List<int>();
        foreach (var token in order)
        {
            var (context, position) = placeOf(token);
            var isNear = chosen.Select(placeOf).Any(other => other.Context == context && Math.Abs(other.Position - position) < Apart);
            if (!isNear) chosen.Add(token);
            if (chosen.Count == Ends) break;
        }
        return chosen;
    }
}
