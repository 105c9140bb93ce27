using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>What sampling a component makes necessary: everything below its first layer, and every
/// other head of that layer, is frozen.</summary>
/// <remarks>An MLP reads all heads of its layer, so it is computed anew with any of them; alone, it leaves
/// them all frozen.</remarks>
internal sealed class ComponentPlan
{
    private ComponentPlan(IReadOnlyList<Matrix> matrices, PaddedSizes sizes)
    {
        Matrices = matrices;
        Embedding = Has(WeightSlot.Embed);
        Unembedding = Has(WeightSlot.FinalGain)
            || Has(WeightSlot.FinalBias)
            || Has(WeightSlot.Unembed)
            || Has(WeightSlot.UnembedBias);
        var inBlocks = matrices.Where(m => m.Slot is >= WeightSlot.Gain and <= WeightSlot.MlpOutBias).ToList();
        FirstLayer = Embedding || Has(WeightSlot.Position) ? 0 : inBlocks.Count > 0 ? inBlocks.Min(m => m.Layer) : sizes.Layers;
        var inAttention = inBlocks.Where(m => m.Layer == FirstLayer && m.Slot <= WeightSlot.OBias).ToList();
        WholeLayer = Embedding || Has(WeightSlot.Position)
            || inAttention.Any(m => m.Slot is WeightSlot.Gain or WeightSlot.Bias or WeightSlot.OBias);
        Heads = WholeLayer ? [.. Enumerable.Range(0, FirstLayer < sizes.Layers ? sizes.Heads : 0)]
            : [.. inAttention.Select(m => m.Head).Distinct().Order()];
        FromMlp = FirstLayer < sizes.Layers && Heads.Count == 0;
        LowRank = sizes.Mlp == 0
            && FirstLayer == sizes.Layers - 1
            && !WholeLayer
            && !Unembedding
            && Heads.Count * sizes.Head <= sizes.Model / 2;
    }

    /// <summary>The sampled matrices.</summary>
    public IReadOnlyList<Matrix> Matrices { get; }

    /// <summary>The lowest block that changes; the number of blocks when only the unembedding
    /// does.</summary>
    public int FirstLayer { get; }

    /// <summary>Whether every head of the first layer changes (its input does), rather than
    /// <see cref="Heads"/> alone.</summary>
    public bool WholeLayer { get; }

    /// <summary>The heads of the first layer that are computed anew.</summary>
    public IReadOnlyList<int> Heads { get; }

    /// <summary>Whether the token embedding is sampled.</summary>
    public bool Embedding { get; }

    /// <summary>Whether the final LayerNorm or the unembedding is sampled.</summary>
    public bool Unembedding { get; }

    /// <summary>Whether of the first layer only the MLP changes: no attention of it is computed anew.</summary>
    public bool FromMlp { get; }

    /// <summary>Whether only few heads of the last layer change and no MLP reads them, so that the logits
    /// change by a product of low rank.</summary>
    public bool LowRank { get; }

    /// <summary>The plan of a component, or null where the lock-step engine cannot serve it (a
    /// slice that cuts through a head).</summary>
    public static ComponentPlan? For(Component component, PaddedSizes sizes) =>
        WeightTable.Layout(component, sizes) is { } matrices ? new(matrices, sizes) : null;

    private bool Has(WeightSlot slot) => Matrices.Any(m => m.Slot == slot);
}
