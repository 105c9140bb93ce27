using Microsoft.ML;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Steps;

/// <summary>A text's contexts as a sample step reads them, in memory.</summary>
/// <param name="Sampled">Those that are sampled on.</param>
/// <param name="Count">How many these are.</param>
/// <param name="All">Those and the ones behind them, from which probe sets are made; null where the step has no set.</param>
internal sealed record HeldText(IDataView Sampled, int Count, ContextSet? All)
{
    /// <summary>Reads a text's contexts.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="name">The dataset's name.</param>
    /// <param name="contexts">The table.</param>
    /// <param name="most">Contexts that are sampled on, from the start; all when 0.</param>
    /// <param name="wanted">Contexts that probe sets look at, these among them; null where the step has no set.</param>
    public static HeldText Load(MLContext ml, string name, IDataView contexts, int most, int? wanted)
    {
        if (wanted is not { } read)
        {
            var (view, count) = HeldContexts.Load(ml, contexts, most);
            return new(view, count, null);
        }
        var all = HeldContexts.Load(ml, contexts, read);
        return most == 0 ? new(all.View, all.Count, ContextTables.Read(all.View, name))
            : new(ml.Data.TakeRows(all.View, most), Math.Min(most, all.Count), ContextTables.Read(all.View, name));
    }

    /// <summary>The same text without contexts that probe sets have taken.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="taken">These, as <see cref="ProbeDraw.TextOf"/> says them.</param>
    public HeldText Without(MLContext ml, IReadOnlySet<string> taken)
    {
        if (taken.Count == 0) return this;
        var (view, count) = HeldContexts.Load(
            ml, ml.Data.FilterByCustomPredicate<TokenRow>(Sampled, row => taken.Contains(ProbeDraw.TextOf(row.Tokens))));
        return count == Count ? this : this with { Sampled = view, Count = count };
    }

    /// <summary>The contexts that are sampled on, as <see cref="ProbeDraw.TextOf"/> says them.</summary>
    public IEnumerable<string> SampledTexts => Enumerable.Range(0, Math.Min(Count, All!.Count)).Select(i => ProbeDraw.TextOf(All[i]));

    private sealed class TokenRow
    {
        public int[] Tokens { get; set; } = [];
    }
}
