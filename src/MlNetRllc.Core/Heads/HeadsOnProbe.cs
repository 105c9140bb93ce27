using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Patterns;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>What the heads of one checkpoint do on the contexts of a probe set: rivals of the rLLC by pattern that need no
/// sampling.</summary>
/// <remarks>All contexts go through the model at once: activations of the whole set are in memory.</remarks>
public sealed class HeadsOnProbe
{
    /// <summary>The pattern that is the whole set.</summary>
    public const string WholeSet = "all";

    /// <summary>Errors that the whole set's rise must lie from 0 for a profile to have a meaning.</summary>
    private const double DenominatorErrors = 3;

    private readonly TransformerConfig config;
    private readonly WeightSet weights;
    private readonly ContextSet contexts;

    /// <summary>Nothing is computed yet.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="contexts">The probe set's contexts; the mean outputs of heads are taken over all of them.</param>
    public HeadsOnProbe(TransformerConfig config, WeightSet weights, ContextSet contexts)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(contexts);
        (this.config, this.weights, this.contexts) = (config, weights, contexts);
    }

    /// <summary>The mean rise of the loss over the tokens of each pattern when a head gives its mean output instead of its own:
    /// for every head the whole set, then the patterns in order.</summary>
    /// <remarks>The mean is over the positions of all contexts of the set. A rise is a ratio of sums over contexts, and so is its
    /// standard error (linearised), since tokens of one context are not independent.</remarks>
    /// <param name="patterns">The patterns.</param>
    /// <exception cref="ArgumentException">The model cannot read the contexts, or a pattern was made for others.</exception>
    public IReadOnlyList<PatternAblation> Ablate(params IReadOnlyList<ProbePattern> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return OnTheWhole(pass =>
        {
            var losses = Values(pass.Base);
            var picks = patterns.Select(p => (p.Name, Flags: p.Pick(contexts, losses)))
                .Prepend((Name: WholeSet, Flags: [.. Enumerable.Repeat(true, losses.Length)])).ToList();
            return Heads().SelectMany(head =>
            {
                using var ablated = pass.Head(head.Layer, head.Head, Ablation.Mean); // [batch, pos - 1]
                double[] rises = [.. Values(ablated).Zip(losses, (with, without) => with - without)];
                return RowsOf(head, picks.ConvertAll(p => (p.Name, p.Flags.Count(flag => flag), MeanOver(rises, p.Flags))));
            }).ToList();
        });
    }

    /// <summary>How many directions the output of each head takes, by head: see <see cref="ParticipationRatio"/>.</summary>
    /// <remarks>The output is what the head adds to the stream, z W_O, at the positions that predict a token: all but the last of a
    /// context. It asks nothing of the loss: it is the rival that looks at activations only (arXiv 2605.24059).</remarks>
    /// <exception cref="ArgumentException">The model cannot read the contexts.</exception>
    public IReadOnlyDictionary<string, double> ParticipationRatios() => OnTheWhole(pass => Heads().ToDictionary(
        head => head.ToString(),
        head => ParticipationRatio.OfOutput(pass.Mixed(head.Layer, head.Head), pass.OutputOf(head.Layer, head.Head))));

    private static IEnumerable<PatternAblation> RowsOf(HeadName head, List<(string Pattern, int Tokens, Measured Rise)> patterns)
    {
        var whole = patterns[0].Rise;
        var isKnown = Math.Abs(whole.Value) > DenominatorErrors * whole.StdErr;
        return patterns.Select(p =>
            new PatternAblation(head.ToString(), p.Pattern, p.Tokens, p.Rise, isKnown ? p.Rise.Value / whole.Value : double.NaN));
    }

    private Measured MeanOver(double[] rises, bool[] flags)
    {
        var width = contexts.ContextLength - 1;
        var sums = new (double Sum, int Count)[contexts.Count];
        for (var i = 0; i < rises.Length; i++)
            if (flags[i]) sums[i / width] = (sums[i / width].Sum + rises[i], sums[i / width].Count + 1);
        return Statistics.RatioOfSums([.. sums.Where(s => s.Count > 0)]);
    }

    private IEnumerable<HeadName> Heads() =>
        Enumerable.Range(0, config.Layers).SelectMany(layer => Enumerable.Range(0, config.Heads).Select(head => new HeadName(layer, head)));

    private T OnTheWhole<T>(Func<AblationPass, T> use)
    {
        contexts.CheckedAgainst(config);
        Native.TorchNative.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(weights);
        using var pass = new AblationPass(new(model), contexts.ToTensor(contexts.Count), seed: 0);
        return use(pass);
    }

    private static double[] Values(Tensor losses)
    {
        using var scope = NewDisposeScope();
        return losses.to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }
}
