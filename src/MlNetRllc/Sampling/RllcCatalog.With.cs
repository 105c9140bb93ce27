using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>A transformer for one use: it shares everything with the given one (data, weights, what was
    /// computed), but heeds this token, tells this progress and keeps finished rows in this store.</summary>
    /// <remarks>
    /// <para>A view that was cancelled stays cancelled; what this gives reads the same rows anew. A loaded
    /// study gets here the token, progress and store that a model file does not hold, for it was saved with no
    /// more than its store's path. The given transformer stays as it is. Token and progress are those of the
    /// call alone: without a token nothing stops the result, whatever stopped the given one, and without
    /// progress nobody is told.</para>
    /// <para>The token is heeded by <c>SampleSgld</c>, <c>ScoreHeads</c>, <c>TokenizeText</c>,
    /// <c>PredictText</c> and trained models; progress and store are <c>SampleSgld</c>'s. Of a chain, in any
    /// depth, those members are replaced; the others are the same objects, so dispose of one of the two chains
    /// only. The result belongs to this catalog's context: after <c>MLContext.CancelExecution</c>, which is for
    /// good, another context goes on.</para>
    /// </remarks>
    /// <typeparam name="TTransformer">Its type, which the result has too.</typeparam>
    /// <param name="transformer">A transformer, or a chain as <c>Fit</c> and <c>Model.Load</c> give it.</param>
    /// <param name="cancellation">Stops between steps, checkpoints, documents and rows; rows already finished stay in the store.</param>
    /// <param name="progress">Told of every step, on the thread that samples.</param>
    /// <param name="store">Where finished rows are kept and looked for; the transformer's own when null.</param>
    /// <exception cref="ArgumentException">Progress or a store is given, and there is no <c>SampleSgld</c> to take it.</exception>
#pragma warning disable CA1068 // The token is what is given most often.
    public TTransformer With<TTransformer>(
        TTransformer transformer, CancellationToken cancellation = default,
        IProgress<SweepProgress>? progress = null, RowStore? store = null)
        where TTransformer : class, ITransformer
#pragma warning restore CA1068
    {
        ArgumentNullException.ThrowIfNull(transformer);
        var samplers = 0;
        var mapped = (TTransformer)Mapped(transformer);
        if (samplers == 0 && (progress, store) is not (null, null))
            throw new ArgumentException(
                $"{(store is null ? "Progress" : "A store")} is given, which only SampleSgld takes; "
                + $"there is none in {NameOf(transformer)}.",
                store is null ? nameof(progress) : nameof(store));
        return mapped;

        ITransformer Mapped(ITransformer one)
        {
            if (one is ITransformerChainAccessor chain) return Rebuilt(one, chain, Mapped);
            if (one is not SgldSamplingTransformer sampler) return one is IStoppable other ? other.With(Environment, cancellation) : one;
            samplers++;
            return sampler.With(Environment, store, progress, cancellation);
        }
    }

    private static ITransformer Rebuilt(ITransformer whole, ITransformerChainAccessor chain, Func<ITransformer, ITransformer> map)
    {
        ITransformer[] members = [.. chain.Transformers.Select(map)];
        if (members.SequenceEqual(chain.Transformers)) return whole;
        // A chain is generic in its last member's type, which only the object itself knows.
        var make = whole.GetType().GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
            [typeof(IEnumerable<ITransformer>), typeof(IEnumerable<TransformerScope>)])!;
        return (ITransformer)make.Invoke([members, chain.Scopes]);
    }

    private static string NameOf(ITransformer transformer) => transformer is ITransformerChainAccessor chain
        ? $"the chain of {string.Join(", ", chain.Transformers.Select(NameOf))}" : transformer.GetType().Name;
}
