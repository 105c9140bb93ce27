using System.Numerics;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling.Observables;

namespace MlNetRllc.Core.Sampling;

/// <summary>How far a run is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all; fewer are made when every row reaches its wanted standard
/// error before.</param>
public readonly record struct SamplingProgress(int Step, int Steps);

/// <summary>Drives all chains of all rows through the same sequence of minibatches and records
/// their losses.</summary>
/// <remarks>
/// What a row's chains draw depends on the seed and on names alone: not on which other rows run
/// beside it, in which order, or on how many threads. A row that has all its draws, or the standard
/// error that its options ask for, drops out; the others go on.
/// </remarks>
/// <typeparam name="T">float for models, double for oracles and small problems.</typeparam>
public sealed class LockStepRun<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ILossEngine<T> engine;
    private readonly MinibatchSchedule schedule;
    private readonly RowChains<T>[] rows;
    private readonly int steps, parts;

    /// <summary>Prepares a run in which every component is sampled alike; nothing is computed
    /// yet.</summary>
    /// <param name="engine">Losses and gradients; component i of the engine is
    /// <paramref name="components"/>[i].</param>
    /// <param name="components">Names of the components.</param>
    /// <param name="schedule">The minibatches.</param>
    /// <param name="options">Already validated.</param>
    public LockStepRun(
        ILossEngine<T> engine,
        IReadOnlyList<SampledComponent> components,
        MinibatchSchedule schedule,
        SgldOptions options)
        : this(engine, [.. components.Select((component, c) => new SampledRow(component, c, options))], schedule)
    {
    }

    /// <summary>Prepares a run of rows, each with options of its own; nothing is computed yet.</summary>
    /// <param name="engine">Losses and gradients.</param>
    /// <param name="rows">What is sampled, and how.</param>
    /// <param name="schedule">The minibatches.</param>
    /// <exception cref="ArgumentException">The rows differ in BatchSize or
    /// GradientAccumulation.</exception>
    public LockStepRun(ILossEngine<T> engine, IReadOnlyList<SampledRow> rows, MinibatchSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Select(r => (r.Options.BatchSize, r.Options.GradientAccumulation)).Distinct().Count() > 1)
            throw new ArgumentException(
                "The rows of a run share their minibatches, so BatchSize and GradientAccumulation must be the same.",
                nameof(rows));
        (this.engine, this.schedule) = (engine, schedule);
        (steps, parts) = rows.Count == 0 ? (0, 1) : (rows.Max(r => r.Options.Steps), rows[0].Options.GradientAccumulation);
        var walkers = new Dictionary<int, int>();
        this.rows = [.. rows.Select(row =>
        {
            var first = walkers.GetValueOrDefault(row.EngineComponent);
            walkers[row.EngineComponent] = first + row.Options.Chains;
            return new RowChains<T>(row, engine.CenterOf(row.EngineComponent), first, StopRuleOf(row.Options));
        })];
    }

    /// <summary>Threads on which noise is drawn and chains are moved; no result depends on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Probe sets that are observed at recorded draws; null observes nothing.</summary>
    public ProbeObservation? Observed { get; init; }

    /// <summary>Told of the weights of every chain at every recorded draw, on the thread that runs; null tells nobody.</summary>
    public DrawObserver<T>? OnDraw { get; init; }

    /// <summary>Walks all chains to the end and returns one trace a row, in order.</summary>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled between two steps; it can
    /// be started anew.</exception>
    public IReadOnlyList<LossTrace> Run(
        IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var open = rows.Where(r => !r.Finished).ToList();
        var observation = Observed is { Probes.Count: > 0 } && open.Count > 0
            ? Observed.Begin(engine, [.. rows.Select(r => r.Options)]) : null;
        for (var step = 0; open.Count > 0; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var baseline = EvaluateStep(step, [.. open.SelectMany(r => r.Walkers)]);
            foreach (var row in open)
            {
                if (OnDraw is not null && row.DrawnAt(step)) TellOfDraw(row);
                row.Advance(step, baseline, Threads);
            }
            observation?.Observe(from row in open
                                 where row.DrawnAt(step)
                                 select (Array.IndexOf(rows, row), row.Draws - 1, row.LivingChains));
            open.RemoveAll(r => r.Finished);
            progress?.Report(new(open.Count > 0 ? step + 1 : steps, steps));
        }
        return [.. rows.Select((row, r) => row.ToTrace() with { Observations = observation?.TracesOf(r) })];
    }

    private void TellOfDraw(RowChains<T> row)
    {
        foreach (var (chain, walker) in row.LivingChains) OnDraw!(new(Array.IndexOf(rows, row), chain, row.Draws), walker.Position);
    }

    private static StopRule? StopRuleOf(SgldOptions options) =>
        options.TargetStandardError is { } wanted ? new StandardErrorStop(wanted).IsReached : null;

    private double EvaluateStep(int step, Walker<T>[] walkers)
    {
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
            for (var j = 0; j < sums[i].Length; j++)
                walkers[i].Gradient[j] = sums[i][j] / T.CreateChecked(parts);
        }
        return baseline / parts;
    }
}
