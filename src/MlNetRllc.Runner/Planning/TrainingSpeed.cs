using System.Diagnostics;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine trains a model.</summary>
internal static class TrainingSpeed
{
    /// <summary>Tokens of a measured step: more than a minibatch of most studies would take long for a large model.</summary>
    private const int MostTokens = 4096;

    /// <summary>Longer contexts are measured at this length: attention is quadratic, and plans are made in seconds.</summary>
    private const int LongestContext = 1024;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(0.3);

    /// <summary>Tokens a second, forward and backward.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="batch">Contexts of a minibatch.</param>
    public static double TokensPerSecond(TransformerConfig config, int batch) =>
        MachineSpeed.TokensPerSecond(Work(config, batch), () => Measure(config, batch));

    /// <summary>What the speed depends on, for <see cref="MachineSpeed"/>.</summary>
    public static object Work(TransformerConfig config, int batch) => new { training = config, batch };

    /// <summary>Measures now, whatever is known.</summary>
    public static double Measure(TransformerConfig config, int batch)
    {
        // A tiny model first: it pays for the start of the runtime and the library.
        Once(new() { VocabularySize = 64, ContextLength = 16, Layers = 1, Heads = 2, ModelWidth = 16, HeadWidth = 8 }, batch: 4);
        var shorter = config with { ContextLength = Math.Min(config.ContextLength, LongestContext) };
        return Once(shorter, Math.Clamp(MostTokens / shorter.ContextLength, 1, batch));
    }

    private static double Once(TransformerConfig config, int batch)
    {
        // Steps alone: what a training writes to the disk is little beside them, but not beside so few.
        var endless = new TrainingOptions { Steps = int.MaxValue, BatchSize = batch };
        var text = Text(config, batch);
        using var run = new TrainingRun(config, endless, text, validation: null, state: null, TorchSharp.torch.CPU);
        MachineSpeed.WarmUp("training", () => run.Advance());
        var first = run.Step;
        var watch = Stopwatch.StartNew();
        while (run.Step < first + 2 || watch.Elapsed < LeastTime) run.Advance();
        return (double)batch * config.ContextLength * (run.Step - first) / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Contexts of tokens that no model has seen.</summary>
    public static ContextSet Text(TransformerConfig config, int contexts)
    {
        var tokens = Enumerable.Range(0, contexts * config.ContextLength).Select(i => i * 7919 % config.VocabularySize);
        return new("calibration", tokens.ToArray(), config.ContextLength);
    }
}
