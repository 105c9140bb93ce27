using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using TorchSharp;

namespace MlNetRllc.Core.Training;

/// <summary>A training in memory: model, optimiser and losses so far.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TransformerConfig config;
    private readonly TrainingOptions options;
    private readonly ContextSet train;
    private readonly ContextSet? validation;
    private readonly float[][] weights, gradients;
    private readonly IReadOnlyList<int> learned;
    private readonly AdamW optimiser;
    private readonly ContextOrder order;
    private readonly IModelGradient gradient;
    private readonly List<TrainingState.Kept> history = [];
    private double lossSum;
    private int lossCount;

    public TrainingRun(
        TransformerConfig config,
        TrainingOptions options,
        ContextSet train,
        ContextSet? validation,
        TrainingState? state,
        torch.Device device)
    {
        (this.config, this.options, this.train, this.validation) = (config, options, train, validation);
        var start = state?.Weights ?? options.Initialization.Weights(config, options.Seed);
        weights = [.. start.Select(w => (float[])w.Values.Clone())];
        gradients = [.. weights.Select(w => new float[w.Length])];
        optimiser = new(options, weights.Select(w => w.Length));
        learned = options.Subset.Of(train.Count);
        order = new(options.Seed, learned.Count, options.BatchSize);
        gradient = device.type == DeviceType.CPU
            ? new WholeModelGradient(config, train.ContextLength, options.BatchSize, longest: validation?.ContextLength ?? 0)
            : new DeviceGradient(config, device);
        if (state is null) return;

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

    public WeightSet Weights() => Named(i => (float[])weights[i].Clone());

    /// <summary>Makes one step.</summary>
    /// <returns>Mean loss of its minibatch before the step.</returns>
    public double Advance()
    {
        var loss = gradient.Compute(weights, train, BatchAt(Step), gradients);
        if (!double.IsFinite(loss))
            throw new InvalidOperationException($"The loss became {loss} at step {Step}. "
                + $"Lower LearningRate ({options.LearningRate}) or ClipNorm; the checkpoints before stay.");
        var squares = new double[weights.Length];
        Parallel.For(0, weights.Length, i => squares[i] = AdamW.SquaredNorm(gradients[i]));
        var scale = AdamW.ClipFactor(squares.Sum(), options.ClipNorm);
        Parallel.For(0, weights.Length, i => optimiser.Update(i, weights[i], gradients[i], scale, Step));
        Step++;
        lossSum += loss;
        lossCount++;
        return loss;
    }

    /// <summary>Records a checkpoint and starts a new stretch of training losses.</summary>
    public void Close(string file)
    {
        if (Step == 0) (lossSum, lossCount) = (gradient.MeanLoss(weights, train, BatchAt(0)), 1);
        history.Add(new(Step, lossSum / lossCount, ValidationLoss(), file));
        (lossSum, lossCount) = (0, 0);
    }

    public TrainingState ToState() => new(Step, lossSum, lossCount, [.. history], Weights(),
        Named(i => optimiser.Moments[i].Mean), Named(i => optimiser.Moments[i].Square));

    public void Dispose() => gradient.Dispose();

    private int[] BatchAt(int step) => [.. order.BatchAt(step).Select(i => learned[i])];

    private WeightSet Named(Func<int, float[]> values) =>
        new(WeightNames.Shapes(config).Select((w, i) => new Weight(w.Name, w.Shape, values(i))));

    private double ValidationLoss()
    {
        if (validation is null) return double.NaN;
        var rows = ContextOrder.Shuffled(
            NamedRandom.Stream("validation contexts", options.Seed), validation.Count);
        return gradient.MeanLoss(weights, validation, rows[..Math.Min(rows.Length, options.ValidationContexts)]);
    }
}
