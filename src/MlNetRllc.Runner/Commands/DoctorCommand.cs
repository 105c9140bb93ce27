using System.CommandLine;
using System.Runtime.Intrinsics.Arm;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;
using Spectre.Console;
using TorchSharp;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc doctor</c>: whether studies can run here, and how fast.</summary>
internal static class DoctorCommand
{
    private const double LeastMemoryGiB = 3, LeastDiskGiB = 2;

    /// <summary>Products a core must make a second for a study's speed to be measured in some seconds.</summary>
    private const double LeastRate = 5e9;

    public static Command Create(Option<bool> verbose)
    {
        var command = new CommandWithExamples(
            "doctor", "check the native libraries, threads, memory and disk, and measure the speed (some seconds)",
            ("rllc doctor", "in the folder that holds pipelines/: how long each of them takes here"));
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () => Check() ? 0 : 1));
        return command;
    }

    private static bool Check()
    {
        KernelChoice.CheckNamed();
        TorchNative.EnsureLoaded();
        AnsiConsole.Console.Say("native libraries: ok");
        AnsiConsole.Console.Say($"threads: {Environment.ProcessorCount} cores, libtorch uses {torch.get_num_threads()}");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var fine = Say("memory", memory, LeastMemoryGiB, "the quickstart may not fit") & SayDisk();
        if (SayKernels() >= LeastRate) SaySpeeds();
        else AnsiConsole.Console.Say("speed: not measured, which would take minutes with these kernels; rllc plan FILE measures it");
        return fine;
    }

    private static void SaySpeeds()
    {
        // In minutes of what there is to run; the rates behind them last.
        foreach (var file in PipelinesHere()) SayStudy(file);
        var shape = new TransformerConfig { ContextLength = 128 };
        string[] heads = [.. Component.Expand("heads", shape)];
        AnsiConsole.Console.Say(
            $"speed at the paper's model, contexts of 128: training {TrainingSpeed.Measure(shape, batch: 64):N0} tokens/s, "
            + $"sampling {SamplingSpeed.Measure(shape, new(), heads):N0} tokens x chains x heads/s");
    }

    private static IEnumerable<string> PipelinesHere() => ((string[])["pipelines", "."]).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        .Select(file => Path.GetRelativePath(".", file)).Where(IsPipeline);

    // Cards and whatever else is YAML lie about too.
    private static bool IsPipeline(string file)
    {
        try { return YamlFile.Read(file).Root.Children.ContainsKey(new YamlScalarNode("steps")); }
        catch (PipelineException) { return false; }
    }

    /// <returns>Operations a second and core that products in the cache make.</returns>
    private static double SayKernels()
    {
        const int windows = 40;
        var used = KernelSet.Used;
        var (rate, peak) = (KernelRate.OfProducts(used, windows), KernelRate.Peak(used, windows));
        AnsiConsole.Console.Say(
            $"processor: {Processor.Name}; kernels {used.Name} (it has "
            + $"{string.Join(", ", KernelSet.All.Where(set => set.IsSupported).Select(set => set.Name))}), products in the cache "
            + $"{rate / 1e9:N0} GFLOP/s a core, {rate / peak:P0} of its peak");
        if (KernelSet.All.Any(set => set.IsSupported && set.Width > used.Width) && KernelChoice.Asked is not null)
            AnsiConsole.Console.Say($"note: {KernelChoice.Variable} asks for these kernels: results are the same, and may take longer.");
        else if (used.Width <= 128 && !AdvSimd.IsSupported)
            AnsiConsole.Console.Say(
                "note: this processor has neither AVX-512 nor AVX2 with FMA: results are the same, and take many times as long.");
        return rate;
    }

    /// <summary>How long a study that is here would take from the beginning.</summary>
    private static void SayStudy(string file)
    {
        var runs = Directory.CreateTempSubdirectory("mlnetrllc-doctor-");
        try
        {
            var steps = StudyPlan.PlanOf(StepKinds.Reader.ReadMatrix(file, []), runs.FullName);
            AnsiConsole.Console.Say($"{file}: {Amounts.Total(steps)}");
        }
        catch (PipelineException e)
        {
            // Its text or checkpoints may not be here.
            AnsiConsole.Console.Say($"{file}: {e.Message}");
        }
        finally
        {
            runs.Delete(recursive: true);
        }
    }

    private static bool SayDisk()
    {
        if (FreeSpace.In(Directory.GetCurrentDirectory()) is { } free)
            return Say("free disk here", free / (double)(1 << 30), LeastDiskGiB, "make room for checkpoints and rows");
        AnsiConsole.Console.Say("free disk here: the system does not tell, as of a share of the network");
        return true;
    }

    private static bool Say(string what, double found, double least, string otherwise)
    {
        AnsiConsole.Console.Say($"{what}: {found:F1} GiB{(found < least ? $", less than {least:F0}: {otherwise}" : "")}");
        return found >= least;
    }
}
