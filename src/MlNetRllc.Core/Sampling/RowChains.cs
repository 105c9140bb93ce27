using System.Numerics;
using System.Numerics.Tensors;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling.Dynamics;

namespace MlNetRllc.Core.Sampling;

/// <summary>Whether a row has drawn enough before it has all its draws.</summary>
/// <param name="draws">Draws so far.</param>
/// <param name="chainsMove">Whether a chain is left from which more can be learned: one that has not diverged, nor has the other of
/// its antithetic pair.</param>
/// <param name="trace">Makes the trace of the draws so far; dear, so ask for it seldom.</param>
internal delegate bool StopRule(int draws, bool chainsMove, Func<LossTrace> trace);

/// <summary>The chains of one row on their way, and what they have recorded; nothing here knows of
/// other rows.</summary>
internal sealed class RowChains<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Weights of a chain from which moving it is worth a thread.</summary>
    private const int WorthAThread = 16_384;

    private readonly SampledRow row;
    private readonly SgldOptions options;
    private readonly SampledChain[] chains;
    private readonly List<SampledChain> living;
    private readonly List<double>[] losses;
    private readonly List<double> baselines = [];
    private readonly StopRule? isEnough;

    /// <summary>Places the chains at the centre.</summary>
    /// <param name="row">Which component, and how.</param>
    /// <param name="center">w*, [d].</param>
    /// <param name="firstWalker">Number of the first chain among all of the engine's component.</param>
    /// <param name="isEnough">Asked after each draw; null draws all that the options want.</param>
    public RowChains(SampledRow row, T[] center, int firstWalker, StopRule? isEnough)
    {
        (this.row, options, this.isEnough) = (row, row.Options, isEnough);
        SampledChain Chain(int chain) => new(
            new(row.EngineComponent, firstWalker + chain, center),
            Dynamics<T>.Create(options, center.Length),
            NamedRandom.Stream([options.Seed, .. row.Component.StreamNames, IsMirrored(chain) ? chain - 1 : chain, "noise"]),
            IsMirrored(chain));
        chains = [.. Enumerable.Range(0, options.Chains).Select(Chain)];
        living = [.. chains];
        losses = [.. chains.Select(_ => new List<double>())];
    }

    /// <summary>Whether a chain has minus the noise of the one before it.</summary>
    private bool IsMirrored(int chain) => options.Antithetic && chain % 2 == 1;

    /// <summary>How the row is sampled.</summary>
    public SgldOptions Options => options;

    /// <summary>Draws recorded so far.</summary>
    public int Draws => baselines.Count;

    /// <summary>The chains that still move, each with its number.</summary>
    public IReadOnlyList<(int Chain, Walker<T> Walker)> LivingChains => [.. living.Select(c => (Array.IndexOf(chains, c), c.Walker))];

    /// <summary>Whether a step is one whose losses are recorded.</summary>
    public bool DrawnAt(int step) => step >= options.BurnIn && (step - options.BurnIn) % options.Thinning == 0;

    /// <summary>Whether all draws that are wanted are recorded.</summary>
    public bool Finished { get; private set; }

    /// <summary>The walkers that still move.</summary>
    public IEnumerable<Walker<T>> Walkers => living.Select(c => c.Walker);

    /// <summary>Records the step's losses where it is a draw, and moves the chains.</summary>
    /// <param name="step">Counted from 0.</param>
    /// <param name="baseline">Loss of w* on the step's minibatch.</param>
    /// <param name="threads">Threads on which chains are moved; each chain's own numbers do not
    /// depend on it.</param>
    public void Advance(int step, double baseline, int threads)
    {
        var isDraw = DrawnAt(step);
        if (isDraw) Record(baseline);
        var draw = DrawAt(step);
        if (threads > 1 && living.Count > 1 && row.Options.Chains > 1 && chains[0].Walker.Center.Length >= WorthAThread)
            Parallel.ForEach(
                living,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                chain => chain.Advance(step, baseline, draw));
        else
            foreach (var chain in living) chain.Advance(step, baseline, draw);
        living.RemoveAll(chain => chain.DivergedAt >= 0);
        if (isDraw)
            Finished = baselines.Count == options.Draws
                || (isEnough?.Invoke(baselines.Count, living.Exists(IsUsable), ToTrace) ?? false);
    }

    // Estimates leave a pair out that has lost a chain.
    private bool IsUsable(SampledChain chain) =>
        !options.Antithetic || living.Contains(chains[Array.IndexOf(chains, chain) ^ 1]);

    /// <summary>What was recorded.</summary>
    public LossTrace ToTrace() => new()
    {
        Component = row.Component.Name,
        Dimension = chains[0].Walker.Center.Length,
        NBeta = options.NBeta,
        Chains = options.Chains,
        Draws = baselines.Count,
        Losses = [.. losses.SelectMany(chain => chain)],
        BaselineLosses = [.. baselines],
        MalaAcceptance = [.. chains.Select(c => c.Dynamics.Acceptance)],
        DivergedAt = [.. chains.Select(c => c.DivergedAt)],
        Antithetic = options.Antithetic,
        Control = options.Control,
    };

    private void Record(double baseline)
    {
        baselines.Add(baseline);
        for (var c = 0; c < chains.Length; c++)
            losses[c].Add(chains[c].DivergedAt < 0 && double.IsFinite(chains[c].Walker.Loss) ? chains[c].Walker.Loss : double.NaN);
    }

    /// <summary>The first draw at or after a step.</summary>
    private int DrawAt(int step) =>
        step <= options.BurnIn ? 0 : (step - options.BurnIn + options.Thinning - 1) / options.Thinning;

    private sealed class SampledChain(Walker<T> walker, Dynamics<T> dynamics, NamedRandom stream, bool mirrored)
    {
        private readonly T[] noise = new T[walker.Center.Length];

        public Walker<T> Walker => walker;
        public Dynamics<T> Dynamics => dynamics;
        public int DivergedAt { get; private set; } = -1;

        /// <summary>One step, unless the chain has left the finite numbers: then it stops.</summary>
        public void Advance(int step, double baseline, int draw)
        {
            if (!double.IsFinite(walker.Loss) || !AllFinite(walker.Gradient))
            {
                DivergedAt = draw;
                return;
            }
            if (noise is float[] single) stream.Normals(single, (ulong)step);
            else if (noise is double[] wide) stream.Normals(wide, (ulong)step);
            if (mirrored) TensorPrimitives.Negate<T>(noise, noise);
            dynamics.Step(walker, baseline, noise);
        }

        private static bool AllFinite(ReadOnlySpan<T> values)
        {
            foreach (var value in values) if (!T.IsFinite(value)) return false;
            return true;
        }
    }
}
