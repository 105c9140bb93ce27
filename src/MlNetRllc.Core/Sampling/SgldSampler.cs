using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Sampling;

/// <summary>Samples components of a language model around one checkpoint: the losses from which rLLCs are estimated.</summary>
/// <remarks>Method: localised tempered posterior and SGLD of Lau et al. (arXiv 2308.12108, Algorithm 1), restricted to a component as in Wang et
/// al. (arXiv 2410.02984, section 3), with the loss of w* taken on the minibatch of each draw.</remarks>
public static class SgldSampler
{
    /// <summary>Samples all components together, on one sequence of minibatches.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">The checkpoint, w*.</param>
    /// <param name="components">Component names, such as <c>l0h3</c> (<see cref="Component.Parse"/>).</param>
    /// <param name="contexts">The dataset whose loss is sampled; it may differ from the training set.</param>
    /// <param name="options">Settings of the sampler.</param>
    /// <param name="reference">When given, the loss is the divergence from this model's predictions.</param>
    /// <param name="threads">Threads to use; all cores when null. Results of the lock-step engine do not depend on it; the autograd engine
    /// uses libtorch's own number.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>One trace a component, in order. A trace depends on the weights, the component, the dataset, the options and their seed,
    /// and on nothing else.</returns>
    /// <exception cref="ArgumentException">A component is unknown, the dataset does not fit the model or holds fewer contexts than
    /// a minibatch; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps; nothing is kept of the run.</exception>
    public static IReadOnlyList<LossTrace> Sample(TransformerConfig config, WeightSet weights, IReadOnlyList<string> components, ContextSet contexts,
        SgldOptions options, ReferenceModel? reference, int? threads, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sample(config, weights, components, contexts, options, reference, threads, TorchNative.Cpu, progress, cancellation);

    /// <summary>Samples all components together, on a device.</summary>
    /// <param name="device">Where losses and gradients are computed. The lock-step engine is the CPU's: elsewhere <see cref="SamplingEngine.Auto"/> takes
    /// autograd. Untried on a GPU.</param>
    /// <inheritdoc cref="Sample(TransformerConfig, WeightSet, IReadOnlyList{string}, ContextSet, SgldOptions, ReferenceModel?, int?, IProgress{SamplingProgress}?, CancellationToken)"/>
#pragma warning disable CS1573 // The other parameters are documented there.
    public static IReadOnlyList<LossTrace> Sample(TransformerConfig config, WeightSet weights, IReadOnlyList<string> components, ContextSet contexts,
        SgldOptions options, ReferenceModel? reference, int? threads, Device device, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(device);
        return [.. SampleSettings(config, weights, components, contexts, [options], reference, threads, progress, cancellation, device).Select(traces => traces[0])];
    }
#pragma warning restore CS1573

    /// <summary>Samples all components together against the text's next tokens, on all cores.</summary>
    /// <inheritdoc cref="Sample(TransformerConfig, WeightSet, IReadOnlyList{string}, ContextSet, SgldOptions, ReferenceModel?, int?, IProgress{SamplingProgress}?, CancellationToken)"/>
    public static IReadOnlyList<LossTrace> Sample(TransformerConfig config, WeightSet weights, IReadOnlyList<string> components, ContextSet contexts,
        SgldOptions options, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sample(config, weights, components, contexts, options, reference: null, threads: null, progress, cancellation);

    /// <summary>Samples all components under several settings, on one sequence of minibatches and one engine.</summary>
    /// <remarks>The settings differ in how the chains move and how long, not in what is computed: Seed, BatchSize, GradientAccumulation, HeadBiases,
    /// Engine and Precision are the first one's.</remarks>
    /// <returns>[component][setting]; each as <see cref="Sample(TransformerConfig, WeightSet, IReadOnlyList{string}, ContextSet, SgldOptions, ReferenceModel?, int?, IProgress{SamplingProgress}?, CancellationToken)"/>
    /// gives it alone.</returns>
    internal static LossTrace[][] SampleSettings(TransformerConfig config, WeightSet weights, IReadOnlyList<string> components, ContextSet contexts,
        IReadOnlyList<SgldOptions> settings, ReferenceModel? reference, int? threads, IProgress<SamplingProgress>? progress, CancellationToken cancellation,
        Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(contexts);
        foreach (var setting in settings) setting.Validated();
        config.Validated();
        var options = settings[0];
        var parsed = components.Select(name => Component.Parse(name, config, options.HeadBiases)).ToList();
        if (contexts.CheckedAgainst(config).Count < options.BatchSize)
            throw new ArgumentException($"The dataset '{contexts.Name}' has {contexts.Count} contexts, fewer than a minibatch of {options.BatchSize}; give more text or a smaller BatchSize.");
        // Names, not order: a row's random numbers are its own wherever and beside whatever it is computed.
        var target = reference is null ? contexts.Key : $"{contexts.Key} against {reference.Weights.Key}";
        var schedule = new MinibatchSchedule(NamedRandom.Stream(options.Seed, weights.Key, target, "minibatches"), contexts.Count, options.BatchSize);
        using var engine = CreateEngine(config, weights, parsed, contexts, options, reference, threads, device ?? TorchNative.Cpu);

        // A walker holds its position, gradient, noise and displacement: settings go together as far as memory allows.
        var together = Math.Max(1, (int)(WalkerWeights / Math.Max(1, parsed.Sum(c => (long)c.Dimension) * settings.Max(s => s.Chains))));
        var traces = parsed.Select(_ => new LossTrace[settings.Count]).ToArray();
        var (done, steps) = (0, settings.Chunk(together).Sum(group => group.Max(s => s.Steps)));
        for (var first = 0; first < settings.Count; first += together)
        {
            var batch = settings.Skip(first).Take(together).ToList();
            var rows = from setting in batch
                       from c in Enumerable.Range(0, parsed.Count)
                       select new SampledRow(new(parsed[c].Name, weights.Key, parsed[c].Name, target), c, setting);
            var part = progress is null ? null : new Offset(progress, done, steps);
            var found = new LockStepRun<float>(engine, [.. rows], schedule) { Threads = threads ?? Environment.ProcessorCount }.Run(part, cancellation);
            for (var i = 0; i < found.Count; i++) traces[i % parsed.Count][first + i / parsed.Count] = found[i];
            done += batch.Max(s => s.Steps);
        }
        return traces;
    }

    /// <summary>Sampled weights that may be in memory at once when several settings share a run (about 28 bytes each).</summary>
    private const long WalkerWeights = 1 << 25;

    private static ILossEngine<float> CreateEngine(TransformerConfig config, WeightSet weights, List<Component> components, ContextSet contexts,
        SgldOptions options, ReferenceModel? reference, int? threads, Device device)
    {
        if (device.type != DeviceType.CPU)
            return options.Engine == SamplingEngine.LockStep
                ? throw new ArgumentException($"The lock-step engine computes on the CPU, not on {device}; use Engine = Auto or Autograd there.")
                : new LanguageModelAutogradEngine(config, weights, components, contexts, reference, device);
        if (options.Engine == SamplingEngine.LockStep || (options.Engine == SamplingEngine.Auto && config.MlpWidth == 0))
            return new LockStepEngine(config, weights, components, contexts, reference, threads, options.Precision);
        return new LanguageModelAutogradEngine(config, weights, components, contexts, reference);
    }

    /// <summary>A part's progress as progress of the whole; reports on the calling thread.</summary>
    private sealed class Offset(IProgress<SamplingProgress> whole, int before, int steps) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => whole.Report(new(before + value.Step, steps));
    }
}
