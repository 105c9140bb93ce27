using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Heads;

/// <summary>A model written by hand: l0h0 attends to the token before and notes it, l0h1 attends to
/// the token itself, l1h0 completes what it has seen (induction, by way of l0h0); the other heads'
/// weights are zero, so that they attend to all tokens alike.</summary>
/// <remarks>The stream holds the token (dimensions 0 to 19) and the token before (20 to 39);
/// positions take 40 to 71.</remarks>
internal static class InductionModel
{
    private const int Vocabulary = 20, Length = 32;

    public static TransformerConfig Config { get; } = new()
    {
        VocabularySize = Vocabulary,
        ContextLength = Length,
        Layers = 2,
        Heads = 4,
        ModelWidth = 2 * Vocabulary + Length,
        HeadWidth = Length,
    };

    public static WeightSet Weights { get; } = Make();

    /// <summary>Contexts whose second half repeats the first, random one.</summary>
    public static ContextSet Repeating(int count)
    {
        var random = TinyText(count * Length, 19);
        for (var i = 0; i < random.Length; i++)
            if (i % Length >= Length / 2) random[i] = random[i - Length / 2];
        return new("repeating", random, Length);
    }

    public static int[] TinyText(int count, int vocabulary)
    {
        var random = MlNetRllc.Core.Randomness.NamedRandom.Stream("tiny text");
        return [.. Enumerable.Range(0, count).Select(i => random.Integer(vocabulary, 0, (ulong)i))];
    }

    private static WeightSet Make()
    {
        float[] Zeros(int[] shape) => new float[shape.Aggregate(1, (n, d) => n * d)];
        var values = WeightNames.Shapes(Config).ToDictionary(w => w.Name, w => (w.Shape, Values: Zeros(w.Shape)));
        void Set(string name, float value, params int[] at)
        {
            var (shape, target) = values[name];
            target[at.Select((index, axis) => index * shape.Skip(axis + 1).Aggregate(1, (n, d) => n * d)).Sum()] = value;
        }
        void Attention(int layer, string name, float value, params int[] at) => Set(WeightNames.Attention(layer, name), value, at);

        foreach (var (name, (_, target)) in values)
            if (name.EndsWith(".w", StringComparison.Ordinal)) Array.Fill(target, 1);
        for (var token = 0; token < Vocabulary; token++)
        {
            Set(WeightNames.Embed, 1, token, token);
            Set(WeightNames.Unembed, 0.4f, token, token);
            Attention(0, "W_V", 1, 0, token, token);                        // l0h0 carries the token ...
            Attention(0, "W_O", 0.1f, 0, token, Vocabulary + token);        // ... to the place of the token before.
            Attention(1, "W_Q", 4, 0, token, token);                        // l1h0 asks with the token ...
            Attention(1, "W_K", 4, 0, Vocabulary + token, token);           // ... where it was the token before,
            Attention(1, "W_V", 1, 0, token, token);
            Attention(1, "W_O", 2, 0, token, token);                        // and predicts what stands there.
        }
        for (var position = 0; position < Length; position++)
        {
            Set(WeightNames.Position, 8, position, 2 * Vocabulary + position);
            foreach (var head in (int[])[0, 1])
                Attention(0, "W_Q", 4, head, 2 * Vocabulary + position, position);
            Attention(0, "W_K", 4, 0, 2 * Vocabulary + position, (position + 1) % Length);
            Attention(0, "W_K", 4, 1, 2 * Vocabulary + position, position);
        }
        return new(WeightNames.Shapes(Config).Select(w => new Weight(w.Name, w.Shape, values[w.Name].Values)));
    }
}
