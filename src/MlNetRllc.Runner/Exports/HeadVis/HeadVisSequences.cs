using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Exports.HeadVis;

/// <summary>A text on which the viewer shows a head's attention.</summary>
/// <param name="Interval">1 to 10; 10 holds what the head answers to most.</param>
/// <param name="Tokens">What each token stands for.</param>
/// <param name="Attention">[query][key], 0 to 1, key up to the query.</param>
internal sealed record HeadVisSequence(int Interval, IReadOnlyList<string> Tokens, IReadOnlyList<IReadOnlyList<double>> Attention)
{
    /// <summary>The largest attention, but for the first query and the first key: the viewer leaves these out of its own.</summary>
    public double MaxActivation { get; } = Attention.Skip(1).SelectMany(row => row.Skip(1)).DefaultIfEmpty(0).Max();
}

/// <summary>Makes sequences of what examples steps show.</summary>
internal static class HeadVisSequences
{
    /// <summary>Intervals that the viewer lets choose among.</summary>
    public const int Intervals = 10;

    /// <summary>Sequences by head: tokens in context where the files have them, whole texts of chosen heads where not.</summary>
    public static ILookup<HeadName, HeadVisSequence> SequencesOf(IReadOnlyList<ExamplesFile> files)
    {
        var samples = files.SelectMany(f => f.Samples ?? []).ToList();
        return samples.Count > 0
            ? Named(samples.Select(s => (s.Head, new HeadVisSequence(IntervalOf(s), s.Tokens, PackedAttention.Unpack(s.Attention)))))
            : Named(files.SelectMany(Texts).GroupBy(t => t.Head).SelectMany(Ranked));
    }

    /// <summary>The lower end, what lies at the deciles, the upper end: by what is lost of a token when the head is perturbed.</summary>
    private static int IntervalOf(ShownToken sample) => sample.Kind switch
    {
        "top" => Intervals,
        "bottom" => 1,
        _ => sample.Decile / 10 + 1,
    };

    private static IEnumerable<(string Head, HeadVisSequence Sequence)> Texts(ExamplesFile file) =>
        from context in file.Contexts
        from shown in file.Heads.Zip(context.Heads)
        select (shown.First.Head, new HeadVisSequence(Intervals, context.Tokens, shown.Second.Attention));

    // A few texts have no deciles; their order by largest attention is spread over the intervals.
    private static IEnumerable<(string Head, HeadVisSequence Sequence)> Ranked(
        IGrouping<string, (string Head, HeadVisSequence Sequence)> own)
    {
        var falling = own.Select(t => t.Sequence).OrderByDescending(s => s.MaxActivation).ToList();
        return falling.Select((s, i) => (own.Key, s with { Interval = Intervals - i * Intervals / falling.Count }));
    }

    private static ILookup<HeadName, HeadVisSequence> Named(IEnumerable<(string Head, HeadVisSequence Sequence)> sequences) =>
        sequences.Where(s => HeadName.TryParse(s.Head) is not null).ToLookup(s => HeadName.TryParse(s.Head)!.Value, s => s.Sequence);
}
