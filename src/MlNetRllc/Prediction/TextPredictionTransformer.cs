using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Prediction;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

[assembly: LoadableClass(
    typeof(TextPredictionTransformer), null, typeof(SignatureLoadModel),
    "Text prediction", TextPredictionTransformer.Loader)]

namespace MlNetRllc.Prediction;

/// <summary>A tokenizer and a language model chained row by row; see <see cref="TextPredictionEstimator"/> for the columns.</summary>
public sealed class TextPredictionTransformer : RowTransformer, IStoppable, IDisposable
{
    internal const string Loader = "RllcPredictText";
    private const string Signature = "RLLCPTXT";

    private readonly string text;
    private readonly TextTokenizer tokenizer;
    private readonly TransformerConfig config;
    private readonly WeightSet weights;
    private readonly TextPredictionOptions options;
    private readonly LanguageModelTransformer model;
    private readonly Stopping stopping;

    internal TextPredictionTransformer(
        IHostEnvironment environment, string text,
        TextTokenizer tokenizer, TransformerConfig config, WeightSet weights, TextPredictionOptions options,
        CancellationToken cancellation)
        : base(environment, "PredictText")
    {
        (this.text, this.tokenizer, this.config, this.weights, this.options) = (text, tokenizer, config, weights, options);
        var wanted = Wanted(options);
        model = new(environment, RllcColumns.Tokens, config, weights, [], wanted, cancellation: cancellation);
        stopping = new(Host, cancellation);
        Outputs = ColumnsOf(config, wanted);
        Needs = [ColumnNeed.Text(text)];
    }

    private TextPredictionTransformer(
        IHostEnvironment environment, TextPredictionTransformer like, CancellationToken cancellation)
        : base(environment, "PredictText")
    {
        (text, tokenizer, options) = (like.text, like.tokenizer, like.options);
        (config, weights) = (like.config, like.weights);
        (model, stopping) = (like.model.With(environment, cancellation), new(Host, cancellation));
        (Outputs, Needs) = (like.Outputs, like.Needs);
    }

    /// <summary>Gives back the memory of the model's tensors; they are made again when a row asks for them.</summary>
    public void Dispose() => model.Dispose();

    ITransformer IStoppable.With(IHostEnvironment environment, CancellationToken cancellation) =>
        new TextPredictionTransformer(environment, this, cancellation);

