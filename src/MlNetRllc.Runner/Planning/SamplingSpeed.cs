using System.Diagnostics;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine samples components of a model.</summary>
/// <remarks>A draw costs something at all, something for each walker, something for each sequence, and something for each walker on
/// each sequence: few and some more walkers, on one and on three sequences, tell the four apart, so that a measurement of a second
/// says what many walkers take on long minibatches.</remarks>
internal static class SamplingSpeed
{
    private const int Context = 128, MostComponents = 16, MostChains = 2, Few = 4, Small = 1, Large = 3;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(0.1);

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
        // Spread as the others are: heads of lower layers cost more.
        string[] few = [.. some.Where((_, i) => i % Few == 0)];
        var sgld = sampling with
        {
            BurnIn = 0, Thinning = 1, GradientAccumulation = 1, Chains = Math.Min(sampling.Chains, MostChains),
        };
        double SecondsOfADraw(string[] sampled, int batch) => Once(sampler, sampled, sgld with { BatchSize = batch });
        var watch = Stopwatch.StartNew();
        do SecondsOfADraw(some, Small);
        while (watch.Elapsed < MachineSpeed.WarmUp);
        var (one, three) = (SecondsOfADraw(some, Small), SecondsOfADraw(some, Large));
        var many = new Draw(one, Math.Max((three - one) / (Large - Small), one / (2 * Small)));
        var walkers = (double)components.Count * sampling.Chains;
        var draw = many;
        if (few.Length < some.Length)
        {
            var (fewOne, fewThree) = (SecondsOfADraw(few, Small), SecondsOfADraw(few, Large));
            draw = many.Extrapolated(
                new(fewOne, (fewThree - fewOne) / (Large - Small)), (double)some.Length / few.Length, walkers / (few.Length * sgld.Chains));
        }
        else
        {
            draw = many.Times(walkers / (some.Length * sgld.Chains));
        }
        var seconds = Math.Max(0, draw.OfOneSequence - draw.OfASequence) + sampling.BatchSize * draw.OfASequence;
        return sampling.BatchSize * shorter.ContextLength * walkers / seconds;
    }

    /// <summary>Seconds of a draw on one sequence, and of each sequence more.</summary>
    private readonly record struct Draw(double OfOneSequence, double OfASequence)
    {
        public Draw Times(double factor) => new(OfOneSequence * factor, OfASequence * factor);

        /// <summary>What so many walkers take, from what these and fewer took.</summary>
        /// <param name="few">What fewer took.</param>
        /// <param name="share">How many times as many walkers these are.</param>
        /// <param name="wanted">How many times as many are wanted.</param>
        public Draw Extrapolated(Draw few, double share, double wanted) => new(
            Line(few.OfOneSequence, OfOneSequence, share, wanted), Line(few.OfASequence, OfASequence, share, wanted));

        // At least a tenth of what was measured grows with the walkers, whatever noise says.
        private static double Line(double at1, double atShare, double share, double wanted)
        {
            var slope = Math.Max((atShare - at1) / (share - 1), 0.1 * atShare / share);
            return atShare + (wanted - share) * slope;
        }
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
