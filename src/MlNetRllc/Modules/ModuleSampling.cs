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
    public LlcPlan Plan => plan;

    /// <summary>One trace a selection.</summary>
    public IReadOnlyList<LossTrace> Run(IProgress<SamplingProgress> progress, CancellationToken cancellation) =>
        Run(plan.Sampling, progress, cancellation);

    /// <summary>How long all steps take, as a few of them did.</summary>
    public TimeSpan Predict(CancellationToken cancellation)
    {
        var clock = new StepClock();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var told = new ImmediateProgress<SamplingProgress>(_ =>
        {
            clock.Tick();
            if (clock.IsKnown) enough.Cancel();
        });
        var few = plan.Sampling with { BurnIn = 0, Thinning = 1, Draws = StepClock.Enough + 1, TargetStandardError = null };
        try
        {
            Run(few, told, enough.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && clock.IsKnown)
        {
            // A few were enough.
        }
        return clock.PerStep * plan.Steps;
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
