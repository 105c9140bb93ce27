using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Training;
using static TorchSharp.torch;

[assembly: LoadableClass(
    typeof(LanguageModelTransformer), null, typeof(SignatureLoadModel),
    "Attention-only transformer", LanguageModelTransformer.Loader)]

namespace MlNetRllc.Training;

/// <summary>A trained attention-only transformer; see <see cref="LanguageModelEstimator"/> for the columns it appends.</summary>
public sealed class LanguageModelTransformer : RowTransformer, IStoppable, IDisposable
{
    internal const string Loader = "RllcAttentionOnly";
    private const string Signature = "RLLCMODL";

    private readonly string tokens;
    private readonly LanguageModelOutputs outputs;
    private readonly IReadOnlyList<CheckpointInfo> checkpoints;
    private readonly Counted<PlacedModel> placed;
    private readonly Stopping stopping;
    private readonly OwnFolder? folder;

    internal LanguageModelTransformer(
        IHostEnvironment environment, string tokens, TransformerConfig config, WeightSet weights,
        IReadOnlyList<CheckpointInfo> checkpoints, LanguageModelOutputs outputs,
        OwnFolder? folder = null, CancellationToken cancellation = default)
        : base(environment, "AttentionOnlyTransformer")
    {
        if (outputs.TopTokens > config.VocabularySize)
            throw new ArgumentException(
                $"{outputs.TopTokens} likeliest tokens are asked for (TopTokens); "
                + $"the vocabulary has {config.VocabularySize}.");
        (this.tokens, Config, Weights) = (tokens, config, weights);
        (this.checkpoints, this.outputs, this.folder) = (checkpoints, outputs, folder);
        (placed, stopping) = (new(Place), new(Host, cancellation));
        Needs = [ColumnNeed.Vector<int>(tokens)];
        Outputs = LanguageModelColumns.ColumnsFor(config, config.ContextLength, outputs);
    }

    // The folder stays the first one's: what was made for one use takes no checkpoints along.
    private LanguageModelTransformer(IHostEnvironment environment, LanguageModelTransformer like, CancellationToken cancellation)
        : base(environment, "AttentionOnlyTransformer")
    {
        (tokens, Config, Weights) = (like.tokens, like.Config, like.Weights);
        (checkpoints, outputs) = (like.checkpoints, like.outputs);
        (placed, stopping) = (like.placed, new(Host, cancellation));
        (Needs, Outputs) = (like.Needs, like.Outputs);
    }

    /// <summary>The model's shape.</summary>
    public TransformerConfig Config { get; }

    /// <summary>The weights after the last step, under their TransformerLens names.</summary>
    public WeightSet Weights { get; }

    /// <summary>One row a checkpoint, by step: <c>Step</c> (Int32), <c>TrainLoss</c> and <c>ValidationLoss</c> (Single, nats per token),
    /// <c>Checkpoint</c> (Text: path of a safetensors file).</summary>
    public IDataView Checkpoints
    {
        get
        {
            var table = new ArrayDataViewBuilder(Host);
            table.AddColumn(RllcColumns.Step, NumberDataViewType.Int32, checkpoints.Select(c => c.Step).ToArray());
            table.AddColumn(RllcColumns.TrainLoss, NumberDataViewType.Single, checkpoints.Select(c => (float)c.TrainLoss).ToArray());
            table.AddColumn(RllcColumns.ValidationLoss, NumberDataViewType.Single,
                checkpoints.Select(c => (float)c.ValidationLoss).ToArray());
            table.AddColumn(RllcColumns.Checkpoint, TextDataViewType.Instance, checkpoints.Select(c => c.Path.AsMemory()).ToArray());
            return table.GetDataView();
        }
    }

    /// <summary>Gives back the memory of the model's tensors, once the rows that are being computed are done;
    /// they are made again when a row asks for them. So a prediction engine, which disposes its transformer,
    /// takes nothing from another.</summary>
    /// <remarks>Where training was given no <see cref="LanguageModelOptions.CheckpointFolder"/>, the model's
    /// own folder is deleted, and its <see cref="Checkpoints"/> with it; they last as long as the process at
    /// most. A folder that was given is never deleted. A prediction engine disposes its transformer too, unless
    /// <c>PredictionEngineOptions.OwnsTransformer</c> is false.</remarks>
    public void Dispose()
    {
        placed.Free();
        folder?.Dispose();
    }

    ITransformer IStoppable.With(IHostEnvironment environment, CancellationToken cancellation) => With(environment, cancellation);

    internal LanguageModelTransformer With(IHostEnvironment environment, CancellationToken cancellation) =>
        new(environment, this, cancellation);

