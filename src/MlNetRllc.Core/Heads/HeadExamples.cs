using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>What one head does in the beginning of a context.</summary>
/// <param name="Head">Such as <c>l1h3</c>.</param>
/// <param name="Attention">[query][key], 0 to 1, key up to the query: each row adds up to 1.</param>
/// <param name="LossChange">[token]: its loss with the head's mean output in place of its own,
/// minus its loss, in nats; NaN for the first token.</param>
public sealed record HeadExample(
    string Head, IReadOnlyList<float[]> Attention, IReadOnlyList<float> LossChange);

/// <summary>The beginning of a context, and what some heads do there.</summary>
/// <param name="Tokens">Token ids.</param>
/// <param name="Losses">[token], nats; NaN for the first, which nothing predicts.</param>
/// <param name="Heads">The heads that were asked for, in order.</param>
public sealed record ContextExample(
    IReadOnlyList<int> Tokens, IReadOnlyList<float> Losses, IReadOnlyList<HeadExample> Heads);

/// <summary>Looks at heads of one checkpoint in the first contexts of a text.</summary>
public sealed class HeadExamples
{
    private readonly TransformerConfig config;
    private readonly WeightSet weights;
    private readonly ContextSet contexts;

    /// <summary>Nothing is computed yet.</summary>
    /// <param name="config">The model.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="contexts">The text. The mean outputs of heads are taken over all of these
    /// contexts: give as many as that needs, not more.</param>
    public HeadExamples(TransformerConfig config, WeightSet weights, ContextSet contexts)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(contexts);
        (this.config, this.weights, this.contexts) = (config, weights, contexts);
    }

    /// <summary>What the heads do in the beginnings of contexts.</summary>
    /// <param name="heads">Names, such as <c>l0h1</c>.</param>
    /// <param name="count">Contexts looked at, from the first; fewer when there are fewer.</param>
    /// <param name="length">Tokens of each, from its beginning; fewer when contexts are shorter.</param>
    /// <exception cref="ArgumentException">The model cannot read the contexts, or has no such head;
    /// the message says which.</exception>
    public IReadOnlyList<ContextExample> Look(IReadOnlyList<string> heads, int count, int length)
    {
        ArgumentNullException.ThrowIfNull(heads);
        Limits.AtLeast(count, 1);
        Limits.AtLeast(length, 2);
        contexts.CheckedAgainst(config);
        var places = heads.Select(name => PlaceOf(name, config)).ToList();
        Native.TorchNative.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(weights);
        using var pass = new AblationPass(new(model), contexts.ToTensor(contexts.Count), seed: 0);
        var shown = Math.Min(length, contexts.ContextLength);
        var losses = Rows(pass.Base);
        var changes = places.Select(p => Rows(pass.Head(p.Layer, p.Head, Ablation.Mean) - pass.Base)).ToList();
        return [.. Enumerable.Range(0, Math.Min(count, contexts.Count)).Select(i =>
        {
            using var one = NewDisposeScope();
            var patterns = model.AttentionPatterns(contexts.ToTensor(1, i).narrow(1, 0, shown)); // [layer] of [1, head, query, key]
            float[] Token(float[][] of) => [float.NaN, .. of[i].Take(shown - 1)];
            return new ContextExample(contexts[i][..shown].ToArray(), Token(losses), [.. places.Select((p, h) =>
            {
                var rows = patterns[p.Layer][0, p.Head].contiguous().data<float>().ToArray(); // [query, key]
                var triangle = Enumerable.Range(0, shown).Select(q => rows[(q * shown)..(q * shown + q + 1)]);
                return new HeadExample(heads[h], [.. triangle], Token(changes[h]));
            })]);
        })];
    }

    private static float[][] Rows(Tensor losses)
    {
        var width = (int)losses.shape[1];
        return [.. losses.contiguous().data<float>().ToArray().Chunk(width)];
    }

    private static HeadName PlaceOf(string name, TransformerConfig config) =>
        HeadName.TryParse(name) is { } place && place.Layer < config.Layers && place.Head < config.Heads && place.ToString() == name ? place
        : throw new ArgumentException(
            $"There is no head '{name}'; the model has l0h0 to {new HeadName(config.Layers - 1, config.Heads - 1)}.");
}
