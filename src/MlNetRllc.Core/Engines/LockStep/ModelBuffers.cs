using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>All weights of a model in the layout the kernels read, to be filled anew at every step, and gradients that are
/// summed back out of it.</summary>
internal sealed unsafe class ModelBuffers : IDisposable
{
    private readonly NativeArena arena = new();
    private readonly IReadOnlyList<(int Weight, Matrix Matrix)> places;
    private readonly ParallelOptions parallel;

    public ModelBuffers(TransformerConfig config, PaddedSizes sizes, ParallelOptions parallel)
    {
        this.parallel = parallel;
        Weights = FrozenWeights.Allocate(sizes, arena);
        places = FrozenWeights.MatricesOf(sizes);
        Unembedding = new(sizes, arena);
        Plan = ComponentPlan.For(Component.Parse("full", config), sizes)!;
    }

    /// <summary>The weights, as last filled.</summary>
    public WeightTable Weights { get; }

    /// <summary>The final LayerNorm and the unembedding in one map, as last filled.</summary>
    public FoldedUnembedding Unembedding { get; }

    /// <summary>That all weights are moved.</summary>
    public ComponentPlan Plan { get; }

    /// <summary>The matrices that the weights consist of.</summary>
    public IEnumerable<Matrix> Matrices => places.Select(p => p.Matrix);

    /// <summary>Takes over a model's weights, in the order of <see cref="WeightNames.Shapes"/>.</summary>
    public void Fill(IReadOnlyList<float[]> values)
    {
        Parallel.ForEach(places, parallel, place => FrozenWeights.Fill(Weights, place.Matrix, values[place.Weight]));
        Unembedding.Build(Weights);
    }

    /// <summary>Copies gradients out, each whole array overwritten, in the order of
    /// <see cref="WeightNames.Shapes"/>.</summary>
    public void Store(WeightTable gradients, IReadOnlyList<float[]> values) => Parallel.ForEach(places, parallel, place =>
    {
        var matrix = place.Matrix;
        WeightTable.Store(matrix, gradients[matrix.Slot, matrix.Layer, matrix.Head], values[place.Weight]);
    });

    public void Dispose() => arena.Dispose();
}
