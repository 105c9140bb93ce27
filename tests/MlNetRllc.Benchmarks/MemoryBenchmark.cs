using System.Diagnostics;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>Peak memory of a sweep over all heads, and of our training steps, beside that of one plain training step; each in a
/// process of its own, less a process that only loads the model.</summary>
internal static class MemoryBenchmark
{
    private static readonly Dictionary<string, Action> Parts = new()
    {
        ["load"] = Load, ["train"] = TrainingStep, ["own"] = OwnStep, ["sweep"] = Sweep,
    };

    /// <summary>Peaks in bytes, and how many times a plain training step's a sweep's and our training step's are, all less the
    /// loading.</summary>
    public sealed record Result(IReadOnlyDictionary<string, long> PeakBytes, double SweepToTrainingStep, double OwnToTrainingStep);

    public static Result Run()
    {
        var peaks = Parts.Keys.ToDictionary(part => part, Peak);
        foreach (var (part, peak) in peaks) Console.WriteLine($"{part,-8} {peak / (double)(1 << 20),8:F0} MiB");
        double Times(string part) => (double)(peaks[part] - peaks["load"]) / (peaks["train"] - peaks["load"]);
        var (sweep, own) = (Times("sweep"), Times("own"));
        Console.WriteLine($"a 16-head, 4-chain sweep takes {sweep:F2} times the memory of one plain training step, ours {own:F2}");
        return new(peaks, sweep, own);
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

    /// <summary>Three, so that what grows would be seen.</summary>
    private static void OwnStep()
    {
        using var model = new AttentionOnlyTransformer(BenchmarkModel.Config); // loaded, as in the others
        var contexts = BenchmarkModel.RandomContexts(BenchmarkModel.Config);
        var options = new TrainingOptions { Steps = 3, BatchSize = BenchmarkModel.Batch };
        using var run = new TrainingRun(BenchmarkModel.Config, options, contexts, validation: null, state: null, CPU);
        while (run.Step < options.Steps) run.Advance();
    }

    private static void Sweep()
    {
        var config = BenchmarkModel.Config;
        using var model = new AttentionOnlyTransformer(config);
        new SgldSampler(config, model.ToWeights(), BenchmarkModel.RandomContexts(config)).Sample([.. Component.Expand("heads", config)],
            new() { Chains = BenchmarkModel.Chains, Draws = 2, BurnIn = 0, BatchSize = BenchmarkModel.Batch });
    }
}
