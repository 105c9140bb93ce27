using System.Text.Json;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>Every option of every step is used by at least one run: the studies that tests run are held against the schema.</summary>
public sealed class EveryOptionTests
{
    private const string Yaml = """
        version: 1
        name: tiny
        seed: 2
        datasets: { docs: docs.jsonl, code: code.jsonl }
        probes:
          prose: { of: docs, contexts: 8, seed: 2, patterns: [wordStart, inductionNew] }
          again: { of: docs, question: repeated, contexts: 4, length: 11 }
          mixed: { of: code, question: shuffled, contexts: 4 }
        steps:
          contexts:
            tokenize:
              text: docs
              vocabularySize: 300
              contextLength: 16
              validationFraction: 0.2
              bosAtContextStart: false
              sampleCharacters: 5_000
              sampleSeed: 3
              minimumPairCount: 3
          plain:
            train:
              contexts: contexts
              layers: 1
              heads: 2
              modelWidth: 16
              headWidth: 4
              mlpWidth: 8
              attentionBiases: false
              unembeddingBias: false
              layerNormEpsilon: 1e-4
              steps: 6
              batchSize: 4
              learningRate: 2e-3
              schedule: warmupCosine
              warmupSteps: 2
              finalLearningRate: 0.2
              beta1: 0.8
              beta2: 0.99
              epsilon: 1e-7
              weightDecay: 0.1
              clipNorm: 0.5
              validationContexts: 8
              checkpoints: { logarithmic: 0, every: 3, steps: [1, 5] }
              initialization: { embedding: 0.03, position: 0.03, sinusoidal: true, blocks: 0.5, unembedding: 0.03 }
              subset: { share: 0.9, seed: 2, leftOut: [1] }
              seed: 5
          listed:
            train: { contexts: contexts, layers: 1, heads: 2, modelWidth: 16, headWidth: 4, steps: 3, batchSize: 4,
              subset: { contexts: [0, 2, 3, 4, 7] } }
          model:
            train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, steps: 12, batchSize: 8,
              schedule: warmupStableDecay, warmupSteps: 2, decayShare: 0.3, checkpoints: { logarithmic: 4 } }
          traces:
            sample:
              model: model
              components: [heads, full]
              datasets: [docs, code]
              stepSize: 2e-3
              nBeta: 20
              localization: 100
              weightDecay: 0.01
              noiseLevel: 0.9
              boundingBox: 0.5
              chains: 4
              draws: 4
              burnIn: 2
              thinning: 2
              batchSize: 4
              gradientAccumulation: 2
              headBiases: true
              exactPull: true
              control: true
              antithetic: true
              engine: lockStep
              seed: 4
              contextsPerDataset: 64
              checkpointCount: 3
          rms:
            sample: { model: model, components: [l0h0], datasets: [docs], method: rmsPropSgld, rmsPropDecay: 0.9,
              rmsPropEpsilon: 0.2, engine: autograd, chains: 2, draws: 4, burnIn: 0, batchSize: 4, checkpointCount: 1 }
          sgnht:
            sample: { model: plain, reference: plain, components: [l0h0], datasets: [docs], method: sgnht, friction: 2,
              engine: autograd, precision: bFloat16, targetStandardError: 5,
              chains: 2, draws: 4, burnIn: 0, batchSize: 4, checkpointCount: 1 }
          observed:
            sample: { model: model, components: [heads], datasets: [docs], probes: [prose, again, mixed], chains: 2, draws: 8, burnIn: 0,
              batchSize: 4, checkpointCount: 1, observe: { every: 2, tokens: batches, batches: 4, allowShared: true } }
          each:
            sample: { model: model, components: [l0h0], datasets: [docs], probes: prose, chains: 2, draws: 4, burnIn: 0, batchSize: 4,
              checkpointCount: 1, observe: { tokens: draws } }
          patterns:
            patterns: { traces: observed, discardDraws: 1, discardFraction: 0.25, maxRHat: 2, minEss: 1, maxDrift: 1, driftErrors: 4,
              maxTransient: 3, resamples: 50, denominatorErrors: 2, seed: 3 }
          rllc:
            estimate: { traces: traces, baseline: unpaired, baselineBatches: 4, discardDraws: 1, maxRHat: 2, minEss: 1,
              maxDrift: 1, driftErrors: 4, maxTransient: 3, negativeErrors: 3 }
          rllc-rms:
            estimate: { traces: rms, discardFraction: 0.25 }
          stages:
            stages: { rllc: rllc, bandwidth: 0.5, maxSlopeShare: 0.3, minChangeShare: 0.1, dataset: code }
          scores:
            score:
              model: model
              text: docs
              stages: stages
              scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, pathAblation: false, words: 8,
                beginningOfSequence: 299, seed: 3 }
              patterns: { contexts: 4, tokens: 20, longestNGram: 3, skipDistance: 4, leastProbability: 0.1, leastCount: 2,
                leastGain: 3, brackets: "()", leastRise: 0.2 }
              traces: true
              curvature: { probes: 2, contexts: 2, seed: 1 }
              checkpointCount: 2
              tokenClassCheckpoints: 2
              traceCheckpoints: 2
              textContexts: 100
          unclassed:
            score: { model: model, text: docs, tokenClasses: false, checkpointCount: 1,
              scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, words: 8 } }
          types:
            classify: { scores: scores, leastMargin: 4, crowdMargin: 2, tieShare: 0.7, leastEffect: 3 }
          clusters:
            cluster: { rllc: rllc, types: types, method: dtwKMeans, normalization: minMax, minClusters: 3, maxClusters: 4,
              logSteps: true, resampledPoints: 5, smoothingWindow: 3, warpingWindow: 0.5, restarts: 2, maxIterations: 5,
              seed: 6, dataset: code, headsOnly: false, perLayer: true }
          shapes:
            cluster: { rllc: rllc, method: kShape, clusters: 2, normalization: none }
          average:
            cluster: { rllc: rllc, method: hierarchical, distance: dynamicTimeWarping }
          ward:
            cluster: { rllc: rllc, method: hierarchical, linkage: ward }
          complete:
            cluster: { rllc: rllc, method: hierarchical, linkage: complete }
          single:
            cluster: { rllc: rllc, method: hierarchical, linkage: single }
          several:
            cluster: { rllc: rllc, datasets: [docs, code], method: dtwKMeans, clusters: 2, warpingRadius: 1, barycentreRounds: 30,
              costTolerance: 1e-9, normalizationScope: curve }
          given:
            cluster: { rllc: rllc, column: RllcStdErr, initialComponents: [l0h0, l1h1], silhouettes: false,
              normalizationScope: channel }
          together:
            cluster: { rllc: rllc, datasets: [code, docs], normalizationScope: everything }
          findings:
            findings: { rllc: rllc, scores: scores, types: types, dataset: docs, other: code }
          without-data:
            sample: { model: model, components: [heads], datasets: [docs], probes: [prose, again, mixed], chains: 2, draws: 8, burnIn: 0,
              batchSize: 4, checkpointCount: 1, control: true, observe: { allowShared: true } }
          control:
            patterns: { traces: without-data }
          compared:
            compare: { types: types, patterns: patterns, control: control, rllc: rllc, dataset: docs, features: [wordStart, secondCopy],
              naturalText: prose, rankedBy: [inductionNew], layer: 0, minimumErrors: 2, clusters: 2, restarts: 3, permutations: 50,
              seed: 7 }
          examples:
            examples: { model: model, types: types, tokens: observed, text: docs, heads: [l0h1], contexts: 2, length: 12,
              ablationContexts: 4 }
          report:
            report: { rllc: rllc, clusters: several, types: types, scores: scores, stages: stages, examples: examples, drllc: rllc,
              patterns: patterns, control: rllc }
        """;

