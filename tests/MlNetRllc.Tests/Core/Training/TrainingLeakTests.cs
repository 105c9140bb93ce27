using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Tests.Core.Training;

/// <summary>Counts the buffers of the whole process, and so runs alone.</summary>
[CollectionDefinition(nameof(TrainingLeakTests), DisableParallelization = true)]
[Collection(nameof(TrainingLeakTests))]
public sealed class TrainingLeakTests
{
    /// <summary>Each thread makes its buffers when it first has work: by the middle, all of them have.</summary>
    [Fact]
    public void LaterSteps_HoldNoMoreMemory()
    {
        var (held, left) = Train(steps: 60);
        Assert.True(held[30] > 0);
        Assert.Equal(held[30], held[60]);
        Assert.Equal(0, left);
    }

    /// <summary>Bytes of buffers after each step, and after the training.</summary>
    private static (Dictionary<int, long> Held, long Left) Train(int steps)
    {
        var text = new ContextSet("counting", Enumerable.Range(0, 64 * 130).Select(i => i % 12).ToArray(), 130);
        var options = new TrainingOptions { Steps = steps, BatchSize = 8, Checkpoints = CheckpointSchedule.Linear(5) };
        var folder = Directory.CreateTempSubdirectory("leak").FullName;
        try
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var (before, held) = (NativeArena.HeldBytes, new HeldBytes());
            var config = new TransformerConfig
            {
                VocabularySize = 12, ContextLength = 130, Heads = 2, ModelWidth = 16, HeadWidth = 8, MlpWidth = 20,
            };
            new LanguageModelTrainer(config, options) { ReportInterval = TimeSpan.Zero }.Train(text, text, folder, held);
            return (held.AtStep.ToDictionary(h => h.Key, h => h.Value - before), NativeArena.HeldBytes - before);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class HeldBytes : IProgress<TrainingProgress>
    {
        public Dictionary<int, long> AtStep { get; } = [];

        public void Report(TrainingProgress value) => AtStep[value.Step] = NativeArena.HeldBytes;
    }
}
