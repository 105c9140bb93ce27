namespace MlNetRllc.Core.Errors;

/// <summary>Suggests what a mistyped name was meant to be.</summary>
public static class NearestName
{
    /// <summary>" Did you mean 'x'?" where a name is close, and the list of names otherwise.</summary>
    /// <param name="given">What was typed.</param>
    /// <param name="valid">The names that there are.</param>
    public static string Hint(string given, IEnumerable<string> valid)
    {
        var names = valid.ToList();
        return Find(given, names) is { } nearest ? $" Did you mean '{nearest}'?"
            : names.Count == 0 ? "" : $" Valid are: {string.Join(", ", names)}.";
    }

    /// <summary>The name that is fewest letters away, of either case; null where none is close: two letters
    /// away at most, or a third of what was typed.</summary>
    /// <param name="given">What was typed.</param>
    /// <param name="valid">The names that there are.</param>
    public static string? Find(string given, IEnumerable<string> valid)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(valid);
        return Within(given, valid, Math.Max(2, given.Length / 3));
    }

    /// <summary>The name that is fewest letters away, of either case, however far; null of none.</summary>
    /// <param name="given">What was typed; a <c>*</c> in it stands for any letters.</param>
    /// <param name="valid">The names that there are.</param>
    public static string? Nearest(string given, IEnumerable<string> valid)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(valid);
        return Within(given, valid, int.MaxValue - 1);
    }

    private static string? Within(string given, IEnumerable<string> valid, int most)
    {
        var (nearest, least) = ((string?)null, most + 1);
        foreach (var name in valid)
            if (Distance(given.ToUpperInvariant(), name.ToUpperInvariant()) is var distance && distance < least)
                (nearest, least) = (name, distance);
        return nearest;
    }

    /// <summary>Levenshtein distance, in which a <c>*</c> of the first takes any letters of the second for nothing.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, any) = (row[0], a[i - 1] == '*');
            if (!any) row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                (diagonal, row[j]) = (row[j], any ? Math.Min(row[j], row[j - 1]) : cost);
            }
        }
        return row[b.Length];
    }
}
