using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>A model of two layers trained for a moment on a text with structure: letters that
/// follow one another, and segments that come again.</summary>
public sealed class TrainedModel : IDisposable
{
    public static readonly TransformerConfig Config = new()
    {
        VocabularySize = 64, ContextLength = 16, Layers = 2, Heads = 2, ModelWidth = 32, HeadWidth = 16,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-trained-").FullName;

    public TrainedModel()
    {
        Text = TextOf(512, "training");
        var options = new TrainingOptions
        {
            Steps = 300,
            BatchSize = 16,
            LearningRate = 4e-3,
            Checkpoints = CheckpointSchedule.Linear(300),
        };
        Weights = new LanguageModelTrainer(Config, options).Train(Text, null, folder).Weights;
    }

    public WeightSet Weights { get; }

    public ContextSet Text { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Each token has four likely successors; the second half of a context says the first
    /// half again.</summary>
    private static ContextSet TextOf(int count, string name)
    {
        var random = NamedRandom.Stream("structured text", name);
        var length = Config.ContextLength;
        var tokens = new int[count * length];
        for (var i = 0; i < tokens.Length; i++)
        {
            var at = i % length;
            tokens[i] = at == 0 ? random.Integer(64, 0, (ulong)i)
                : at > length / 2 && random.Integer(8, 1, (ulong)i) > 0 ? tokens[i - length / 2]
                : (tokens[i - 1] * 5 + 7 * random.Integer(4, 2, (ulong)i) + 1) % 64;
        }
        return new(name, tokens, length);
    }
}
