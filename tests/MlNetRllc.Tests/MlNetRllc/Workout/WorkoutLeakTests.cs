using Microsoft.ML;
using MlNetRllc.Tests.Core.Training;
using TorchSharp;

namespace MlNetRllc.Tests.Workout;

/// <summary>Tensors are counted over the whole process, so nothing else may run beside.</summary>
[Collection(nameof(TrainingLeakTests))]
public sealed class WorkoutLeakTests : IDisposable
{
    private readonly TinyStudy study = new();

    public void Dispose() => study.Dispose();

    // TorchSharp counts a parameter and the tensor it was made of, and takes only one back: making a model always adds its
    // number of weights. What reading rows adds must be nothing.
    [Fact]
    public void ReadingRows_LeavesNoTensor()
    {
        foreach (var component in WorkoutCase.All(study))
        {
            Grown(component, readings: 1);
            Assert.Equal((component.ToString(), Grown(component, readings: 1)), (component.ToString(), Grown(component, readings: 3)));
        }
    }

    private static long Grown(WorkoutCase component, int readings)
    {
        var before = Alive();
        Run(component, readings);
        return Alive() - before;
    }

    private static void Run(WorkoutCase component, int readings)
    {
        var ml = new MLContext(seed: 1);
        var input = component.Input(ml);
        var fitted = component.Make(ml).Fit(input);
        for (var i = 0; i < readings; i++) RowDump.Of(fitted.Transform(input));
        (fitted as IDisposable)?.Dispose();
    }

    private static long Alive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
