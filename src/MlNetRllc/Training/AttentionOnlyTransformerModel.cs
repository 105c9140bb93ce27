using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Training;
using static TorchSharp.torch;

[assembly: LoadableClass(typeof(AttentionOnlyTransformerModel), null, typeof(SignatureLoadModel), "Attention-only transformer", AttentionOnlyTransformerModel.Loader)]

namespace MlNetRllc.Training;

/// <summary>A trained attention-only transformer; see <see cref="TransformerTrainerEstimator"/> for the columns it appends.</summary>
public sealed class AttentionOnlyTransformerModel : RowTransformer, IDisposable
{
    internal const string Loader = "RllcAttentionOnly";
    private const string Signature = "RLLCMODL";

    private readonly string tokens;
    private readonly LanguageModelOutputs outputs;
    private readonly IReadOnlyList<CheckpointInfo> checkpoints;
    private readonly Lock gate = new();
    private AttentionOnlyTransformer? model;

    internal AttentionOnlyTransformerModel(IHostEnvironment environment, string tokens, TransformerConfig config, WeightSet weights,
        IReadOnlyList<CheckpointInfo> checkpoints, LanguageModelOutputs outputs) : base(environment, "AttentionOnlyTransformer")
    {
        if (outputs.TopTokens > config.VocabularySize)
            throw new ArgumentException($"{outputs.TopTokens} likeliest tokens are asked for (TopTokens); the vocabulary has {config.VocabularySize}.");
        (this.tokens, Config, Weights, this.checkpoints, this.outputs) = (tokens, config, weights, checkpoints, outputs);
        Needs = [ColumnNeed.Vector<int>(tokens)];
        Outputs = LanguageModelColumns.Of(config, config.ContextLength, outputs);
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
            table.AddColumn("Step", NumberDataViewType.Int32, checkpoints.Select(c => c.Step).ToArray());
            table.AddColumn("TrainLoss", NumberDataViewType.Single, checkpoints.Select(c => (float)c.TrainLoss).ToArray());
            table.AddColumn("ValidationLoss", NumberDataViewType.Single, checkpoints.Select(c => (float)c.ValidationLoss).ToArray());
            table.AddColumn("Checkpoint", TextDataViewType.Instance, checkpoints.Select(c => c.Path.AsMemory()).ToArray());
            return table.GetDataView();
        }
    }

    /// <summary>Gives back the memory of the model's tensors; they are made again when a row asks for them.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            model?.Dispose();
            model = null;
        }
    }

    private protected override IReadOnlyList<ColumnNeed> Needs { get; }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    private protected override void CheckFurther(DataViewSchema schema)
    {
        var size = ((VectorDataViewType)schema[tokens].Type).Size;
        if (size != Config.ContextLength)
            throw new ArgumentException($"{Name}: the column '{tokens}' has contexts of {size} tokens; the model takes {Config.ContextLength}.");
    }

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        var getters = new Delegate?[Outputs.Count];
        if (!Enumerable.Range(0, Outputs.Count).Any(active)) return getters;
        var read = row.ReadVector<int>(tokens);
        var losses = new PerRow<float[]>(row, () => Compute(Checked(read(), row.Position), (m, ids) => m.PerTokenLoss(ids).data<float>().ToArray()));
        var next = new PerRow<(int[] Tokens, float[] Probabilities)>(row, () => Compute(Checked(read(), row.Position), Likeliest));
        for (var i = 0; i < Outputs.Count; i++)
        {
            if (!active(i)) continue;
            getters[i] = Outputs[i].Name switch
            {
                "Loss" => Getters.Scalar(() => losses.Value.Average()),
                "TokenLosses" => Getters.Vector(() => losses.Value),
                "NextTokens" => Getters.Vector(() => next.Value.Tokens),
                "NextTokenProbabilities" => Getters.Vector(() => next.Value.Probabilities),
                "Continuation" => Getters.Vector(() => Compute(Checked(read(), row.Position), (m, ids) => Continuation.Draw(m, ids, outputs))),
                _ => Getters.Vector(() => Compute(Checked(read(), row.Position), Patterns)),
            };
        }
        return getters;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(tokens);
        ctx.WriteJson(outputs);
        ctx.WriteJson(checkpoints.ToArray());
        ctx.SaveBinaryStream("weights.safetensors", writer => Checkpoint.Save(writer.BaseStream, Config, Weights));
    }

    private static AttentionOnlyTransformerModel Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        var tokens = ctx.ReadJson<string>();
        var outputs = ctx.ReadJson<LanguageModelOutputs>();
        var checkpoints = ctx.ReadJson<CheckpointInfo[]>();
        var (config, weights) = ctx.ReadStream("weights.safetensors", reader => Checkpoint.Load(reader.BaseStream, "the model file's weights"));
        return new(env, tokens, config, weights, checkpoints, outputs);
    }

    private (int[] Tokens, float[] Probabilities) Likeliest(AttentionOnlyTransformer m, Tensor ids)
    {
        var last = m.forward(ids).select(1, ids.shape[1] - 1).softmax(-1).view(-1);  // [vocab]
        var (values, indexes) = last.topk(outputs.TopTokens);
        return ([.. indexes.data<long>().Select(i => (int)i)], values.data<float>().ToArray());
    }

    private static float[] Patterns(AttentionOnlyTransformer m, Tensor ids) =>
        stack(m.AttentionPatterns(ids)).contiguous().data<float>().ToArray();                                 // [layer, 1, head, query, key]

    private T Compute<T>(int[] row, Func<AttentionOnlyTransformer, Tensor, T> compute)
    {
        var held = Model();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        return compute(held, tensor(row, dtype: ScalarType.Int64).unsqueeze(0));
    }

    private AttentionOnlyTransformer Model()
    {
        lock (gate)
        {
            if (model is not null) return model;
            model = new(Config);
            model.Load(Weights);
            return model;
        }
    }

    private int[] Checked(int[] row, long position)
    {
        var bad = Array.FindIndex(row, t => t < 0 || t >= Config.VocabularySize);
        return bad < 0 ? row : throw new InvalidOperationException(
            $"Row {position}: the column '{tokens}' holds {row[bad]} at position {bad}; the model's tokens are 0 to {Config.VocabularySize - 1}.");
    }
}
