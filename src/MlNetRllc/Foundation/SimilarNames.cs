namespace MlNetRllc.Foundation;

/// <summary>What a name that is not there was meant to be.</summary>
internal static class SimilarNames
{
    /// <summary>The name that takes the fewest changes of single characters, whatever their case; null of none.</summary>
    /// <param name="given">A name, in which <c>*</c> stands for any characters.</param>
    /// <param name="names">Those there are.</param>
    public static string? Nearest(string given, IEnumerable<string> names) =>
        names.MinBy(name => Distance(given.ToUpperInvariant(), name.ToUpperInvariant()));

    /// <summary>Levenshtein's distance, in which a <c>*</c> takes any run of characters for nothing.</summary>
    private static int Distance(string pattern, string name)
    {
        var row = Enumerable.Range(0, name.Length + 1).ToArray();
        foreach (var wanted in pattern)
        {
            var (diagonal, any) = (row[0], wanted == '*');
            if (!any) row[0]++;
            for (var j = 1; j <= name.Length; j++)
            {
                var changed = name[j - 1] == wanted ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                (diagonal, row[j]) = (row[j], any ? Math.Min(row[j], row[j - 1]) : changed);
            }
        }
        return row[^1];
    }
}
