using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using TorchSharp;

namespace MlNetRllc.Tests.Core.Training;

/// <summary>Counts the tensors of the whole process, workers' threads included, and so runs
/// alone.</summary>
[CollectionDefinition(nameof(TrainingLeakTests), DisableParallelization = true)]
[Collection(nameof(TrainingLeakTests))]
public sealed class TrainingLeakTests
{
    [Fact]
    public void LongerTraining_LeavesNoMoreTensors()
    {
        Grown(steps: 2);
        Assert.Equal(Grown(steps: 2), Grown(steps: 20));
    }

    private static long Grown(int steps)
    {
        var text = new ContextSet("counting", Enumerable.Range(0, 64 * 130).Select(i => i % 12).ToArray(), 130);
        var options = new TrainingOptions { Steps = steps, BatchSize = 8, Checkpoints = CheckpointSchedule.Linear(5) };
        var folder = Directory.CreateTempSubdirectory("leak").FullName;
        try
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = torch.Tensor.TotalCount;
            new LanguageModelTrainer(new() { VocabularySize = 12, ContextLength = 130, Heads = 2, ModelWidth = 16, HeadWidth = 8 }, options)
                .Train(text, text, folder);
            return torch.Tensor.TotalCount - before;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
