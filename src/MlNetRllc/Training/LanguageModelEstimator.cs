using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Foundation;

namespace MlNetRllc.Training;

/// <summary>Trains an attention-only transformer to predict the next token of contexts, and keeps its weights at checkpoints.</summary>
/// <remarks>
/// Reads a column of tokens (vector of Int32 of known size, the context length) and, where there is one, the
/// split column (Text). The trained transformer appends:
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Loss</term><description>Single: mean next-token loss of the row, nats per token</description></item>
/// <item><term>TokenLosses</term><description>optional; vector of Single [pos - 1], slots <c>pos1</c>, ...: loss of each token given those
/// before it, nats</description></item>
/// <item><term>NextTokens</term><description>optional; vector of Int32 [k], slots <c>top1</c>, ...: likeliest
/// tokens after the row's last</description></item>
/// <item><term>NextTokenProbabilities</term><description>optional; vector of Single [k]: their probabilities</description></item>
/// <item><term>Continuation</term><description>optional; vector of Int32 [n], slots <c>next1</c>, ...: tokens drawn one after another from
/// what the model expects after the row; the same for the same row and seed</description></item>
/// <item><term>Attention</term><description>optional; vector of Single [layer, head, query, key], slots
/// <c>l0h0 q1 k0</c>, ...: where each head looks</description></item>
/// </list>
/// With <c>MLContext.GpuDeviceId</c> losses and gradients are computed on that GPU (untried).
/// Its checkpoints are a table of their own (<see cref="LanguageModelTransformer.Checkpoints"/>).
/// </remarks>
public sealed class LanguageModelEstimator : ComponentEstimator<LanguageModelTransformer>
{
    private readonly string tokens;
    private readonly LanguageModelOptions options;

    internal LanguageModelEstimator(IHostEnvironment environment, string tokens, LanguageModelOptions options)
        : base(environment, "TrainAttentionOnlyTransformer")
    {
        (this.tokens, this.options) = (tokens, options);
        Needs = [ColumnNeed.Vector<int>(tokens), ColumnNeed.Text(options.SplitColumn) with { Optional = true }];
    }

    private protected override IReadOnlyList<ColumnNeed> Needs { get; }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised =>
        LanguageModelColumns.ColumnsFor(options.Shape with { ContextLength = 2 }, 2, OutputsOf(options));

    private protected override LanguageModelTransformer FitTo(IDataView input)
    {
        using var channel = Host.Start("training");
        var device = Devices.Choose(Host, channel);
        var split = input.Schema.GetColumnOrNull(options.SplitColumn) is null ? null : options.SplitColumn;
        var train = ContextTables.Read(input, "training text", tokens, split, split is null ? null : "train");
        var validation = split is null ? null : ContextTables.TryRead(input, "validation text", tokens, split, "validation");
        var largest = Math.Max(train.LargestToken, validation?.LargestToken ?? 0);
        var vocabulary = options.VocabularySize ?? ContextTables.VocabularyOf(input.Schema[tokens]) ?? Math.Max(2, largest + 1);
        if (largest >= vocabulary)
            throw new ArgumentException(
                $"The column '{tokens}' holds the token {largest}; the vocabulary has {vocabulary} tokens. "
                + $"Set VocabularySize to at least {largest + 1}.").About(ErrorPage.VocabularyTooSmall);
        var config = options.Shape with { VocabularySize = vocabulary, ContextLength = train.ContextLength };
        var own = options.CheckpointFolder is null ? OwnFolder.Create(((IHostEnvironmentInternal)Host).TempFilePath) : null;
        if (options.CheckpointFolder is { } given) OwnFolder.Keep(given);
        var folder = options.CheckpointFolder ?? own!.Path;
        try
        {
            channel.Info($"Training {config.ParameterCount:N0} weights on {train.Count:N0} contexts "
                + $"of {train.ContextLength} tokens; checkpoints go to {folder}.");
            var trainer = new LanguageModelTrainer(config, options.Training)
            {
                Device = device, Warning = message => channel.Warning(message),
            };
            var result = Train(trainer, train, validation, folder, channel);
            return new(Host, tokens, result.Config, result.Weights, result.Checkpoints, OutputsOf(options), own);
        }
        catch
        {
            own?.Dispose();
            throw;
        }
    }

    private TrainingResult Train(LanguageModelTrainer trainer, ContextSet train, ContextSet? validation, string folder, IChannel channel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.Cancellation);
        var stopping = new Stopping(Host, options.Cancellation);
        Host.CheckAlive(); // a token that is cancelled is the trainer's to heed, which keeps its state first
        var progress = new ImmediateProgress<TrainingProgress>(p =>
        {
            channel.Info($"step {p.Step} of {p.Steps}: loss {p.Loss:0.000}, "
                + $"{p.TokensPerSecond:N0} tokens/s, {p.Remaining:hh\\:mm\\:ss} left");
            options.Progress?.Report(p);
            if (stopping.ByContext) stop.Cancel();
        });
        return trainer.Train(train, validation, folder, progress, stop.Token);
    }

    private static LanguageModelOutputs OutputsOf(LanguageModelOptions options) =>
        new(options.TokenLosses, options.TopTokens, options.Attention)
    {
        Continuation = options.Continuation,
        Temperature = options.Temperature,
        Seed = options.Seed,
    };
}
