using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Report;

/// <summary>Made-up tokens in context: as many of each kind as a study shows, with a token that looks like markup and a value that
/// is missing.</summary>
internal static class SyntheticSamples
{
    private const int Middle = 16;

    /// <summary>Samples of each head.</summary>
    /// <param name="heads">The heads.</param>
    /// <param name="words">Texts of tokens.</param>
    public static IReadOnlyList<TokenSample> Create(IReadOnlyList<string> heads, IReadOnlyList<string> words)
    {
        var random = new Random(5);
        return [.. heads.SelectMany((head, h) => Kinds().Select((kind, k) => Sample(head, kind, 21 * h + k, words, random)))];
    }

    private static IEnumerable<(string Kind, int Decile, double Value)> Kinds() =>
        Enumerable.Range(0, 6).Select(i => ("top", 0, 60.0 - 6 * i))
            .Concat(Enumerable.Range(0, 6).Select(i => ("bottom", 0, -25.0 + 3 * i)))
            .Concat(Enumerable.Range(1, 9).Select(d => ("decile", 10 * d, 4.0 * d - 18)));

    private static TokenSample Sample(
        string head, (string Kind, int Decile, double Value) kind, int number, IReadOnlyList<string> words, Random random)
    {
        // Every fifth stands at the beginning of its context, whose first token nothing predicts.
        var place = number % 5 == 0 ? 3 : Middle;
        var (values, errors) = (new double[place + 8], new double[place + 8]);
        for (var t = 0; t < values.Length; t++)
        {
            values[t] = t == place ? kind.Value : Math.Round(4 * random.NextDouble() - 1.5, 3);
            errors[t] = Math.Round(0.4 + random.NextDouble(), 3);
        }
        if (place != Middle) (values[0], errors[0]) = (double.NaN, double.NaN);
        var attention = values.Select((_, i) =>
        {
            var row = Enumerable.Range(0, i + 1).Select(j => j == Math.Max(0, i - 1) ? 4 : random.NextDouble()).ToArray();
            return Array.ConvertAll(row, v => 0.9 * v / row.Sum());
        });
        var tokens = values.Select((_, t) => words[(7 * t + 3 * number) % words.Count]).ToList();
        return new(head, "mixed", "prose", kind.Kind, kind.Decile, number % 16, place, tokens, values, errors,
            PackedAttention.Pack(attention.ToList()));
    }
}
