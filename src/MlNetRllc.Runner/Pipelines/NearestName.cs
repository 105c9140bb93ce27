namespace MlNetRllc.Runner.Pipelines;

/// <summary>Suggests what a mistyped name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>" Did you mean 'x'?" where a name is close, and the list of names otherwise.</summary>
    public static string Hint(string given, IEnumerable<string> valid)
    {
        var names = valid.ToList();
        var nearest = names.MinBy(name => Distance(given.ToUpperInvariant(), name.ToUpperInvariant()));
        return nearest is not null && Distance(given.ToUpperInvariant(), nearest.ToUpperInvariant()) <= Math.Max(2, given.Length / 3)
            ? $" Did you mean '{nearest}'?" : names.Count == 0 ? "" : $" Valid are: {string.Join(", ", names)}.";
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                (diagonal, row[j]) = (row[j], cost);
            }
        }
        return row[b.Length];
    }
}
