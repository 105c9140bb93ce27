using System.Globalization;

namespace MlNetRllc.Runner.Executors.Slurm;

/// <summary>Task numbers as Slurm writes them: <c>0-3,7,9-12</c>.</summary>
internal static class ArrayIndices
{
    /// <summary>The shortest list of numbers and ranges.</summary>
    /// <param name="indices">At least one; any order, repetitions allowed.</param>
    public static string Compact(IEnumerable<int> indices)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var index in indices.Distinct().Order())
        {
            if (ranges.Count > 0 && ranges[^1].Last == index - 1) ranges[^1] = (ranges[^1].First, index);
            else ranges.Add((index, index));
        }
        return string.Join(',', ranges.Select(r => (r.Last - r.First) switch
        {
            0 => $"{r.First}",
            1 => $"{r.First},{r.Last}",
            _ => $"{r.First}-{r.Last}",
        }));
    }

    /// <summary>The numbers of a list, also with brackets, a step (<c>0-8:2</c>) or a throttle (<c>%4</c>);
    /// empty where there are none, as for a job that is no array.</summary>
    public static IReadOnlyList<int> Parse(string text)
    {
        var list = text.Trim().Trim('[', ']').Split('%')[0];
        var indices = new List<int>();
        foreach (var part in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (range, step) = part.Split(':') is [var r, var s] && Number(s) is { } by and > 0 ? (r, by) : (part, 1);
            var ends = range.Split('-');
            if (Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || ends.Length > 2 || last < first) return [];
            for (var i = first; i <= last; i += step) indices.Add(i);
        }
        return indices;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
