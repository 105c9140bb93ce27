using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Training;

namespace MlNetRllc.Patterns;

/// <summary>The trained weights' losses on the tokens of a probe set.</summary>
/// <param name="environment">Where the model runs.</param>
/// <param name="config">Its shape.</param>
/// <param name="weights">Its weights.</param>
/// <param name="cancellation">Stops between contexts.</param>
internal sealed class ProbeLosses(
    IHostEnvironment environment, TransformerConfig config, WeightSet weights, CancellationToken cancellation)
{
    /// <summary>Loads a checkpoint that is to read some contexts.</summary>
    public static ProbeLosses Load(IHostEnvironment environment, string checkpoint, ContextSet contexts, CancellationToken cancellation)
    {
        var (config, weights) = Checkpoint.Load(checkpoint);
        contexts.CheckedAgainst(config);
        return new(environment, config, weights, cancellation);
    }

    /// <summary>Losses in nats, [context, pos - 1], row-major.</summary>
    public float[] Of(ContextSet contexts)
    {
        using var model = new LanguageModelTransformer(
            environment, RllcColumns.Tokens, config, weights, [], new(TokenLosses: true, TopTokens: 0, Attention: false),
            cancellation: cancellation);
        return [.. Enumerable.Range(0, contexts.Count).SelectMany(i => model.LossesOf(contexts[i].ToArray()))];
    }
}
