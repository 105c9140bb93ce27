using System.Runtime.InteropServices;
using Microsoft.ML;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Training;
using MlNetRllc.Prediction;
using MlNetRllc.Tests.Workout;
using TorchSharp;

namespace MlNetRllc.Tests.Core.Training;

/// <summary>With two threads for libtorch, which is no state to leave to tests beside it: it runs
/// alone.</summary>
[CollectionDefinition(nameof(ShardWorkersTests), DisableParallelization = true)]
[Collection(nameof(ShardWorkersTests))]
public sealed unsafe class ShardWorkersTests : IDisposable
{
    public ShardWorkersTests() => torch.set_num_threads(2);

    public void Dispose() => TestThreads.One();

    [Fact]
    public void Workers_ComputeAlone_AndOtherThreadsKeepTheirNumbers()
    {
        Assert.SkipUnless(ThreadLimit.IsPerThread, "This libtorch is limited as a whole only.");
        var before = OnAThreadOfItsOwn(Threads);
        (int Torch, int Matrices)[] inside = [default, default];
        using (var workers = new ShardWorkers(2))
        {
            using var meeting = new Barrier(2);
            workers.Run(2, shard =>
            {
                meeting.SignalAndWait(TestContext.Current.CancellationToken); // Each worker takes one.
                inside[shard] = Threads();
            });
            Assert.Equal(before, OnAThreadOfItsOwn(Threads));
        }
        Assert.Equal([(1, 1), (1, 1)], inside);
        Assert.Equal(before, OnAThreadOfItsOwn(Threads));
    }

    [Fact]
    public void Predictions_KeepTheirBits_WhileOthersTrain()
    {
        Assert.SkipUnless(ThreadLimit.IsPerThread, "This libtorch is limited as a whole only.");
        using var study = new TinyStudy();
        var ml = new MLContext(seed: 1);
        var prediction = WorkoutCase.All(study).Single(c => c.Estimator == typeof(TextPredictionEstimator));
        var input = prediction.Input(ml);
        var output = prediction.Make(ml).Fit(input).Transform(input);
        var alone = RowDump.Of(output);
        using (var workers = new ShardWorkers(2))
        {
            workers.Run(2, _ => torch.zeros(1).Dispose());
            Assert.Equal(alone, OnAThreadOfItsOwn(() => RowDump.Of(output)));
        }
        Assert.Equal(alone, OnAThreadOfItsOwn(() => RowDump.Of(output)));
    }

    private static (int Torch, int Matrices) Threads()
    {
        Assert.True(TorchNative.TryLoadLibrary("libtorch_cpu.so", out var library));
        return (torch.get_num_threads(), ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "mkl_get_max_threads"))());
    }

    private static T OnAThreadOfItsOwn<T>(Func<T> what)
    {
        T result = default!;
        var thread = new Thread(() => result = what());
        thread.Start();
        thread.Join();
        return result;
    }
}
