using MlNetRllc.Core.Model;

namespace MlNetRllc.Benchmarks;

/// <summary>Floating-point operations that a token of one chain's step cannot do without: products
/// only, shared work left out.</summary>
internal static class UsefulWork
{
    /// <summary>Its own attention, and the vocabulary at rank d_head: logits, their gradient back
    /// to z, and to W_O C.</summary>
    public static double LastLayerHead(TransformerConfig c) =>
        OwnHead(c) + 3 * 2.0 * c.HeadWidth * c.VocabularySize;

    /// <summary>Its own attention, the layer above forward and backward to activations, and the
    /// vocabulary forward and back to r.</summary>
    public static double FirstLayerHead(TransformerConfig c) =>
        OwnHead(c) + 2 * Layer(c) + 2 * 2.0 * c.ModelWidth * c.VocabularySize;

    /// <summary>Everything, forward, backward to activations and to weights.</summary>
    public static double WholeModel(TransformerConfig c) =>
        c.Layers * (2 * Layer(c) + Projections(c)) + 3 * 2.0 * c.ModelWidth * c.VocabularySize;

    private static double Projections(TransformerConfig c) => 4 * 2.0 * c.ModelWidth * c.Heads * c.HeadWidth;

    // Scores and mixtures see half of the keys, for the causal mask.
    private static double Layer(TransformerConfig c) =>
        Projections(c) + 2 * 2.0 * c.Heads * c.HeadWidth * c.ContextLength / 2;

    private static double OwnHead(TransformerConfig c) =>
        (4 + 4) * 2.0 * c.ModelWidth * c.HeadWidth + 6 * 2.0 * c.HeadWidth * c.ContextLength / 2;
}
