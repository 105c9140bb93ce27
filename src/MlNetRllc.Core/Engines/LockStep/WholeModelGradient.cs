using System.Numerics;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Mean loss of a minibatch and its gradient at every weight: one walker of all weights, its contexts spread over the
/// cores.</summary>
/// <remarks>
/// A minibatch is cut into shards by its size and the model's alone. A shard's contexts are walked by one thread at a time in
/// their order, and shards are summed in theirs, so the bits depend neither on the processor nor on the number of threads.
/// Memory is that of the weights once a shard and of one context's activations a thread; no tensor of tokens x vocabulary is
/// made. The loss is the paper's next-token cross-entropy (arXiv 2410.02984, section 4.1).
/// </remarks>
internal sealed unsafe class WholeModelGradient : IModelGradient
{
    private const int TokensPerShard = 512, MostShards = 16, LeastShards = 4, Piece = 1 << 14;
    private const long MostGradients = 1 << 26; // numbers in all shards together: 256 MiB

    private readonly NativeArena arena = new();
    private readonly PaddedSizes sizes;
    private readonly int positions;
    private readonly ParallelOptions parallel;
    private readonly ModelBuffers model;
    private readonly GradientShard[] shards;
    private readonly List<(nint Values, long Length)> folded = [];
    private readonly Pool<SequencePass> passes;
    private readonly Pool<SequenceCache> caches, frozenCaches;

    /// <summary>Buffers for minibatches of one size.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="contextLength">Tokens of a minibatch's contexts.</param>
    /// <param name="batch">Contexts of a minibatch.</param>
    /// <param name="longest">Tokens of the longest context whose loss is asked for, where that is more. Gradients do not depend on
    /// it.</param>
    /// <param name="threads">Threads to use; all cores when null. Results do not depend on it.</param>
    public WholeModelGradient(TransformerConfig config, int contextLength, int batch, int longest = 0, int? threads = null)
    {
        (sizes, positions) = (new(config), Math.Max(contextLength, longest) - 1);
        parallel = new() { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount };
        passes = new(() => new(sizes, positions));
        caches = new(NewCache);
        frozenCaches = new(() => new(sizes, positions, keepLogits: false, teacher: false));
        model = new(config, sizes, parallel);
        shards = [.. Enumerable.Range(0, ShardsOf(config, contextLength, batch)).Select(_ => new GradientShard(model, sizes))];
        foreach (var matrix in model.Matrices.Where(m => GradientShard.IsFolded(m.Slot)))
        {
            var length = (long)matrix.PaddedRows * matrix.Stride;
            var values = arena.Floats(length);
            folded.Add(((nint)values, length));
            shards[0].Gradients[matrix.Slot, matrix.Layer, matrix.Head] = values;
        }
    }

    /// <summary>Into how many shards a minibatch is cut: it sets how sums round, so it does not depend on the machine.</summary>
    public static int ShardsOf(TransformerConfig config, int contextLength, int batch)
    {
        var most = Math.Clamp((long)batch * contextLength / TokensPerShard, 1, Math.Min(MostShards, batch));
        var shards = (int)BitOperations.RoundUpToPowerOf2((ulong)most / 2 + 1); // powers of two divide evenly among cores
        while (shards > LeastShards && shards * config.ParameterCount > MostGradients) shards /= 2;
        return Math.Min(shards, batch);
    }

    /// <summary>About the bytes that are held.</summary>
    /// <inheritdoc cref="WholeModelGradient(TransformerConfig, int, int, int, int?)"/>
    public static double BytesOf(TransformerConfig config, int contextLength, int batch, int threads)
    {
        double rows = PaddedSizes.Pad(contextLength), d_model = config.ModelWidth, heads = (double)config.Layers * config.Heads;
        var weights = (double)config.ParameterCount * (ShardsOf(config, contextLength, batch) + 1);
        var maps = 3 * d_model * config.VocabularySize;
        var attention = heads * (4 * config.HeadWidth + rows);
        var mlps = config.Layers * (double)config.MlpWidth;
        var activations = rows * (d_model * (3 * config.Layers + 8) + attention + mlps)
            + CrossEntropy.MostRows * (double)config.VocabularySize;
        return sizeof(float) * (weights + maps + activations * Math.Min(threads, batch));
    }

    /// <inheritdoc/>
    public double Compute(IReadOnlyList<float[]> weights, ContextSet contexts, int[] batch, IReadOnlyList<float[]> gradients)
    {
        model.Fill(weights);
        var weight = 1.0 / ((double)batch.Length * (contexts.ContextLength - 1));
        Parallel.For(0, shards.Length, parallel, i => passes.With(pass => caches.With(cache =>
            Walk(pass, cache, shards[i], contexts, Share(batch, i), weight))));
        SumShards();
        var (sum, table) = (shards[0], shards[0].Gradients);
        foreach (var (values, length) in folded) NativeArena.Clear((float*)values, length);
        model.Unembedding.Backward(model.Weights, sum.Map, sum.Bias, table);
        model.Store(table, gradients);
        return shards.Sum(s => s.Loss) * weight;
    }

    /// <inheritdoc/>
    public double MeanLoss(IReadOnlyList<float[]> weights, ContextSet contexts, int[] rows)
    {
        model.Fill(weights);
        var losses = new double[rows.Length];
        Parallel.For(0, rows.Length, parallel, i => passes.With(pass => frozenCaches.With(cache =>
        {
            cache.Read(contexts, rows[i]);
            pass.Prefix(cache, model.Weights, model.Unembedding.Map);
            losses[i] = cache.Loss / (contexts.ContextLength - 1);
        })));
        return losses.Sum() / losses.Length;
    }

    /// <summary>Frees all buffers.</summary>
    public void Dispose()
    {
        passes.Dispose();
        caches.Dispose();
        frozenCaches.Dispose();
        foreach (var shard in shards) shard.Dispose();
        model.Dispose();
        arena.Dispose();
    }

    private void Walk(
        SequencePass pass, SequenceCache cache, GradientShard shard, ContextSet contexts, ReadOnlySpan<int> rows, double weight)
    {
        shard.Clear();
        var at = new PassWeights(model.Weights, shard.Gradients, model.Unembedding.Map, shard.Map, shard.Bias);
        foreach (var row in rows)
        {
            cache.Read(contexts, row);
            shard.Loss += pass.Full(model.Plan, at, cache, model.Weights, weight);
        }
    }

    /// <summary>All shards into the first, each number in the order of the shards.</summary>
    private void SumShards()
    {
        var length = shards[0].Length;
        Parallel.For(0, (length + Piece - 1) / Piece, parallel, piece =>
        {
            foreach (var other in shards.AsSpan(1))
                shards[0].Add(other, piece * Piece, (int)Math.Min(Piece, length - piece * Piece));
        });
    }

    private ReadOnlySpan<int> Share(int[] batch, int shard)
    {
        int Bound(int i) => (int)((long)batch.Length * i / shards.Length);
        return batch.AsSpan(Bound(shard)..Bound(shard + 1));
    }

    private SequenceCache NewCache()
    {
        var cache = new SequenceCache(positions);
        // That of the uniform prediction. A model's own is near enough: only a sum outside 1e-30 .. 1e30 needs another.
        var uniform = (float)(ScalarFunctions.Log(sizes.Config.VocabularySize) * KernelSet.Log2E);
        new Span<float>(cache.Shift, positions).Fill(uniform);
        return cache;
    }
}