    // Of published tokenizers, a run each.
    private const string Tokenizers = """
        steps:
          bytes: { tokenize: { text: docs, tokenizer: { kind: bpe, file: f, merges: m, bosId: 1 } } }
          ranks: { tokenize: { text: docs, tokenizer: { kind: tiktoken, file: f, model: gpt-4 } } }
          pieces: { tokenize: { text: docs, tokenizer: { kind: sentencePiece, file: f } } }
          words: { tokenize: { text: docs, tokenizer: { kind: wordPiece, file: f } } }
          saved: { tokenize: { text: docs, tokenizerFolder: f } }
        """;

    /// <summary>The studies that these tests, <see cref="AnalysisStudyTests"/>, <see cref="ForeignCheckpointsTests"/> and
    /// <see cref="GivenTokenizerTests"/> run.</summary>
    private static string[] Studies =>
    [
        Yaml, AnalysisStudyTests.Yaml, Tokenizers,
        File.ReadAllText(Path.Combine(Repository.Root, "pipelines", "foreign-checkpoints.yaml")),
    ];

    [Fact]
    public void StudyOfAllOptions_Runs_AndIsKept()
    {
        using var study = new ReducedStudy(Yaml, documents: 30);
        var first = study.Run();
        Assert.Equal(("finished", ""), (first.State, string.Join('\n', first.Problems)));
        Assert.Empty(ReducedStudy.Done(study.Run()));
        Assert.EndsWith(
            ",StepBias,DataShare,DataShareStdErr", study.Table("rllc.csv").Split('\n')[0].TrimEnd('\r'), StringComparison.Ordinal);
        Assert.Equal(0, study.Table("scores.csv").Split('\n').Count(line => line.Contains("failed", StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryOptionOfTheSchema_IsSetToAnotherValueThanItsOwn_InAStudyThatIsRun()
    {
        var used = Studies.SelectMany(Used).ToHashSet(StringComparer.OrdinalIgnoreCase);
        using var schema = JsonDocument.Parse(PipelineSchema.TextOf(StepKinds.All));
        var steps = schema.RootElement.GetProperty("properties").GetProperty("steps");
        var kinds = steps.GetProperty("additionalProperties").GetProperty("properties");
        var wanted = kinds.EnumerateObject().SelectMany(kind => Wanted(kind.Name, kind.Value)).ToList();
        Assert.True(wanted.Count > 150, $"The schema has only {wanted.Count} options.");
        // Options without a known default are used when they are set at all; of a choice, every value but the default is wanted.
        bool IsSet(string path, string? usual) => used.Any(u =>
            u.StartsWith($"{path}=", StringComparison.OrdinalIgnoreCase)
            && !u.Equals($"{path}={usual}", StringComparison.OrdinalIgnoreCase));
        var unused = wanted.Where(w => !(w.Value is null ? IsSet(w.Path, w.Default) : used.Contains($"{w.Path}={w.Value}")));
        Assert.Empty(unused.Select(w => $"{w.Path} {w.Value}"));
    }

    private static IEnumerable<(string Path, string? Value, string? Default)> Wanted(string path, JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out var properties))
            return properties.EnumerateObject().SelectMany(p => Wanted($"{path}.{p.Name}", p.Value));
        var own = schema.TryGetProperty("default", out var given) ? given.ToString() : null;
        return schema.TryGetProperty("enum", out var values)
            ? values.EnumerateArray().Select(v => v.GetString()!).DistinctBy(v => v.ToUpperInvariant())
                .Where(v => v != own).Select(v => (path, (string?)v, own))
            : [(path, null, own)];
    }

    private static IEnumerable<string> Used(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var steps = (YamlMappingNode)((YamlMappingNode)stream.Documents[0].RootNode).Children[new YamlScalarNode("steps")];
        return steps.Children.Values.Cast<YamlMappingNode>().SelectMany(step => Leaves(step, ""));
    }

    private static IEnumerable<string> Leaves(YamlNode node, string path)
    {
        if (node is not YamlMappingNode mapping) return [$"{path}={node}"];
        string PathOf(YamlNode key) => path.Length == 0 ? $"{key}" : $"{path}.{key}";
        return mapping.Children.SelectMany(child => Leaves(child.Value, PathOf(child.Key)));
    }
}
