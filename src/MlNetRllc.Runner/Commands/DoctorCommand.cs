using System.CommandLine;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Planning;
using TorchSharp;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc doctor</c>: whether studies can run here, and how fast.</summary>
internal static class DoctorCommand
{
    private const double LeastMemoryGiB = 3, LeastDiskGiB = 2;

    public static Command Create(Option<bool> verbose)
    {
        var command = new Command("doctor", "check the native libraries, threads, memory and disk, and measure the speed (some seconds)");
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () => Check() ? 0 : 1));
        return command;
    }

    private static bool Check()
    {
        TorchNative.EnsureLoaded();
        Console.WriteLine("native libraries: ok");
        Console.WriteLine($"threads: {Environment.ProcessorCount} cores, libtorch uses {torch.get_num_threads()}");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var disk = new DriveInfo(Directory.GetCurrentDirectory()).AvailableFreeSpace / (double)(1 << 30);
        var fine = Say("memory", memory, LeastMemoryGiB, "the quickstart may not fit")
            & Say("free disk here", disk, LeastDiskGiB, "make room for checkpoints and rows");
        var speed = Calibration.Measure(new() { ContextLength = 128 }, new());
        Console.WriteLine(
            $"speed at the paper's model, contexts of 128: training {speed.TrainTokensPerSecond:N0} tokens/s, "
            + $"sampling {speed.SampleTokensPerSecond:N0} tokens x chains x heads/s");
        return fine;
    }

    private static bool Say(string what, double found, double least, string otherwise)
    {
        Console.WriteLine($"{what}: {found:F1} GiB{(found < least ? $", less than {least:F0}: {otherwise}" : "")}");
        return found >= least;
    }
}
