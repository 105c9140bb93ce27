using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Tests.Core.Training;

public sealed class LanguageModelTrainerTests : IDisposable
{
    private static readonly TransformerConfig Small = new()
    {
        VocabularySize = 12,
        ContextLength = 16,
        Layers = 2,
        Heads = 2,
        ModelWidth = 16,
        HeadWidth = 8,
    };

    private static readonly TrainingOptions Short = new()
    {
        Steps = 30, BatchSize = 8, LearningRate = 1e-2, ValidationContexts = 4, Checkpoints = new() { Logarithmic = 3, Every = 10 },
    };

    private readonly string root = Directory.CreateTempSubdirectory("trainer").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void CountingText_IsLearned()
    {
        var result = Train(Small, Short with { Steps = 150 }, Text(64), Text(8));
        Assert.InRange(result.Checkpoints[0].ValidationLoss, Math.Log(12) - 0.1, Math.Log(12) + 0.1);
        Assert.InRange(result.Checkpoints[^1].ValidationLoss, 0, 0.05);
        Assert.InRange(result.Checkpoints[^1].TrainLoss, 0, 0.05);
    }

    [Fact]
    public void ContextsOfTwoTokens_AreLearned()
    {
        var pairs = new ContextSet(
            "pairs",
            Enumerable.Range(0, 64).SelectMany(i => new[] { i % 12, (i + 1) % 12 }).ToArray(),
            2);
        var result = Train(Small with { ContextLength = 2 }, Short with { Steps = 150 }, pairs, pairs);
        Assert.InRange(result.Checkpoints[^1].ValidationLoss, 0, 0.05);
    }

    [Fact]
    public void CheckpointsWithoutStep0_HaveNone_AndGoOnFromTheirLast()
    {
        var late = Short with { Checkpoints = new() { Steps = [12, 20] } };
        Assert.ThrowsAny<OperationCanceledException>(() => Train(Small, late, Text(64), Text(8), stopAt: 5));
        var result = Train(Small, late, Text(64), Text(8));
        Assert.Equal([12, 20, 30], result.Checkpoints.Select(c => c.Step));
        Assert.Equal(Train(Small, Short, Text(64), Text(8), "whole").Weights.Key, result.Weights.Key);
    }

    [Fact]
    public void Checkpoints_AreTheScheduleAndLoadAsWritten()
    {
        var result = Train(Small, Short, Text(64), Text(8));
        Assert.Equal(Short.Checkpoints.UpTo(30), result.Checkpoints.Select(c => c.Step));
        var (config, weights) = Checkpoint.Load(result.Checkpoints[^1].Path);
        Assert.Equal(Small, config);
        Assert.Equal(result.Weights.Key, weights.Key);
        Assert.NotEqual(result.Weights.Key, Checkpoint.Load(result.Checkpoints[0].Path).Weights.Key);
    }

    [Theory, InlineData(1), InlineData(10), InlineData(17)]
    public void CancelledTraining_GoesOnToTheSameBytes(int stopAt)
    {
        Train(Small, Short, Text(64), Text(8), "straight");
        Assert.ThrowsAny<OperationCanceledException>(() => Train(Small, Short, Text(64), Text(8), "broken", stopAt));
        Train(Small, Short, Text(64), Text(8), "broken");
        AssertSameFiles("straight", "broken");
    }

    [Fact]
    public void KilledTraining_GoesOnFromItsLastState()
    {
        // What a kill leaves: an older state, and the files of checkpoints written after it.
        Train(Small, Short, Text(64), Text(8), "straight");
        Assert.ThrowsAny<OperationCanceledException>(() => Train(Small, Short, Text(64), Text(8), "killed", stopAt: 12));
        var state = Path.Combine(root, "killed", "training-state.safetensors");
        var old = File.ReadAllBytes(state);
        Train(Small, Short, Text(64), Text(8), "killed");
        File.WriteAllBytes(state, old);
        Train(Small, Short, Text(64), Text(8), "killed");
        AssertSameFiles("straight", "killed");
    }

    [Fact]
    public void FinishedTraining_ReturnsWithoutTrainingAgain()
    {
        var first = Train(Small, Short, Text(64), Text(8));
        var written = Directory.GetFiles(Path.Combine(root, "run")).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var second = Train(Small, Short, Text(64), Text(8));
        Assert.Equal(first.Weights.Key, second.Weights.Key);
        Assert.Equal(first.Checkpoints, second.Checkpoints);
        Assert.Equal(
            written,
            Directory.GetFiles(Path.Combine(root, "run")).ToDictionary(f => f, File.GetLastWriteTimeUtc));
    }

