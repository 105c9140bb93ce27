using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Small models and datasets with weights large enough that every path matters.</summary>
internal static class TinyModels
{
    public static WeightSet Weights(TransformerConfig config, int seed) => new(WeightNames.Shapes(config).Select(shape =>
    {
        var values = new float[shape.Shape.Aggregate(1, (n, d) => n * d)];
        NamedRandom.Stream(seed, shape.Name).Normals(values, 0);
        var gain = shape.Name.EndsWith(".w", StringComparison.Ordinal);
        for (var i = 0; i < values.Length; i++) values[i] = (gain ? 1 : 0) + (gain ? 0.2f : 0.5f) * values[i];
        return new Weight(shape.Name, shape.Shape, values);
    }));

    public static ContextSet Contexts(TransformerConfig config, int count, int seed, string name = "text")
    {
        var random = NamedRandom.Stream(seed, "contexts", name);
        int Token(int i) => random.Integer(config.VocabularySize, 0, (ulong)i);
        var tokens = Enumerable.Range(0, count * config.ContextLength).Select(Token).ToArray();
        return new(name, tokens, config.ContextLength);
    }
}
