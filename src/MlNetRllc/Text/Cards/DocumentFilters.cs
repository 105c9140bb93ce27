using System.Text.RegularExpressions;
using MlNetRllc.Text.Formats;

namespace MlNetRllc.Text.Cards;

/// <summary>What a card asks of its documents: columns, lengths, duplicates, weights, a sample. All but the sample stream.</summary>
internal static partial class DocumentFilters
{
    [GeneratedRegex(@"\{\d+(?:,-?\d+)?(?::[^{}]*)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex FormatItem { get; }

    /// <summary>Names of fields that are kept for a message.</summary>
    private const int MostNames = 100;

    public static IEnumerable<TextDocument> Apply(this DatasetFilter filter, IEnumerable<TextDocument> documents)
    {
        var seen = filter.Duplicates == DuplicateRemoval.None ? null : new HashSet<UInt128>();
        var near = filter.Duplicates == DuplicateRemoval.Near ? new NearDuplicates() : null;
        var missing = filter.Columns.Keys.ToHashSet(StringComparer.Ordinal);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var read = 0L;
        foreach (var original in documents)
        {
            read++;
            if (missing.Count > 0) missing.ExceptWith(original.Fields?.Keys ?? []);
            if (missing.Count > 0 && names.Count < MostNames) names.UnionWith(original.Fields?.Keys ?? []);
            var document = filter.StripFormatItems ? original with { Text = FormatItem.Replace(original.Text, "") } : original;
            if (document.Text.Length < filter.MinimumLength || document.Text.Length > filter.MaximumLength) continue;
            if (!filter.Columns.All(wanted => document.Fields?.TryGetValue(wanted.Key, out var value) == true
                && value.Split('\n').Any(one => Matches(one, wanted.Value)))) continue;
            if (seen?.Add(DocumentHash.Hash128(document.Text)) == false) continue;
            if (near?.Add(document.Text) == false) continue;
            yield return document;
        }
        if (read > 0 && missing.FirstOrDefault() is { } none)
            throw TextFields.NoneToFilterBy(names, none, $"None of {read:N0} documents has what the filter asks for");
    }

    // JSON's true is True once it is read.
    private static bool Matches(string value, IReadOnlyList<string> wanted) => wanted.Contains(value)
        || value is "True" or "False" && wanted.Contains(value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes each document <paramref name="weight"/> times; what is left after the whole times falls
    /// to a hash of the text.</summary>
    public static IEnumerable<TextDocument> Weighted(this IEnumerable<TextDocument> documents, double weight)
    {
        var (whole, rest) = ((int)weight, weight - (int)weight);
        return weight == 1 ? documents : documents.SelectMany(document =>
            Enumerable.Repeat(document, whole + (rest > 0 && UnitHash(document.Text) < rest ? 1 : 0)));
    }

    // In [0, 1), of the text alone: a document falls out the same way wherever it stands.
    private static double UnitHash(string text) => (double)(ulong)(DocumentHash.Hash128(text, 1) >> 75) * Math.Pow(2, -53);

    /// <summary>The documents whose seeded hashes are smallest, in their order; holds no more than the sample.</summary>
    public static IEnumerable<TextDocument> Sampled(this IEnumerable<TextDocument> documents, DatasetSample? sample)
    {
        if (sample is null) return documents;
        return Deferred();
        IEnumerable<TextDocument> Deferred()
        {
            foreach (var document in Draw(documents, sample)) yield return document;
        }
    }

    private static IEnumerable<TextDocument> Draw(IEnumerable<TextDocument> documents, DatasetSample sample)
    {
        var kept = new PriorityQueue<(long Order, TextDocument Document), (UInt128 Hash, long Order)>(
            Comparer<(UInt128 Hash, long Order)>.Create((a, b) => b.CompareTo(a)));
        var order = 0L;
        foreach (var document in documents)
        {
            kept.Enqueue((order, document), (DocumentHash.Hash128(document.Text, sample.Seed), order));
            order++;
            if (kept.Count > sample.Documents) kept.Dequeue();
        }
        return kept.UnorderedItems.Select(item => item.Element).OrderBy(item => item.Order).Select(item => item.Document);
    }
}
