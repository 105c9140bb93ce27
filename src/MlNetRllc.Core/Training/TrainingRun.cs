using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MlNetRllc.Core.Training;

/// <summary>A training in memory: model, optimiser and losses so far.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int TokensPerShard = 512, MostShards = 16;

    private readonly TransformerConfig config;
    private readonly TrainingOptions options;
    private readonly ContextSet train;
    private readonly ContextSet? validation;
    private readonly AttentionOnlyTransformer model;
    private readonly Parameter[] weights;
    private readonly AdamW optimiser;
    private readonly ContextOrder order;
    private readonly ShardWorkers workers;
    private readonly int shards;
    private readonly DeviceGradient? elsewhere;
    private readonly List<TrainingState.Kept> history = [];
    private double lossSum;
    private int lossCount;

    public TrainingRun(
        TransformerConfig config,
        TrainingOptions options,
        ContextSet train,
        ContextSet? validation,
        TrainingState? state,
        Device device)
    {
        (this.config, this.options, this.train, this.validation) = (config, options, train, validation);
        model = new(config, seed: options.Seed, initialization: options.Initialization);
        weights = [.. model.Weights.Select(w => w.Value)];
        optimiser = new(options, weights.Select(w => (int)w.numel()));
        order = new(options.Seed, train.Count, options.BatchSize);
        // The split decides how sums round, so it depends on the batch and not on the machine;
        // powers of two divide evenly among cores.
        var most = Math.Clamp(
            (long)options.BatchSize * train.ContextLength / TokensPerShard,
            1,
            Math.Min(MostShards, options.BatchSize));
        shards = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)most / 2 + 1);
        workers = new(Math.Min(shards, Environment.ProcessorCount));
        if (device.type != DeviceType.CPU) elsewhere = new(config, device);
        if (state is null) return;

        model.Load(state.Weights);
        (Step, lossSum, lossCount) = (state.Step, state.LossSum, state.LossCount);
        history.AddRange(state.History);
        foreach (var (moments, mean, square) in optimiser.Moments.Zip(state.Means, state.Squares))
        {
            mean.Values.CopyTo(moments.Mean, 0);
            square.Values.CopyTo(moments.Square, 0);
        }
    }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Predicted tokens in a batch.</summary>
    public long TokensPerStep => (long)options.BatchSize * (train.ContextLength - 1);

    /// <summary>The checkpoints kept so far.</summary>
    public IReadOnlyList<TrainingState.Kept> History => history;

    public WeightSet Weights() => model.ToWeights();

    /// <summary>Makes one step.</summary>
    /// <returns>Mean loss of its minibatch before the step.</returns>
    public double Advance()
    {
        var (loss, gradients) = Gradient(order.BatchAt(Step));
        // Scopes belong to threads, so the workers let their gradients go and this thread frees them.
        using var scope = NewDisposeScope();
        foreach (var gradient in gradients.SelectMany(g => g)) scope.Attach(gradient);
        if (!double.IsFinite(loss))
            throw new InvalidOperationException($"The loss became {loss} at step {Step}. "
                + $"Lower LearningRate ({options.LearningRate}) or ClipNorm; the checkpoints before stay.");
        var squares = new double[weights.Length];
        workers.Run(weights.Length, i =>
        {
            var sum = Values(gradients[0][i]);
            foreach (var other in gradients.AsSpan(1)) TensorPrimitives.Add(sum, Values(other[i]), sum);
            squares[i] = AdamW.SquaredNorm(sum);
        });
        var scale = AdamW.ClipFactor(squares.Sum(), options.ClipNorm);
        workers.Run(
            weights.Length,
            i => optimiser.Update(i, Values(weights[i]), Values(gradients[0][i]), scale, Step));
        Step++;
        lossSum += loss;
        lossCount++;
        return loss;
    }

    /// <summary>Records a checkpoint and starts a new stretch of training losses.</summary>
    public void Close(string file)
    {
        if (Step == 0) (lossSum, lossCount) = (MeanLoss(train, order.BatchAt(0)), 1);
        history.Add(new(Step, lossSum / lossCount, ValidationLoss(), file));
        (lossSum, lossCount) = (0, 0);
    }

    public TrainingState ToState()
    {
        WeightSet Of(Func<(float[] Mean, float[] Square), float[]> which) =>
            new(WeightNames.Shapes(config).Zip(optimiser.Moments, (w, m) => new Weight(w.Name, w.Shape, which(m))));
        return new(Step, lossSum, lossCount, [.. history], Weights(), Of(m => m.Mean), Of(m => m.Square));
    }

    public void Dispose()
    {
        elsewhere?.Dispose();
        workers.Dispose();
        model.Dispose();
    }

    /// <summary>Each shard's gradients, still to be summed.</summary>
    private (double Loss, Tensor[][] Gradients) Gradient(int[] batch)
    {
        if (elsewhere is not null)
        {
            using var scope = NewDisposeScope();
            var (sum, all) = elsewhere.Of(weights, Ids(train, batch), TokensPerStep);
            return (sum / TokensPerStep, [[.. all.Select(g => g.DetachFromDisposeScope())]]);
        }
        var losses = new double[shards];
        var gradients = new Tensor[shards][];
        workers.Run(shards, shard =>
        {
            using var scope = NewDisposeScope();
            var (loss, parts) = BatchGradient.Compute(model, weights, Ids(train, Share(batch, shard)), TokensPerStep);
            losses[shard] = loss;
            gradients[shard] = [.. parts.Select(p => p.contiguous().DetachFromDisposeScope())];
        });
        return (losses.Sum() / TokensPerStep, gradients);
    }

    private double ValidationLoss()
    {
        if (validation is null) return double.NaN;
        var rows = ContextOrder.Shuffled(
            NamedRandom.Stream("validation contexts", options.Seed), validation.Count);
        return MeanLoss(validation, rows[..Math.Min(rows.Length, options.ValidationContexts)]);
    }

    private double MeanLoss(ContextSet contexts, int[] rows)
    {
        if (elsewhere is not null) return elsewhere.MeanLoss(weights, rows.Select(row => Ids(contexts, [row])));
        var losses = new double[rows.Length];
        workers.Run(rows.Length, i =>
        {
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            losses[i] = model.PerTokenLoss(Ids(contexts, rows.AsSpan(i, 1))).to(ScalarType.Float64).mean().item<double>();
        });
        return losses.Sum() / losses.Length;
    }

    private ReadOnlySpan<int> Share(int[] batch, int shard)
    {
        var (from, to) = ((int)((long)batch.Length * shard / shards), (int)((long)batch.Length * (shard + 1) / shards));
        return batch.AsSpan(from, to - from);
    }

    private static Tensor Ids(ContextSet contexts, ReadOnlySpan<int> rows)
    {
        var ids = new long[rows.Length * contexts.ContextLength];
        for (var row = 0; row < rows.Length; row++)
            TensorPrimitives.ConvertChecked(
                contexts[rows[row]], ids.AsSpan(row * contexts.ContextLength, contexts.ContextLength));
        return tensor(ids).view(rows.Length, contexts.ContextLength); // [batch, pos]
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
