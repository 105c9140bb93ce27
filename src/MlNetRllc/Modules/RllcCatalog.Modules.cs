using MlNetRllc.Core.Options;
using MlNetRllc.Modules;
using static TorchSharp.torch;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Estimates local learning coefficients of a trained module of your own; see
    /// <see cref="LlcEstimator"/> for the columns.</summary>
    /// <param name="module">The trained module. While <c>Fit</c> runs it is in evaluation mode and its
    /// parameters move; afterwards both are as before.</param>
    /// <param name="loss">Mean loss of a minibatch, a scalar, from the module's output and the labels, such as
    /// <c>functional.cross_entropy</c>.</param>
    /// <param name="options">Columns, selections, sampling; what is not given follows the rows and the context.</param>
    /// <exception cref="ArgumentException">A selection names no parameter of the module; the message names the nearest.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public LlcEstimator EstimateLlc(nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor, Tensor> loss, LlcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        return EstimateLlcOf(module, (features, labels) =>
        {
            using var output = module.call(features);
            return loss(output, labels);
        }, options);
    }

    /// <summary>As <see cref="EstimateLlc"/>, for a module with any forward pass.</summary>
    /// <param name="module">The trained module.</param>
    /// <param name="loss">Mean loss of a minibatch, a scalar, from features and labels at the module's present parameters.</param>
    /// <param name="options">Columns, selections, sampling; what is not given follows the rows and the context.</param>
    /// <exception cref="ArgumentException">A selection names no parameter of the module; the message names the nearest.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public LlcEstimator EstimateLlcOf(nn.Module module, Func<Tensor, Tensor, Tensor> loss, LlcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        var chosen = Checked(options);
        return new(Environment, module, new ColumnSource(chosen, loss), chosen, Seed);
    }

    /// <summary>As <see cref="EstimateLlc"/>, for batches of one's own: of several columns, padded, masked.</summary>
    /// <remarks>The columns are those of <typeparamref name="TRow"/>, as <c>CreateEnumerable</c> reads them: vectors may differ in length
    /// from row to row. The options' FeatureColumn, LabelColumn and FeatureShape mean nothing.</remarks>
    /// <typeparam name="TRow">A class whose properties are the columns that are wanted.</typeparam>
    /// <typeparam name="TBatch">What the loss takes: a tensor, or a tuple or record of several.</typeparam>
    /// <param name="module">The trained module.</param>
    /// <param name="batch">Makes a minibatch of some rows, on a device; called once a minibatch, and its tensors are freed after
    /// it.</param>
    /// <param name="loss">Mean loss of a minibatch, a scalar, at the module's present parameters. It is called with the same minibatch
    /// many times and must not change it in place.</param>
    /// <param name="options">Selections and sampling; what is not given follows the rows and the context.</param>
    /// <example>
    /// <code>
    /// using MlNetRllc.Modules;
    /// using TorchSharp;
    /// using static TorchSharp.torch;
    ///
    /// var ml = new MLContext(seed: 1);
    /// var table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 32).Select(i =&gt; new Sentence
    /// {
    ///     Words = [.. Enumerable.Range(1, 2 + i % 3)], Label = i % 2,
    /// }).ToList());
    /// using var module = nn.Embedding(6, 2, padding_idx: 0);
    /// var fitted = ml.Rllc.EstimateLlcOf(module,
    ///     (IReadOnlyList&lt;Sentence&gt; rows, Device device) =&gt; (
    ///         // Padded with token 0 to the longest: [batch, pos].
    ///         Words: nn.utils.rnn.pad_sequence([.. rows.Select(r =&gt; tensor(r.Words, ScalarType.Int64))], batch_first: true).to(device),
    ///         Labels: tensor(rows.Select(r =&gt; (long)r.Label).ToArray(), device: device)),
    ///     batch =&gt; nn.functional.cross_entropy(module.call(batch.Words).sum(1), batch.Labels),
    ///     new() { Sampling = new() { Chains = 2, Draws = 20, BatchSize = 8 } }).Fit(table);
    /// Console.WriteLine(fitted.Results[0].Llc);
    ///
    /// internal sealed class Sentence
    /// {
    ///     public int[] Words { get; set; } = [];
    ///
    ///     public int Label { get; set; }
    /// }
    /// </code>
    /// </example>
    /// <exception cref="ArgumentException">A selection names no parameter of the module; the message names the nearest.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public LlcEstimator EstimateLlcOf<TRow, TBatch>(
        nn.Module module, Func<IReadOnlyList<TRow>, Device, TBatch> batch, Func<TBatch, Tensor> loss, LlcOptions? options = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(loss);
        return new(Environment, module, new RowSource<TRow, TBatch>(Context, batch, loss), Checked(options), Seed);
    }

    private static LlcOptions Checked(LlcOptions? options)
    {
        var chosen = options ?? new();
        chosen.Sampling.Validated();
        chosen.Estimation.Validated();
        return chosen;
    }
}
