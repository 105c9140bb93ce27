using System.Diagnostics;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine samples components of a model.</summary>
/// <remarks>A draw costs something for each walker, whatever its minibatch, and something for each sequence: two sizes of
/// minibatches tell them apart, so that a short measurement says what long minibatches take.</remarks>
internal static class SamplingSpeed
{
    private const int Context = 128, MostComponents = 8, MostChains = 2, Small = 1, Large = 3;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(0.15);

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
        // As many walkers side by side as a study has, up to some: for what they share counts much.
        var every = (components.Count + MostComponents - 1) / MostComponents;
        string[] some = [.. components.Where((_, i) => i % every == 0)];
        var sgld = sampling with
        {
            BurnIn = 0, Thinning = 1, GradientAccumulation = 1, Chains = Math.Min(sampling.Chains, MostChains),
        };
        double SecondsOfADraw(int batch) => Once(sampler, some, sgld with { BatchSize = batch });
        SecondsOfADraw(Small);
        var (small, large) = (SecondsOfADraw(Small), SecondsOfADraw(Large));
        var sequence = Math.Max((large - small) / (Large - Small), small / (2 * Small));
        var draw = Math.Max(0, small - Small * sequence) + sampling.BatchSize * sequence;
        return (double)sampling.BatchSize * shorter.ContextLength * sgld.Chains * some.Length / draw;
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
