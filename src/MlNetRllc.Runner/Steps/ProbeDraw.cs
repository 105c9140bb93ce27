using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Steps;

/// <summary>Draws the contexts of probe sets, so that none of them is sampled on and no two sets share one.</summary>
/// <remarks>A set takes contexts of its dataset that lie behind those that are sampled on; what lacks there it takes out of them.
/// So where a text is long enough, the same contexts are sampled on as without probe sets. Contexts of one text count as one
/// context.</remarks>
/// <param name="sampled">Contexts that are sampled on, as <see cref="TextOf"/> says them.</param>
/// <param name="most">Contexts of a dataset that are sampled on, from its start; all when 0.</param>
/// <param name="allowShared">Whether contexts may be sampled on, or in two sets, all the same.</param>
internal sealed class ProbeDraw(IReadOnlySet<string> sampled, int most, bool allowShared)
{
    /// <summary>Contexts behind the sampled ones among which a set is drawn: neighbours are often of one document.</summary>
    private const int Pool = 1 << 14;

    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>The contexts that sets have taken; none of them is sampled on.</summary>
    public IReadOnlySet<string> Taken => taken;

    /// <summary>What a context is known by: its tokens.</summary>
    public static string TextOf(ReadOnlySpan<int> tokens) => ContentHash.OfValues(tokens);

    /// <summary>How many contexts of a dataset a set looks at; all when 0.</summary>
    public static int Wanted(ProbeOptions probe, int most) =>
        most == 0 ? 0 : checked(most + Math.Max(Pool, 4 * probe.Contexts));

    /// <summary>The contexts of a set.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="probe">What it is.</param>
    /// <param name="all">The contexts of its dataset, <see cref="Wanted"/> of them or more.</param>
    /// <exception cref="InvalidDataException">There are fewer than are asked for.</exception>
    public ContextSet Draw(string name, ProbeOptions probe, ContextSet all)
    {
        var (own, chosen) = (new HashSet<string>(StringComparer.Ordinal), new List<int>());
        foreach (var context in Order(name, probe, all.Count))
        {
            var text = TextOf(all[context]);
            var isBehind = context >= FrontOf(all.Count);
            var isShared = taken.Contains(text) || isBehind && sampled.Contains(text);
            if ((allowShared || !isShared) && own.Add(text)) chosen.Add(context);
            if (chosen.Count == probe.Contexts) break;
        }
        if (chosen.Count < probe.Contexts)
            throw new InvalidDataException(
                $"the probe set '{name}' asks for {probe.Contexts:N0} contexts of '{probe.Of}', "
                + $"which has {chosen.Count:N0} that differ and are in no other set; ask for fewer, or give more text.");
        if (!allowShared) taken.UnionWith(own);
        return Chosen(name, all, chosen.Order());
    }

    /// <summary>The contexts among which a set is drawn, which for random tokens say how often each stands.</summary>
    public ContextSet Window(string name, ProbeOptions probe, ContextSet all) =>
        Chosen(name, all, Enumerable.Range(0, CountOf(probe, all.Count)));

    private int FrontOf(int count) => most == 0 ? count : Math.Min(most, count);

    private int CountOf(ProbeOptions probe, int count) => most == 0 ? count : Math.Min(Wanted(probe, most), count);

    private IEnumerable<int> Order(string name, ProbeOptions probe, int count)
    {
        var front = FrontOf(count);
        int[] Shuffled(string part, int contexts) =>
            ContextOrder.Shuffled(NamedRandom.Stream("probe sets", probe.Seed, name, part), contexts);
        var behind = Shuffled("behind", CountOf(probe, count) - front);
        return behind.Select(i => front + i).Concat(Shuffled("sampled", front));
    }

    private static ContextSet Chosen(string name, ContextSet all, IEnumerable<int> contexts)
    {
        var tokens = new List<int>();
        foreach (var context in contexts) tokens.AddRange(all[context]);
        return new(name, tokens.ToArray(), all.ContextLength);
    }
}