    private protected override IReadOnlyList<ColumnNeed> Needs { get; }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    private protected override void CheckFurther(DataViewSchema schema)
    {
        var size = ((VectorDataViewType)schema[tokens].Type).Size;
        if (size != Config.ContextLength)
            throw new ArgumentException(
                $"{Name}: the column '{tokens}' has contexts of {size} tokens; "
                + $"the model takes {Config.ContextLength}.");
    }

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        var getters = new Delegate?[Outputs.Count];
        if (!Enumerable.Range(0, Outputs.Count).Any(active)) return getters;
        var read = row.ReadNumbers<int>(tokens);
        var losses = new PerRow<float[]>(row, () => LossesOf(Checked(read(), row.Position)));
        var next = new PerRow<(int[] Tokens, float[] Probabilities)>(row, () => LikeliestAfter(Checked(read(), row.Position)));
        for (var i = 0; i < Outputs.Count; i++)
        {
            if (!active(i)) continue;
            getters[i] = Outputs[i].Name switch
            {
                RllcColumns.Loss => Getters.Scalar(() => losses.Value.Average()),
                RllcColumns.TokenLosses => Getters.Vector(() => losses.Value),
                RllcColumns.NextTokens => Getters.Vector(() => next.Value.Tokens),
                RllcColumns.NextTokenProbabilities => Getters.Vector(() => next.Value.Probabilities),
                RllcColumns.Continuation => Getters.Vector(() => Continue(Checked(read(), row.Position))),
                _ => Getters.Vector(() => PatternsOf(Checked(read(), row.Position))),
            };
        }
        return getters;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(tokens, FoundationJson.Default.Kept<string>());
        ctx.WriteJson(outputs, LanguageModelJson.Default.Kept<LanguageModelOutputs>());
        ctx.WriteJson(checkpoints.ToArray(), LanguageModelJson.Default.Kept<CheckpointInfo[]>());
        ctx.SaveBinaryStream("weights.safetensors", writer => Checkpoint.Save(writer.BaseStream, Config, Weights));
    }

    private static LanguageModelTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        var tokens = ctx.ReadJson(FoundationJson.Default.Kept<string>());
        var outputs = ctx.ReadJson(LanguageModelJson.Default.Kept<LanguageModelOutputs>());
        var checkpoints = ctx.ReadJson(LanguageModelJson.Default.Kept<CheckpointInfo[]>());
        var (config, weights) = ctx.ReadStream(
            "weights.safetensors", reader => Checkpoint.Load(reader.BaseStream, "the model file's weights"));
        return new(env, tokens, config, weights, checkpoints, outputs);
    }

    /// <summary>Loss of each token but the first, nats.</summary>
    internal float[] LossesOf(int[] row) => Compute(row, (m, ids) => m.PerTokenLoss(ids).cpu().data<float>().ToArray());

    internal int[] Continue(int[] row) => Compute(row, (m, ids) => Continuation.Draw(m, ids, outputs, stopping));

    /// <summary>[layer, head, query, key].</summary>
    internal float[] PatternsOf(int[] row) => Compute(row, Patterns);

    /// <summary>The likeliest tokens after the row's last.</summary>
    internal (int[] Tokens, float[] Probabilities) LikeliestAfter(int[] row) => Compute<(int[], float[])>(row, (m, ids) =>
    {
        var last = m.forward(ids).select(1, ids.shape[1] - 1).softmax(-1).view(-1).cpu();  // [vocab]
        var (values, indexes) = last.topk(outputs.TopTokens);
        return ([.. indexes.data<long>().Select(i => (int)i)], values.data<float>().ToArray());
    });

    private static float[] Patterns(AttentionOnlyTransformer m, Tensor ids) =>
        stack(m.AttentionPatterns(ids)).cpu().contiguous().data<float>().ToArray();           // [layer, 1, head, query, key]

    // One thread a row, the caller's: the last bits do not depend on how many threads libtorch has, and none waits for a busy neighbour.
    private T Compute<T>(int[] row, Func<AttentionOnlyTransformer, Tensor, T> compute)
    {
        stopping.ThrowIfAsked();
        using var loan = placed.Borrow();
        using var alone = CallerThread.Only();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        return compute(loan.Value.Model, tensor(row, dtype: ScalarType.Int64, device: loan.Value.Device).unsqueeze(0));
    }

    private PlacedModel Place()
    {
        using var channel = Host.Start("prediction");
        using var alone = CallerThread.Only();
        var device = Devices.Choose(Host, channel);
        var model = new AttentionOnlyTransformer(Config, device: device);
        model.Load(Weights);
        return new(model, device);
    }

    private sealed record PlacedModel(AttentionOnlyTransformer Model, Device Device) : IDisposable
    {
        public void Dispose() => Model.Dispose();
    }

    private int[] Checked(int[] row, long position)
    {
        var bad = Array.FindIndex(row, t => t < 0 || t >= Config.VocabularySize);
        return bad < 0 ? row : throw new InvalidOperationException(
            $"Row {position}: the column '{tokens}' holds {row[bad]} at position {bad}; "
            + $"the model's tokens are 0 to {Config.VocabularySize - 1}.");
    }
}
