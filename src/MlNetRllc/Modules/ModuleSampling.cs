using System.Diagnostics;
using System.Numerics;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>A held module, its selections and its rows: ready to be sampled.</summary>
internal sealed class ModuleSampling(
    HeldModule module, IModuleRows rows, IReadOnlyList<IReadOnlyList<ParameterSlice>> slices, ScalarType type, LlcPlan plan)
{
    // The first step is slower than those after it: libtorch sets itself up.
    private const int Warm = 1, Timed = 3;

    public LlcPlan Plan => plan;

    /// <summary>One trace a selection.</summary>
    public IReadOnlyList<LossTrace> Run(IProgress<SamplingProgress> progress, CancellationToken cancellation) =>
        Run(plan.Sampling, progress, cancellation);

    /// <summary>How long all steps take, as a few of them did.</summary>
    public TimeSpan Predict(CancellationToken cancellation)
    {
        var (watch, steps) = (new Stopwatch(), Math.Min(Warm + Timed, plan.Steps));
        var started = new ImmediateProgress<SamplingProgress>(p =>
        {
            if (p.Step == Math.Min(Warm, steps - 1)) watch.Restart();
        });
        if (steps == 1) watch.Start();
        Run(plan.Sampling with { BurnIn = 0, Thinning = 1, Draws = steps, TargetStandardError = null }, started, cancellation);
        return watch.Elapsed / Math.Max(1, steps - Warm) * plan.Steps;
    }

    private IReadOnlyList<LossTrace> Run(SgldOptions sampling, IProgress<SamplingProgress> progress, CancellationToken cancellation) =>
        type == ScalarType.Float64 ? Run<double>(sampling, progress, cancellation) : Run<float>(sampling, progress, cancellation);

    private IReadOnlyList<LossTrace> Run<T>(SgldOptions sampling, IProgress<SamplingProgress> progress, CancellationToken cancellation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = NamedRandom.Stream(sampling.Seed, "module", "minibatches");
        var schedule = new MinibatchSchedule(random, rows.Count, sampling.BatchSize);
        using var engine = new BatchedEngine<T>(module.Parameters, slices, rows);
        SampledComponent[] components = [.. plan.Selections.Select(name => new SampledComponent(name, "module", name))];
        return new LockStepRun<T>(engine, components, schedule, sampling).Run(progress, cancellation);
    }
}
