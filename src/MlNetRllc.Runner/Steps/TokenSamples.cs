using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>Shows which tokens each head answers to, in their contexts.</summary>
internal static class TokenSamples
{
    /// <summary>Tokens of a window before the one that it is about, and behind it.</summary>
    private const int Before = 16, After = 7;

    /// <summary>Samples of a head and dataset.</summary>
    public const int OfAHead = 2 * TokenChoice.Ends + 9;

    /// <summary>Samples of every head at the last checkpoint that a step sampled.</summary>
    /// <param name="context">The step that shows them.</param>
    /// <param name="sample">The sample step, which keeps single tokens.</param>
    /// <param name="texts">What each token of the vocabulary stands for.</param>
    public static IReadOnlyList<ShownToken> Show(StudyContext context, StepSpec sample, IReadOnlyList<string> texts)
    {
        var (windows, checkpoint) = (new List<Window>(), "");
        foreach (var head in SampledTokens.Read(context, sample))
        {
            checkpoint = head.Row.Checkpoint;
            windows.AddRange(WindowsOf(head));
        }
        if (windows.Count == 0) return [];
        var (config, weights) = Checkpoint.Load(checkpoint);
        using var looking = new AttentionWindows(config, weights);
        var shown = new ShownToken[windows.Count];
        // A context is read once for all heads.
        foreach (var own in windows.Index().GroupBy(w => (w.Item.Probe, w.Item.Context)))
        {
            var attention = looking.Look(own.Key.Probe.Contexts, own.Key.Context, [.. own.Select(w => w.Item.Place)]);
            foreach (var ((index, window), rows) in own.Zip(attention)) shown[index] = window.ToShown(rows, texts);
        }
        return shown;
    }

    private static IEnumerable<Window> WindowsOf(HeadResponses head)
    {
        // Tokens of all probe sets are one list: [probe, context, pos - 1].
        var starts = new List<int> { 0 };
        foreach (var (_, responses) in head.Probes) starts.Add(starts[^1] + responses.Values.Count);
        int ProbeOf(int token) => starts.FindLastIndex(start => start <= token);
        int WidthOf(int probe) => head.Probes[probe].Probe.Contexts.ContextLength - 1;
        (int Context, int Position) PlaceOf(int token)
        {
            var probe = ProbeOf(token);
            var (context, place) = Math.DivRem(token - starts[probe], WidthOf(probe));
            return (starts[probe] + context, place + 1);
        }
        foreach (var chosen in TokenChoice.Choose([.. head.Probes.SelectMany(p => p.Responses.Values)], PlaceOf))
        {
            var probe = ProbeOf(chosen.Index);
            var (context, place) = Math.DivRem(chosen.Index - starts[probe], WidthOf(probe));
            yield return new(head, head.Probes[probe].Probe, head.Probes[probe].Responses, chosen, context, place + 1);
        }
    }

    /// <summary>A chosen token with its neighbours.</summary>
    private sealed record Window(
        HeadResponses Head, ProbeSet Probe, TokenResponses Responses, ChosenToken Chosen, int Context, int Position)
    {
        private ContextSet Contexts => Probe.Contexts;

        private int From => Math.Max(0, Position - Before);

        public AttentionWindow Place => new(Head.Head, From, Math.Min(Contexts.ContextLength, Position + After + 1) - From);

        public ShownToken ToShown(IReadOnlyList<float[]> attention, IReadOnlyList<string> texts)
        {
            var positions = Enumerable.Range(From, Place.Count).ToList();
            int At(int position) => Context * (Contexts.ContextLength - 1) + position - 1;
            return new(
                $"{Head.Head}", Head.Row.Dataset, Probe.Name, Chosen.Kind, Chosen.Decile, Context, Position - From,
                [.. positions.Select(p => texts[Contexts[Context][p]])],
                [.. positions.Select(p => p == 0 ? null : Rounded(Responses.Values[At(p)]))],
                [.. positions.Select(p => p == 0 ? null : Rounded(Responses.ErrorOf(At(p))))],
                PackedAttention.Pack(attention.Select(row => Array.ConvertAll(row, a => (double)a)).ToList()));
        }

        private static double? Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 3) : null;
    }
}