    private protected override IReadOnlyList<ColumnNeed> Needs { get; }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    private protected override Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table)
    {
        var getters = new Delegate?[Outputs.Count];
        if (!Enumerable.Range(0, Outputs.Count).Any(active)) return getters;
        var (read, pos) = (row.ReadText(text), config.ContextLength);
        var seen = new PerRow<int[]>(row, () => Seen(read()));
        var losses = new PerRow<float[]>(row, () => seen.Value.Length < 2 ? [] : model.LossesOf(seen.Value));
        var next = new PerRow<(int[] Tokens, float[] Probabilities)>(row, () => model.LikeliestAfter(seen.Value));
        for (var i = 0; i < Outputs.Count; i++)
        {
            if (!active(i)) continue;
            getters[i] = Outputs[i].Name switch
            {
                RllcColumns.Tokens => Getters.Vector(() => Padded(seen.Value, pos, -1)),
                RllcColumns.Loss => Getters.Scalar(() => losses.Value.Length == 0 ? float.NaN : losses.Value.Average()),
                RllcColumns.TokenLosses => Getters.Vector(() => Padded(losses.Value, pos - 1, float.NaN)),
                RllcColumns.NextTokens => Getters.Vector(() => next.Value.Tokens),
                RllcColumns.NextTokenProbabilities => Getters.Vector(() => next.Value.Probabilities),
                RllcColumns.NextTokenTexts => Getters.Vector(() => TextsOf(next.Value.Tokens)),
                RllcColumns.Continuation => Getters.Text(() => tokenizer.Decode(model.Continue(seen.Value))),
                _ => Getters.Vector(() => Widened(model.PatternsOf(seen.Value), seen.Value.Length)),
            };
        }
        return getters;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ModelFile.Begin(ctx, Signature, Loader);
        ctx.WriteJson(text, FoundationJson.Default.Kept<string>());
        ctx.WriteJson(options, PredictionJson.Default.Kept<TextPredictionOptions>());
        ctx.WriteJson(new((tokenizer as LibraryTokenizer)?.Files), PredictionJson.Default.Kept<Kind>());
        ctx.SaveBinaryStream("tokenizer", tokenizer.Write);
        ctx.SaveBinaryStream("weights.safetensors", writer => Checkpoint.Save(writer.BaseStream, config, weights));
    }

    private static TextPredictionTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ModelFile.Check(ctx, Signature, Loader);
        var text = ctx.ReadJson(FoundationJson.Default.Kept<string>());
        var options = ctx.ReadJson(PredictionJson.Default.Kept<TextPredictionOptions>());
        var kind = ctx.ReadJson(PredictionJson.Default.Kept<Kind>());
        var (config, weights) = ctx.ReadStream(
            "weights.safetensors", reader => Checkpoint.Load(reader.BaseStream, "the model file's weights"));
        var tokenizer = ctx.ReadStream<TextTokenizer>("tokenizer", reader => kind.Files is { } files
            ? LibraryTokenizer.Read(reader, files, config.VocabularySize)
            : new ByteLevelTokenizer(BytePairVocabulary.Read(reader)));
        return new(env, text, tokenizer, config, weights, options, default);
    }

    /// <summary>Which tokenizer the model file holds.</summary>
    /// <param name="Files">Those of a tokenizer of Microsoft.ML.Tokenizers; null for our own.</param>
    internal sealed record Kind(TokenizerFiles? Files);

    /// <summary>The model's own columns, with the tokens before them, likely tokens also as text, and a
    /// continuation that is text.</summary>
    internal static List<DataViewSchema.DetachedColumn> ColumnsOf(TransformerConfig config, LanguageModelOutputs wanted)
    {
        var columns = new List<DataViewSchema.DetachedColumn> { ColumnTypes.Vector<int>(RllcColumns.Tokens,
            config.ContextLength, i => $"pos{i}") };
        foreach (var column in LanguageModelColumns.ColumnsFor(config, config.ContextLength, wanted))
        {
            columns.Add(column.Name == RllcColumns.Continuation ? ColumnTypes.Scalar<string>(RllcColumns.Continuation) : column);
            if (column.Name == RllcColumns.NextTokenProbabilities)
                columns.Add(ColumnTypes.Vector<string>(RllcColumns.NextTokenTexts, wanted.TopTokens, i => $"top{i + 1}"));
        }
        return columns;
    }

    internal static LanguageModelOutputs Wanted(TextPredictionOptions options) =>
        new(options.TokenLosses, options.TopTokens, options.Attention)
    {
        Continuation = options.Continuation,
        Temperature = options.Temperature,
        Seed = options.Seed,
    };

    private int[] Seen(string value)
    {
        stopping.ThrowIfAsked();
        var tokens = tokenizer.Encode(value);
        return [tokenizer.BosId, .. tokens.Skip(Math.Max(0, tokens.Count - (config.ContextLength - 1)))];
    }

    private static T[] Padded<T>(T[] values, int length, T rest)
    {
        var padded = new T[length];
        padded.AsSpan().Fill(rest);
        values.CopyTo(padded, 0);
        return padded;
    }

    private ReadOnlyMemory<char>[] TextsOf(int[] tokens) => [.. tokens.Select(t => tokenizer.TokenText(t).AsMemory())];

    /// <summary>[layer, head, pos, pos] from a shorter row's [layer, head, seen, seen].</summary>
    private float[] Widened(float[] patterns, int seen)
    {
        var (pos, heads) = (config.ContextLength, config.Layers * config.Heads);
        var wide = new float[heads * pos * pos];
        for (var head = 0; head < heads; head++)
            for (var query = 0; query < seen; query++)
                patterns.AsSpan((head * seen + query) * seen, seen).CopyTo(wide.AsSpan((head * pos + query) * pos));
        return wide;
    }
}