    [Fact]
    public void OtherOptionsModelOrData_AreRefusedByName()
    {
        Train(Small, Short, Text(64), Text(8));
        var state = File.ReadAllBytes(Path.Combine(root, "run", "training-state.safetensors"));
        Assert.Contains("another options", Refusal(Small, Short with { Seed = 9 }, Text(64), Text(8)));
        Assert.Contains("another model", Refusal(Small with { Heads = 1 }, Short, Text(64), Text(8)));
        Assert.Contains("another training data", Refusal(Small, Short, Text(65), Text(8)));
        Assert.Contains("another validation data", Refusal(Small, Short, Text(64), null));
        Assert.Equal(state, File.ReadAllBytes(Path.Combine(root, "run", "training-state.safetensors")));
    }

    [Fact]
    public void LostCheckpoint_IsNamed()
    {
        var result = Train(Small, Short, Text(64), null);
        File.Delete(result.Checkpoints[1].Path);
        var error = Assert.Throws<InvalidDataException>(() => Train(Small, Short, Text(64), null));
        Assert.Contains(result.Checkpoints[1].Path, error.Message);
    }

    [Fact]
    public void WithoutValidation_ItsLossIsNaN() =>
        Assert.All(
            Train(Small, Short, Text(64), null).Checkpoints,
            checkpoint => Assert.Equal(double.NaN, checkpoint.ValidationLoss));

    [Fact]
    public void DivergingLoss_StopsWithTheRemedy()
    {
        var wild = Short with { LearningRate = 10, ClipNorm = 0, WeightDecay = 100, Steps = 200 };
        var error = Assert.ThrowsAny<Exception>(() => Train(Small, wild, Text(64), null));
        Assert.Contains("LearningRate", error.Message);
    }

    [Fact]
    public void TokenOutsideVocabulary_IsRefused() =>
        Assert.Contains("token id 11", Assert.Throws<ArgumentException>(
            () => Train(Small with { VocabularySize = 11 }, Short, Text(64), null)).Message);

    [Fact]
    public void ContextLongerThanModel_IsRefused() =>
        Assert.Contains("16 tokens", Assert.Throws<ArgumentException>(
            () => Train(Small with { ContextLength = 8 }, Short, Text(64), null)).Message);

    [Fact]
    public void DatasetSmallerThanBatch_IsRefused() =>
        Assert.Contains(
            "7 contexts",
            Assert.Throws<ArgumentException>(() => Train(Small, Short, Text(7), null)).Message);

    [Fact]
    public void FolderThatIsAFile_IsRefused()
    {
        File.WriteAllText(Path.Combine(root, "run"), "something good");
        Assert.ThrowsAny<IOException>(() => Train(Small, Short, Text(64), null));
        Assert.Equal("something good", File.ReadAllText(Path.Combine(root, "run")));
    }

    [Fact]
    public void OptionOutsideItsRange_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LanguageModelTrainer(Small, Short with { BatchSize = 0 }));

    /// <summary>Each context counts upwards from another start, modulo 12.</summary>
    private static ContextSet Text(int contexts) =>
        new(
            "counting",
            Enumerable.Range(0, contexts * 16).Select(i => (i / 16 * 5 + i % 16) % 12).ToArray(),
            16);

    private string Refusal(
        TransformerConfig config, TrainingOptions options, ContextSet train, ContextSet? validation) =>
        Assert.Throws<InvalidOperationException>(() => Train(config, options, train, validation)).Message;

    private TrainingResult Train(
        TransformerConfig config,
        TrainingOptions options,
        ContextSet train,
        ContextSet? validation,
        string folder = "run",
        int stopAt = int.MaxValue)
    {
        using var source = new CancellationTokenSource();
        var watch = new Watch(p => { if (p.Step == stopAt) source.Cancel(); });
        var trainer = new LanguageModelTrainer(config, options) { ReportInterval = TimeSpan.Zero };
        return trainer.Train(train, validation, Path.Combine(root, folder), watch, source.Token);
    }

    private sealed class Watch(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private void AssertSameFiles(string expected, string actual)
    {
        string[] Names(string folder) =>
            [.. Directory.GetFiles(Path.Combine(root, folder)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(root, folder, name));
        Assert.Equal(Names(expected), Names(actual));
        foreach (var name in Names(expected))
            Assert.True(Bytes(expected, name).AsSpan().SequenceEqual(Bytes(actual, name)), name);
    }
}
