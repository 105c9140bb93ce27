using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Heads;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Runner.Planning;

/// <summary>Options as keys of stored work say them.</summary>
/// <remarks>
/// Keys that are equal find work again, over versions: so the options that keys have always said stand here, in their order,
/// and are always said. Whatever a later version adds, and options of a record that is not named here,
/// are said only where they are not their default: their coming
/// changes no key. Who changes such a default raises the kind's version.
/// </remarks>
/// <param name="always">For each record the options that are always said, as in a file.</param>
internal sealed class KeyedOptions(IReadOnlyDictionary<Type, string> always)
{
    /// <summary>As the keys of this program say them.</summary>
    public static KeyedOptions Default { get; } = new(new Dictionary<Type, string>
    {
        [typeof(TokenizeTextOptions)] = "vocabularySize contextLength validationFraction bosAtContextStart sampleCharacters "
            + "sampleSeed minimumPairCount tokenizerFolder tokenizer storeFolder",
        [typeof(TokenizerFiles)] = "kind file merges model bosId",
        [typeof(TransformerConfig)] = "vocabularySize contextLength layers heads modelWidth headWidth mlpWidth "
            + "attentionBiases unembeddingBias layerNormEpsilon parameterCount",
        [typeof(TrainingOptions)] = "steps batchSize learningRate schedule warmupSteps finalLearningRate decayShare "
            + "beta1 beta2 epsilon weightDecay clipNorm validationContexts checkpoints initialization seed",
        [typeof(CheckpointSchedule)] = "logarithmic every steps",
        [typeof(Initialization)] = "embedding position sinusoidal blocks unembedding",
        [typeof(SgldOptions)] = "method stepSize nBeta localization weightDecay noiseLevel boundingBox chains draws "
            + "targetStandardError burnIn thinning batchSize gradientAccumulation rmsPropDecay rmsPropEpsilon friction "
            + "headBiases engine precision seed",
        [typeof(SampledTextOptions)] = "contextsPerDataset checkpointCount",
        [typeof(ProbeOptions)] = "question contexts length seed patterns",
        [typeof(ScoreHeadsOptions)] = "scoring patterns tokenClasses tokenClassSteps traces traceSteps curvature tokenTexts",
        [typeof(HeadScoreOptions)] = "sequences ablationContexts modelContexts pathAblation words beginningOfSequence seed",
        [typeof(TokenPatternOptions)] = "contexts tokens longestNGram skipDistance leastProbability leastCount leastGain "
            + "brackets leastRise",
        [typeof(CurvatureOptions)] = "probes contexts seed",
        [typeof(ScoredCheckpointsOptions)] = "checkpointCount tokenClassCheckpoints traceCheckpoints textContexts",
        [typeof(EstimationOptions)] = "baseline baselineBatches discardDraws discardFraction maxRHat minEss maxDrift "
            + "driftErrors negativeErrors",
        [typeof(HeadClassifierOptions)] = "leastMargin crowdMargin tieShare leastEffect",
        [typeof(PlateauOptions)] = "bandwidth maxSlopeShare minChangeShare",
        [typeof(StagesOptions)] = "dataset",
        [typeof(ClusteringOptions)] = "method normalization clusters minClusters maxClusters logSteps resampledPoints "
            + "smoothingWindow linkage distance warpingWindow restarts maxIterations seed",
        [typeof(ClusterTrajectoriesOptions)] = "dataset headsOnly layer clustering",
        [typeof(LayerClusteringOptions)] = "perLayer",
        [typeof(FindingsOptions)] = "dataset other",
        [typeof(ExamplesOptions)] = "contexts length ablationContexts",
    });

    /// <summary>An options record, said.</summary>
    /// <param name="options">The record.</param>
    /// <param name="json">How values are written.</param>
    /// <param name="change">Changes what is said of the record before defaults are left out.</param>
    public JsonObject Say(object options, JsonSerializerOptions json, Action<JsonObject>? change = null)
    {
        var values = JsonSerializer.SerializeToNode(options, options.GetType(), json)!.AsObject();
        change?.Invoke(values);
        return Say(values, options.GetType(), json);
    }

    private JsonObject Say(JsonObject values, Type type, JsonSerializerOptions json)
    {
        var first = always.GetValueOrDefault(type, "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var defaults = JsonSerializer.SerializeToNode(Activator.CreateInstance(type)!, type, json)!.AsObject();
        var types = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(OptionsBinder.KeyOf, p => p.PropertyType, StringComparer.Ordinal);
        var later = values.Select(v => v.Key).Where(name => !first.Contains(name) && !JsonNode.DeepEquals(values[name], defaults[name]));
        var said = new JsonObject();
        // Values of a record that says some only where they are given may have none of a name.
        foreach (var name in first.Where(values.ContainsKey).Concat(later))
            said[name] = values[name] is JsonObject nested ? Say(nested, types[name], json) : values[name]?.DeepClone();
        return said;
    }
}
