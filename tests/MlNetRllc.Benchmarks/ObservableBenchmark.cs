using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>What observing a probe set beside the sampling costs, with plain autograd doing the same; and what it holds.</summary>
internal static class ObservableBenchmark
{
    private const int ProbeTokens = 16_384, Draws = 4;

    private static readonly (string Label, int[] Layers)[] Cases =
        [("last-layer heads", [1]), ("first-layer heads", [0]), ("both layers", [0, 1])];

    /// <summary>One line of the table.</summary>
    /// <param name="Case">What is sampled.</param>
    /// <param name="StepSeconds">A step of all chains, without observing.</param>
    /// <param name="ObservationSeconds">An observation of all chains.</param>
    /// <param name="PlainStepSeconds">The steps of as many chains by autograd.</param>
    /// <param name="PlainObservationSeconds">Their observation, forward only.</param>
    public sealed record Row(
        string Case, double StepSeconds, double ObservationSeconds, double PlainStepSeconds, double PlainObservationSeconds)
    {
        public double EveryFourth => Cost(4);

        public double EveryTenth => Cost(10);

        public double RatioToPlain => (Draws * PlainStepSeconds + PlainObservationSeconds) / (Draws * StepSeconds + ObservationSeconds);

        private double Cost(int every) => 1 + ObservationSeconds / (every * StepSeconds);
    }

    /// <summary>The table, and the peak with 65,536 probe tokens over that with 4,096.</summary>
    public sealed record Result(IReadOnlyList<Row> Rows, IReadOnlyDictionary<int, long> PeakBytes, double PeakRatio);

    public static Result Run(int repeats, int threads, string? only)
    {
        Console.WriteLine(
            $"{Processor.Name}, Avx512F.IsSupported {Avx512F.IsSupported}; kernels {KernelSet.Used.Name}; {threads} thread(s)");
        Console.WriteLine(
            $"{ProbeTokens:N0} probe tokens beside minibatches of {BenchmarkModel.Batch} x {BenchmarkModel.Config.ContextLength}");
        Console.WriteLine($"{"case",-20} {"step s",8} {"observe s",10} {"every 4th",10} {"every 10th",11} {"to plain",9}");
        List<Row> rows = [.. Cases.Where(c => only is null || c.Label == only).Select(c => Measure(c.Label, c.Layers, repeats, threads))];
        if (only is not null) return new(rows, new Dictionary<int, long>(), double.NaN);
        var peaks = new[] { 4_096, 65_536 }.ToDictionary(tokens => tokens, Peak);
        var ratio = peaks[65_536] / (double)peaks[4_096];
        foreach (var (tokens, peak) in peaks) Console.WriteLine($"peak {peak / (double)(1 << 20):F0} MiB with {tokens:N0} probe tokens");
        Console.WriteLine($"ratio {ratio:F2}");
        return new(rows, peaks, ratio);
    }

