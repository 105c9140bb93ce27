using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine is at a model's shape, measured for a second or two and kept in the user's cache folder.</summary>
/// <param name="TrainTokensPerSecond">Predicted tokens a second, forward and backward.</param>
/// <param name="SampleTokensPerSecond">Tokens x chains x components a second.</param>
internal sealed record Calibration(double TrainTokensPerSecond, double SampleTokensPerSecond)
{
    /// <summary>Whether other programs took so much of the machine that the figures are those of this moment only;
    /// they are then not kept.</summary>
    [JsonIgnore]
    public bool WasBusy { get; init; }

    private const int Version = 6, Context = 128, MostComponents = 16;
    private const double LeastShare = 0.5;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(0.3);

    /// <summary>What a busy machine gave, for as long as this program runs.</summary>
    private static readonly ConcurrentDictionary<string, Calibration> Passing = new(StringComparer.Ordinal);

    /// <summary>The measurement for a shape; measured anew when there is none for this machine.</summary>
    public static Calibration MeasuredFor(TransformerConfig config, SgldOptions? sampling)
    {
        var said = new
        {
            Version, Environment.MachineName, Environment.ProcessorCount,
            config, sampling?.Engine, sampling?.Precision, sampling?.HeadBiases,
        };
        var identity = JsonSerializer.Serialize(said, RunRecord.Json);
        var name = $"calibration/{ContentHash.OfText(identity)[..16]}.json";
        if (Passing.TryGetValue(name, out var passing)) return passing;
        if (UserCache.Find<Calibration>(name) is { } known) return known;
        var measured = Measure(config with { ContextLength = Math.Min(Context, config.ContextLength) }, sampling);
        if (measured.WasBusy) return Passing[name] = measured;
        UserCache.Keep(name, measured);
        return measured;
    }

    /// <summary>Measures now, whatever is kept; sampling only where there are options for it.</summary>
    public static Calibration Measure(TransformerConfig config, SgldOptions? sampling)
    {
        // A tiny model first: it pays for the start of the runtime and the library.
        Once(new() { VocabularySize = 64, ContextLength = 16, Layers = 1, Heads = 2, ModelWidth = 16, HeadWidth = 8 }, sampling);
        return Once(config, sampling);
    }

    private static Calibration Once(TransformerConfig config, SgldOptions? sampling)
    {
        const int batch = 8;
        var tokens = Enumerable.Range(0, batch * config.ContextLength).Select(i => i * 7919 % config.VocabularySize).ToArray();
        var text = new ContextSet("calibration", tokens, config.ContextLength);
        // Steps alone: what a training writes to the disk is little beside them, but not beside so few.
        var endless = new TrainingOptions { Steps = int.MaxValue, BatchSize = batch };
        using var run = new TrainingRun(config, endless, text, validation: null, state: null, TorchSharp.torch.CPU);
        run.Advance();
        var watch = Stopwatch.StartNew();
        while (run.Step < 4 || watch.Elapsed < LeastTime) run.Advance();
        var training = watch.Elapsed.TotalSeconds / (run.Step - 1);

        if (sampling is null) return new((double)batch * config.ContextLength / training, double.NaN);

        // As many walkers side by side as a study has, for what they share counts much; a short text, for what each does alone counts more.
        string[] components = [.. Component.Expand("heads", config).Take(MostComponents)];
        var sgld = sampling with
        {
            BurnIn = 0, Thinning = 1, GradientAccumulation = 1, BatchSize = 2, Chains = Math.Min(sampling.Chains, 2),
        };
        var sampler = new SgldSampler(config, run.Weights(), text);
        // A small model walks a few steps before it has begun: more, until the time is what the steps take.
        for (var draws = 2; ; draws *= 4)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            watch.Restart();
            sampler.Sample(components, sgld with { Draws = draws });
            var taken = watch.Elapsed;
            if (taken < LeastTime) continue;
            // Sampling keeps every core at work when it gets them.
            var had = (Process.GetCurrentProcess().TotalProcessorTime - before) / (taken * Environment.ProcessorCount);
            var walked = (double)draws * sgld.BatchSize * config.ContextLength * sgld.Chains * components.Length;
            return new((double)batch * config.ContextLength / training, walked / taken.TotalSeconds) { WasBusy = had < LeastShare };
        }
    }
}
