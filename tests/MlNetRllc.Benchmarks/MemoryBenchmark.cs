using System.Diagnostics;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>Peak memory of a sweep over all heads beside that of one plain training step; each in a
/// process of its own, less a process that only loads the model.</summary>
internal static class MemoryBenchmark
{
    private static readonly Dictionary<string, Action> Parts = new() { ["load"] = Load, ["train"] = TrainingStep, ["sweep"] = Sweep };

    /// <summary>Peaks in bytes, and how many times a training step's a sweep's is, both less the loading.</summary>
    public sealed record Result(IReadOnlyDictionary<string, long> PeakBytes, double SweepToTrainingStep);

    public static Result Run()
    {
        var peaks = Parts.Keys.ToDictionary(part => part, Peak);
        foreach (var (part, peak) in peaks) Console.WriteLine($"{part,-8} {peak / (double)(1 << 20),8:F0} MiB");
        var times = (double)(peaks["sweep"] - peaks["load"]) / (peaks["train"] - peaks["load"]);
        Console.WriteLine($"a 16-head, 4-chain sweep takes {times:F2} times the memory of one training step");
        return new(peaks, times);
    }

    /// <summary>Does one part and prints this process's peak in bytes.</summary>
    public static void RunPart(string part)
    {
        Parts[part]();
        Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64);
    }

    private static long Peak(string part)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["memory", "--part", part]);
        start.RedirectStandardOutput = true;
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return long.Parse(output.Trim().Split('\n')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Load()
    {
        using var model = new AttentionOnlyTransformer(BenchmarkModel.Config);
        GC.KeepAlive(model.ToWeights());
    }

    private static void TrainingStep()
    {
        using var model = new AttentionOnlyTransformer(BenchmarkModel.Config);
        GC.KeepAlive(model.ToWeights());
        using var optimizer = optim.AdamW(model.parameters(), 1e-3);
        using var scope = NewDisposeScope();
        var contexts = BenchmarkModel.RandomContexts(BenchmarkModel.Config);
        BenchmarkModel.PlainGradients(model, BenchmarkModel.Ids(contexts, BenchmarkModel.Batch));
        optimizer.step();
    }

    private static void Sweep()
    {
        var config = BenchmarkModel.Config;
        using var model = new AttentionOnlyTransformer(config);
        new SgldSampler(config, model.ToWeights(), BenchmarkModel.RandomContexts(config)).Sample([.. Component.Expand("heads", config)],
            new() { Chains = BenchmarkModel.Chains, Draws = 2, BatchSize = BenchmarkModel.Batch });
    }
}