    /// <summary>Observes so many tokens, keeping batches of single ones, and prints this process's peak in bytes.</summary>
    public static void RunPart(string tokens)
    {
        var config = BenchmarkModel.Config;
        using var model = new AttentionOnlyTransformer(config);
        using var sink = new FileSink();
        var sampler = new SgldSampler(config, model.ToWeights(), BenchmarkModel.RandomContexts(config))
        {
            Probes = [Probe(config, int.Parse(tokens, System.Globalization.CultureInfo.InvariantCulture))],
            Observation = new() { Tokens = KeptTokens.Batches, Batches = 2 },
            TokenSink = sink,
        };
        sampler.Sample([.. Component.Expand("heads", config)],
            new() { Chains = BenchmarkModel.Chains, Draws = 2, BurnIn = 0, BatchSize = BenchmarkModel.Batch });
        Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64);
    }

    private static long Peak(int tokens)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["observables", "--part", $"{tokens}"]);
        start.RedirectStandardOutput = true;
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return long.Parse(output.Trim().Split('\n')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Row Measure(string label, int[] layers, int repeats, int threads)
    {
        var config = BenchmarkModel.Config;
        using var model = new AttentionOnlyTransformer(config);
        var (weights, contexts, probe) = (model.ToWeights(), BenchmarkModel.RandomContexts(config), Probe(config, ProbeTokens));
        string[] components = [.. layers.SelectMany(l => Enumerable.Range(0, config.Heads).Select(h => $"l{l}h{h}"))];
        Component[] parsed = [.. components.Select(c => Component.Parse(c, config))];
        using var engine = new LockStepEngine(config, weights, parsed, contexts, threads: threads) { Probes = [probe.Contexts] };
        var walkers = components.Length * BenchmarkModel.Chains;
        var (alone, observed, plain, plainObserved) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = -1; i < repeats; i++)
        {
            double[] seconds =
            [
                Sampled(null, i), Sampled(new([probe], new() { Every = Draws }), i),
                Timed(() => BenchmarkModel.PlainGradients(model, BenchmarkModel.Ids(contexts, BenchmarkModel.Batch))),
                Timed(() => PlainLosses(model, probe.Contexts)),
            ];
            if (i < 0) continue; // warm-up
            foreach (var (list, value) in new[] { alone, observed, plain, plainObserved }.Zip(seconds)) list.Add(value);
        }
        var row = new Row(label, Machine.Median(alone) / Draws, Machine.Median([.. observed.Zip(alone, (with, without) => with - without)]),
            walkers * Machine.Median(plain), walkers * Machine.Median(plainObserved));
        Console.WriteLine($"{label,-20} {row.StepSeconds,8:F2} {row.ObservationSeconds,10:F2} {row.EveryFourth,10:F2} "
            + $"{row.EveryTenth,11:F2} {row.RatioToPlain,9:F2}");
        return row;

        double Sampled(ProbeObservation? observation, int seed)
        {
            var options = new SgldOptions
            {
                Chains = BenchmarkModel.Chains, Draws = Draws, BurnIn = 0, BatchSize = BenchmarkModel.Batch, Seed = seed + 2,
            };
            var schedule = new MinibatchSchedule(NamedRandom.Stream(seed, "benchmark"), engine.RowCount, BenchmarkModel.Batch);
            SampledComponent[] sampled = [.. components.Select(c => new SampledComponent(c, c))];
            var run = new LockStepRun<float>(engine, sampled, schedule, options) { Threads = threads, Observed = observation };
            // What w* makes of the probe set is asked for once a run, however long: it is no part of a draw's cost.
            return Timed(() => run.Run()) - (observation is null ? 0 : Timed(() => engine.TokenLossesOfCenter(0)));
        }
    }

    /// <summary>Losses of single tokens, as a user writes it.</summary>
    private static void PlainLosses(AttentionOnlyTransformer model, ContextSet contexts)
    {
        using var frozen = no_grad();
        for (var first = 0; first < contexts.Count; first += BenchmarkModel.Batch)
        {
            using var scope = NewDisposeScope();
            long[] tokens = [.. Enumerable.Range(first, BenchmarkModel.Batch).SelectMany(i => contexts[i].ToArray()).Select(t => (long)t)];
            var ids = tensor(tokens, [BenchmarkModel.Batch, contexts.ContextLength]);
            var pos = ids.shape[1];
            var logits = model.forward(ids).narrow(1, 0, pos - 1).reshape(-1, model.Config.VocabularySize);
            nn.functional.cross_entropy(logits, ids.narrow(1, 1, pos - 1).reshape(-1), reduction: nn.Reduction.None).cpu();
        }
    }

    private static double Timed(Action action)
    {
        using var scope = NewDisposeScope();
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private static ProbeSet Probe(TransformerConfig config, int tokens)
    {
        var all = BenchmarkModel.RandomContexts(config, 64 + tokens / config.ContextLength);
        int[] own = [.. Enumerable.Range(64, all.Count - 64).SelectMany(c => all[c].ToArray())];
        return new("probe", new("probe", own, config.ContextLength));
    }

    /// <summary>Takes single tokens as a store on the disk does.</summary>
    private sealed class FileSink : ITokenSink, IDisposable
    {
        private readonly FileStream file = new(
            Path.GetTempFileName(), FileMode.Open, FileAccess.Write, FileShare.None, 1 << 20, FileOptions.DeleteOnClose);

        public void Write(in TokenRecord record) =>
            file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(record.Differences.Span));

        public void Dispose() => file.Dispose();
    }
}
