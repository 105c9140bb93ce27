using System.Numerics;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling.Dynamics;

namespace MlNetRllc.Core.Sampling;

/// <summary>How far a run is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
public readonly record struct SamplingProgress(int Step, int Steps);

/// <summary>What a component is called in its trace, and the names from which the noise of its chains derives.</summary>
/// <param name="Name">The component's name.</param>
/// <param name="StreamNames">What tells its noise from that of every other row of a study: checkpoint, component, dataset.</param>
public sealed record SampledComponent(string Name, params IReadOnlyList<object> StreamNames);

/// <summary>Drives all chains of all components through the same sequence of minibatches and records their losses.</summary>
/// <remarks>
/// What a component's chains draw depends on the seed and on names alone: not on which other components run beside it, in which
/// order, or on how many threads.
/// </remarks>
public sealed class LockStepRun<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ILossEngine<T> engine;
    private readonly SgldOptions options;
    private readonly IReadOnlyList<SampledComponent> components;
    private readonly MinibatchSchedule schedule;
    private readonly Chain[] chains;
    private readonly double[][] losses;
    private readonly double[] baselines;

    /// <summary>Prepares a run; nothing is computed yet.</summary>
    /// <param name="engine">Losses and gradients; component i of the engine is <paramref name="components"/>[i].</param>
    /// <param name="components">Names of the components.</param>
    /// <param name="schedule">The minibatches.</param>
    /// <param name="options">Already validated.</param>
    public LockStepRun(ILossEngine<T> engine, IReadOnlyList<SampledComponent> components, MinibatchSchedule schedule, SgldOptions options)
    {
        (this.engine, this.components, this.schedule, this.options) = (engine, components, schedule, options);
        chains = [.. from c in Enumerable.Range(0, components.Count)
                     let center = engine.CenterOf(c)
                     from chain in Enumerable.Range(0, options.Chains)
                     select new Chain(new Walker<T>(c, chain, center), Dynamics<T>.Create(options, center.Length),
                         NamedRandom.Of([options.Seed, .. components[c].StreamNames, chain, "noise"]))];
        losses = [.. chains.Select(_ => Enumerable.Repeat(double.NaN, options.Draws).ToArray())];
        baselines = new double[options.Draws];
    }

    /// <summary>Walks all chains to the end and returns one trace a component, in order.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled between two steps; it can be started anew.</exception>
    public IReadOnlyList<LossTrace> Run(IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var living = chains.ToList();
        for (var step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var baseline = EvaluateStep(step, [.. living.Select(c => c.Walker)]);
            Record(step, living, baseline);
            living.RemoveAll(chain => !chain.Advance(step, baseline));
            progress?.Report(new(step + 1, options.Steps));
        }
        return [.. components.Select((component, c) => Trace(component, c))];
    }

    private double EvaluateStep(int step, Walker<T>[] walkers)
    {
        var parts = options.GradientAccumulation;
        if (parts == 1) return engine.Evaluate(schedule.RowsAt(step), walkers);

        var (sums, lossSums, baseline) = (walkers.Select(w => new T[w.Gradient.Length]).ToArray(), new double[walkers.Length], 0.0);
        for (var part = 0; part < parts; part++)
        {
            baseline += engine.Evaluate(schedule.RowsAt((long)step * parts + part), walkers);
            for (var i = 0; i < walkers.Length; i++)
            {
                lossSums[i] += walkers[i].Loss;
                for (var j = 0; j < sums[i].Length; j++) sums[i][j] += walkers[i].Gradient[j];
            }
        }
        for (var i = 0; i < walkers.Length; i++)
        {
            walkers[i].Loss = lossSums[i] / parts;
            for (var j = 0; j < sums[i].Length; j++) walkers[i].Gradient[j] = sums[i][j] / T.CreateChecked(parts);
        }
        return baseline / parts;
    }

    private void Record(int step, List<Chain> living, double baseline)
    {
        if (step < options.BurnIn || (step - options.BurnIn) % options.Thinning != 0) return;
        var draw = (step - options.BurnIn) / options.Thinning;
        baselines[draw] = baseline;
        foreach (var chain in living)
            losses[chain.Walker.Component * options.Chains + chain.Walker.Chain][draw] = chain.Walker.Loss is var loss && double.IsFinite(loss) ? loss : double.NaN;
    }

    private LossTrace Trace(SampledComponent component, int index)
    {
        var own = Enumerable.Range(index * options.Chains, options.Chains).ToArray();
        return new()
        {
            Component = component.Name,
            Dimension = chains[own[0]].Walker.Center.Length,
            NBeta = options.NBeta,
            Chains = options.Chains,
            Draws = options.Draws,
            Losses = [.. own.SelectMany(i => losses[i])],
            BaselineLosses = [.. baselines],
            MalaAcceptance = [.. own.Select(i => chains[i].Dynamics.Acceptance)],
            DivergedAt = [.. own.Select(i => chains[i].DivergedAt)],
        };
    }

    private sealed class Chain(Walker<T> walker, Dynamics<T> dynamics, NamedRandom stream)
    {
        private readonly T[] noise = new T[walker.Center.Length];

        public Walker<T> Walker => walker;
        public Dynamics<T> Dynamics => dynamics;
        public int DivergedAt { get; private set; } = -1;

        /// <summary>One step; false when the chain has left the finite numbers and stops.</summary>
        public bool Advance(int step, double baseline)
        {
            if (!double.IsFinite(walker.Loss) || !AllFinite(walker.Gradient))
            {
                DivergedAt = step;
                return false;
            }
            if (noise is float[] single) stream.Normals(single, (ulong)step);
            else if (noise is double[] wide) stream.Normals(wide, (ulong)step);
            dynamics.Step(walker, baseline, noise);
            return true;
        }

        private static bool AllFinite(ReadOnlySpan<T> values)
        {
            foreach (var value in values) if (!T.IsFinite(value)) return false;
            return true;
        }
    }
}
