using System.Diagnostics;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine samples components of a model.</summary>
/// <remarks>A draw costs something at all and something for each sequence: one and three sequences tell the two apart, so that a
/// measurement of two seconds says what long minibatches take. What many walkers cost is taken to be as many times what some cost:
/// what they share is little beside <see cref="MostComponents"/> components.</remarks>
internal static class SamplingSpeed
{
    private const int Context = 128, MostComponents = 16, MostChains = 2, Repeats = 3, Small = 1, Large = 3;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(0.1), MostTime = TimeSpan.FromSeconds(0.5);

    /// <summary>Tokens x chains x components a second.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="sampling">How it is sampled.</param>
    /// <param name="components">What is sampled.</param>
    public static double TokensPerSecond(TransformerConfig config, SgldOptions sampling, IReadOnlyList<string> components) =>
        MachineSpeed.TokensPerSecond(Work(config, sampling, components), () => Measure(config, sampling, components));

    /// <summary>What the speed depends on, for <see cref="MachineSpeed"/>.</summary>
    public static object Work(TransformerConfig config, SgldOptions sampling, IReadOnlyList<string> components) => new
    {
        sampling = config, components, sampling.Engine, sampling.Precision, sampling.HeadBiases, sampling.Method,
        sampling.BatchSize, sampling.Chains,
    };

    /// <summary>Measures now, whatever is known.</summary>
    public static double Measure(TransformerConfig config, SgldOptions sampling, IReadOnlyList<string> components)
    {
        var shorter = config with { ContextLength = Math.Min(Context, config.ContextLength) };
        using var model = new AttentionOnlyTransformer(shorter);
        var sampler = new SgldSampler(shorter, model.ToWeights(), TrainingSpeed.Text(shorter, 2 * Large));
        var every = (components.Count + MostComponents - 1) / MostComponents;
        string[] some = [.. components.Where((_, i) => i % every == 0)];
        var sgld = sampling with
        {
            BurnIn = 0, Thinning = 1, GradientAccumulation = 1, Chains = Math.Min(sampling.Chains, MostChains),
        };
        double SecondsOfADraw(int batch) => Best(sampler, some, sgld with { BatchSize = batch });
        MachineSpeed.WarmUp(
            $"{sampling.Engine} {sampling.Precision} {sampling.Method}",
            () => sampler.Sample(some, sgld with { BatchSize = Small, Draws = 2 }));
        var (one, three) = (SecondsOfADraw(Small), SecondsOfADraw(Large));
        var ofASequence = Math.Max((three - one) / (Large - Small), one / (2 * Small));
        var seconds = one + (sampling.BatchSize - Small) * ofASequence;
        return sampling.BatchSize * shorter.ContextLength * some.Length * sgld.Chains / seconds;
    }

    // What takes long is disturbed little: once is enough.
    private static double Best(SgldSampler sampler, string[] components, SgldOptions options)
    {
        var (watch, best) = (Stopwatch.StartNew(), double.PositiveInfinity);
        for (var times = 0; times < Repeats && (times == 0 || watch.Elapsed < MostTime); times++)
            best = Math.Min(best, Once(sampler, components, options));
        return best;
    }

    private static double Once(SgldSampler sampler, string[] components, SgldOptions options)
    {
        // A small model walks a few steps before it has begun: more, until the time is what the steps take.
        for (var draws = 2; ; draws *= 4)
        {
            var watch = Stopwatch.StartNew();
            sampler.Sample(components, options with { Draws = draws });
            if (watch.Elapsed >= LeastTime) return watch.Elapsed.TotalSeconds / draws;
        }
    }
}
