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

    /// <summary>As that of a head of the last layer, with an MLP between it and the vocabulary: the MLP forward and back
    /// to activations, and the vocabulary forward and back to r.</summary>
    public static double HeadBelowAnMlp(TransformerConfig c) =>
        OwnHead(c) + 2 * Mlp(c) + 2 * 2.0 * c.ModelWidth * c.VocabularySize;

    /// <summary>The mean over the layers' MLPs: its own forward, back to activations (its LayerNorm's too) and to weights, the
    /// layers above forward and back to activations, and the vocabulary forward and back to r.</summary>
    public static double MlpOfALayer(TransformerConfig c) =>
        3 * Mlp(c) + 2 * Layer(c) * (c.Layers - 1) / 2 + 2 * 2.0 * c.ModelWidth * c.VocabularySize;

    /// <summary>Its own attention, the MLP that reads it, the layer above forward and backward to activations, and the
    /// vocabulary forward and back to r.</summary>
    public static double FirstLayerHead(TransformerConfig c) =>
        OwnHead(c) + 2 * Mlp(c) + 2 * Layer(c) + 2 * 2.0 * c.ModelWidth * c.VocabularySize;

    /// <summary>Everything, forward, backward to activations and to weights.</summary>
    public static double WholeModel(TransformerConfig c) =>
        c.Layers * (2 * Layer(c) + Projections(c) + Mlp(c)) + 3 * 2.0 * c.ModelWidth * c.VocabularySize;

    private static double Projections(TransformerConfig c) => 4 * 2.0 * c.ModelWidth * c.Heads * c.HeadWidth;

    // Scores and mixtures see half of the keys, for the causal mask.
    private static double Layer(TransformerConfig c) =>
        Projections(c) + 2 * 2.0 * c.Heads * c.HeadWidth * c.ContextLength / 2 + Mlp(c);

    private static double Mlp(TransformerConfig c) => 2 * 2.0 * c.ModelWidth * c.MlpWidth;

    private static double OwnHead(TransformerConfig c) =>
        (4 + 4) * 2.0 * c.ModelWidth * c.HeadWidth + 6 * 2.0 * c.HeadWidth * c.ContextLength / 2;
}
