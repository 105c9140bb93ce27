using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Planning;

/// <summary>Keys of work that takes hours, each held to what it was: where one changes, what was computed under it is not found
/// again.</summary>
public sealed class PinnedKeyTests : IDisposable
{
    // Options of every record, nested ones too, none of them at its default.
    private const string Yaml = """
        version: 1
        name: pinned
        seed: 7
        datasets: { docs: docs.txt, code: code.txt }
        steps:
          learned:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 16, validationFraction: 0.2, bosAtContextStart: false,
              sampleCharacters: 5000, sampleSeed: 3, minimumPairCount: 3 }
          given:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 16,
              tokenizer: { kind: bpe, file: vocab.json, merges: merges.txt, bosId: 1 } }
          model:
            train: { contexts: learned, layers: 1, heads: 2, modelWidth: 16, headWidth: 4, mlpWidth: 8,
              attentionBiases: false, unembeddingBias: false, layerNormEpsilon: 1e-4,
              steps: 6, batchSize: 4, learningRate: 2e-3, schedule: warmupCosine, warmupSteps: 2, finalLearningRate: 0.2,
              decayShare: 0.3, beta1: 0.8, beta2: 0.99, epsilon: 1e-7,
              weightDecay: 0.1, clipNorm: 0.5, validationContexts: 8, checkpoints: { logarithmic: 0, every: 3, steps: [1, 5] },
              initialization: { embedding: 0.03, position: 0.03, sinusoidal: true, blocks: 0.5, unembedding: 0.03 } }
          traces:
            sample: { model: model, components: [heads, full], datasets: [docs, code], method: sgnht, stepSize: 2e-3,
              nBeta: 20, localization: 100, weightDecay: 0.01, noiseLevel: 0.9, boundingBox: 0.5, chains: 2, draws: 4,
              targetStandardError: 0.1, burnIn: 2, thinning: 2, batchSize: 4, gradientAccumulation: 2, rmsPropDecay: 0.9,
              rmsPropEpsilon: 0.2,
              friction: 2, headBiases: true, engine: autograd, precision: bFloat16, contextsPerDataset: 64, checkpointCount: 3 }
          scores:
            score: { model: model, text: docs, tokenClasses: false, traces: true,
              scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, pathAblation: false, words: 8,
                beginningOfSequence: 299, seed: 3 },
              patterns: { contexts: 4, tokens: 20, longestNGram: 3, skipDistance: 4, leastProbability: 0.1, leastCount: 2,
                leastGain: 3, brackets: "()", leastRise: 0.2 },
              curvature: { probes: 2, contexts: 2, seed: 1 },
              checkpointCount: 2, tokenClassCheckpoints: 2, traceCheckpoints: 2, textContexts: 100 }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("rllc-pinned-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("learned", "8fbbd4aeaaf6fe12")]
    [InlineData("given", "5b67001db178127d")]
    [InlineData("model", "7f0ada3ff28822f1")]
    [InlineData("traces", "fbaecab32b00a00b")]
    [InlineData("scores", "faf9716fd6d8301a")]
    public void KeyOfAStep_IsWhatItWas(string step, string key)
    {
        foreach (var (name, text) in new[] { ("docs.txt", "one"), ("code.txt", "two"), ("vocab.json", "{}"), ("merges.txt", "") })
            File.WriteAllText(Path.Combine(folder, name), text);
        File.WriteAllText(Path.Combine(folder, "p.yaml"), Yaml);
        Assert.Equal(key, StepKey.KeysOf(StepKinds.Reader.Read(Path.Combine(folder, "p.yaml")))[step].Value[..16]);
    }

    [Fact]
    public void FolderOfATraining_IsWhatItWas()
    {
        var contexts = new ContextSet("train", new[] { 1, 2, 3, 4 }, 2);
        var options = new TrainingOptions { Steps = 3, Checkpoints = new() { Logarithmic = 16, Steps = [1, 2] } };
        Assert.Equal("23990e7376f2", ContentKeys.OfTraining(contexts, null, new TransformerConfig { Layers = 1 }, options));
    }

    [Fact]
    public void FolderOfScores_IsWhatItWas() => Assert.Equal("54b3d7650d20", ContentKeys.OfScores("model", "text"));
}
