using System.Collections.Concurrent;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>A frozen reference model whose predictions are the targets.</summary>
internal sealed unsafe class Teacher : IDisposable
{
    private readonly NativeArena arena = new();
    private readonly PaddedSizes sizes;
    private readonly WeightTable weights;
    private readonly FoldedUnembedding unembedding;
    private readonly int positions;
    private readonly ConcurrentBag<(SequencePass Pass, SequenceCache Cache)> free = [];

    public Teacher(ReferenceModel reference, TransformerConfig student, int positions)
    {
        var config = reference.Config;
        if (config.VocabularySize != student.VocabularySize)
            throw new ArgumentException($"The reference model has {config.VocabularySize} tokens, "
                + $"the sampled model {student.VocabularySize}; they must be the same.");
        if (config.ContextLength <= positions)
            throw new ArgumentException($"The reference model must read contexts of {positions + 1} tokens.");
        reference.Weights.CheckedAgainst(config);
        (sizes, this.positions) = (new(config), positions);
        weights = FrozenWeights.Load(reference.Weights, sizes, arena);
        unembedding = new(sizes, arena);
        unembedding.Build(weights);
    }

    /// <summary>Fills the probabilities that a student's cache is compared with; its tokens are
    /// set.</summary>
    public void Teach(SequenceCache student)
    {
        if (!free.TryTake(out var own))
            own = (new(sizes, positions), new(sizes, positions, keepLogits: false, teacher: false));
        (own.Cache.Tokens, own.Cache.Targets) = (student.Tokens, student.Targets);
        own.Pass.Prefix(own.Cache, weights, unembedding.Map);
        own.Pass.Teach(own.Cache, unembedding.Map, student);
        free.Add(own);
    }

    public void Dispose()
    {
        foreach (var (pass, cache) in free)
        {
            pass.Dispose();
            cache.Dispose();
        }
        arena.Dispose();
    }
}
