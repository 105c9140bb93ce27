using System.Diagnostics;
using System.Globalization;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Training;

/// <summary>Trains an <see cref="AttentionOnlyTransformer"/> in float32 and keeps its weights along
/// the way.</summary>
/// <remarks>
/// <para>The folder receives <c>step-NNNNNNN.safetensors</c> for each checkpoint
/// (TransformerLens names) and <c>training-state.safetensors</c>, each whole or not at all.
/// A training that was cancelled or killed goes on from its last saved state when the same
/// call is made again, and ends with the same bytes as one that was never stopped; one that
/// had ended returns its result at once.</para>
/// <para>A folder that holds the training of another model, other options or other data is refused
/// with what differs: nothing is overwritten.</para>
/// </remarks>
/// <param name="config">The model's shape.</param>
/// <param name="options">How to train it.</param>
public sealed class LanguageModelTrainer(TransformerConfig config, TrainingOptions options)
{
    private readonly TransformerConfig config = config.Validated();
    private readonly TrainingOptions options = options.Validated();
    private readonly HashSet<int> kept = [.. options.Checkpoints.UpTo(options.Steps)];

    /// <summary>Where losses and gradients are computed; the CPU by default. Weights and moments
    /// live on the CPU, where AdamW moves them. Untried on a GPU.</summary>
    /// <remarks>On another device a batch is one pass of autograd rather than shards over the
    /// cores, so sums round differently and another device gives other last bits.</remarks>
    public Device Device { get; init; } = Native.TorchNative.Cpu;

    /// <summary>Told of files in the folder that are not what was written: they are put aside
    /// (their names then end in <c>.damaged</c>), and the training begins anew.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>Least time between two reports.</summary>
    internal TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Trains, or goes on training.</summary>
    /// <param name="train">Contexts to learn from.</param>
    /// <param name="validation">Contexts to judge by at each checkpoint, if any.</param>
    /// <param name="folder">Where checkpoints and state go; created when missing.</param>
    /// <param name="progress">Told about twice a second, and at the end.</param>
    /// <param name="cancellation">Stops after the step in hand and saves the state.</param>
    /// <exception cref="ArgumentException">The data do not fit the model or are masked, or they or their subset hold fewer contexts
    /// than a batch; the subset names a context that is not there.</exception>
    /// <exception cref="InvalidOperationException">The folder holds another training, or the loss
    /// stopped being finite.</exception>
    /// <exception cref="InvalidDataException">The folder's state is of another kind, or one of its
    /// checkpoints is missing.</exception>
    /// <exception cref="IOException">The folder cannot be written (before any step is made, or when
    /// the disk is full).</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the same call goes on.</exception>
    public TrainingResult Train(ContextSet train, ContextSet? validation, string folder, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using var gradients = Native.GradientMode.Enabled();
        ArgumentNullException.ThrowIfNull(train);
        train.Unmasked("a training").CheckedAgainst(config, options.BatchSize);
        var learned = options.Subset.Of(train.Count).Count;
        ContextFit.Batch($"The subset of the dataset '{train.Name}'", learned, options.BatchSize);
        validation?.Unmasked("a training").CheckedAgainst(config);

        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var identity = TrainingIdentity.Describe(config, options, train, validation);
        var state = TrainingState.TryLoad(folder, config, identity, Warning);

        using var run = new TrainingRun(config, options, train, validation, state, Device);
        if (state is null && kept.Contains(0)) Keep();
        else if (state is null) run.ToState().Save(folder, identity);
        var clock = Stopwatch.StartNew();
        var (first, told, toldAt, sinceTold) = (run.Step, run.Step, TimeSpan.Zero, 0.0);
        while (run.Step < options.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                run.ToState().Save(folder, identity);
                cancellation.ThrowIfCancellationRequested();
            }
            sinceTold += run.Advance();
            if (kept.Contains(run.Step)) Keep();

            var now = clock.Elapsed;
            if (progress is null || now - toldAt < ReportInterval && run.Step < options.Steps) continue;
            var steps = run.Step - told;
            progress.Report(new(run.Step, options.Steps, sinceTold / steps, steps * run.TokensPerStep / (now - toldAt).TotalSeconds,
                now / (run.Step - first) * (options.Steps - run.Step)));
            (told, toldAt, sinceTold) = (run.Step, now, 0);
        }
        return new()
        {
            Config = config,
            Weights = run.Weights(),
            Checkpoints =
            [
                .. run.History.Select(kept =>
                    new CheckpointInfo(kept.Step, kept.TrainLoss, kept.ValidationLoss, Path.Combine(folder, kept.File))),
            ],
        };

        // The checkpoint first: a state never speaks of a file that is not there.
        void Keep()
        {
            var name = $"step-{run.Step:D7}.safetensors";
            Checkpoint.Save(Path.Combine(folder, name), config, run.Weights(),
                new Dictionary<string, string> { [Checkpoint.StepKey] = run.Step.ToString(CultureInfo.InvariantCulture) });
            run.Close(name);
            run.ToState().Save(folder, identity);
        }
    }
}
