using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling.Observables;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Sampling;

/// <summary>Samples components of a language model around one checkpoint: the losses from which
/// rLLCs are estimated.</summary>
/// <remarks>Method: localised tempered posterior and SGLD of Lau et al. (arXiv 2308.12108,
/// Algorithm 1), restricted to a component as in Wang et al. (arXiv 2410.02984, section 3), with
/// the loss of w* taken on the minibatch of each draw.</remarks>
public sealed class SgldSampler
{
    /// <summary>Sampled weights that may be in memory at once when several settings share a run
    /// (about 28 bytes each).</summary>
    private const long WalkerWeights = 1 << 25;

    private readonly TransformerConfig config;
    private readonly WeightSet weights;
    private readonly ContextSet contexts;

    /// <summary>A sampler around one checkpoint; nothing is computed yet.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">The checkpoint, w*.</param>
    /// <param name="contexts">The dataset whose loss is sampled; it
    /// may differ from the training set.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size of the model lies outside its
    /// range.</exception>
    public SgldSampler(TransformerConfig config, WeightSet weights, ContextSet contexts)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(contexts);
        (this.config, this.weights, this.contexts) = (config.Validated(), weights, contexts);
    }

    /// <summary>When given, the loss is the divergence from this model's predictions instead of the
    /// text's next tokens.</summary>
    public ReferenceModel? Reference { get; init; }

    /// <summary>Probe sets whose token losses are observed at recorded draws.</summary>
    public IReadOnlyList<ProbeSet> Probes { get; init; } = [];

    /// <summary>How they are observed.</summary>
    public ObservableOptions Observation { get; init; } = new();

    /// <summary>Takes what is kept of single tokens (<see cref="ObservableOptions.Tokens"/>); null keeps nothing of them. A record's
    /// row is the index of its component.</summary>
    public ITokenSink? TokenSink { get; init; }

    /// <summary>Threads to use; all cores when null. Results of the lock-step engine do not depend
    /// on it; the autograd engine uses libtorch's own number.</summary>
    public int? Threads { get; init; }

    /// <summary>Where losses and gradients are computed; the CPU by default. The lock-step engine
    /// is the CPU's: elsewhere <see cref="SamplingEngine.Auto"/> takes autograd. Untried on a
    /// GPU.</summary>
    public Device Device { get; init; } = TorchNative.Cpu;

    /// <summary>Samples all components together, on one sequence of minibatches.</summary>
    /// <param name="components">Component names, such as <c>l0h3</c>
    /// (<see cref="Component.Parse"/>).</param>
    /// <param name="options">Settings of the sampler.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>One trace a component, in order. A trace depends on the weights, the component, the
    /// dataset, the options and their seed, and on nothing else.</returns>
    /// <exception cref="ArgumentException">A component is unknown, the dataset does not fit the
    /// model or holds fewer contexts than a minibatch, or a probe set does not fit the model or shares contexts;
    /// the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps; nothing is kept of
    /// the run.</exception>
    public IReadOnlyList<LossTrace> Sample(IReadOnlyList<string> components, SgldOptions options,
        IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. SampleSettings(components, [options], progress, cancellation).Select(traces => traces[0])];
    }

    /// <summary>Samples all components under several settings, on one sequence of minibatches and
    /// one engine.</summary>
    /// <remarks>The settings differ in how the chains move and how long, not in what is computed:
    /// Seed, BatchSize, GradientAccumulation, HeadBiases, Engine and Precision are the first
    /// one's.</remarks>
    /// <returns>[component][setting]; each as <see cref="Sample"/> gives it alone.</returns>
    internal LossTrace[][] SampleSettings(IReadOnlyList<string> components, IReadOnlyList<SgldOptions> settings,
        IProgress<SamplingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(components);
        foreach (var setting in settings) setting.Validated();
        var options = settings[0];
        var parsed = components.Select(name => Component.Parse(name, config, options.HeadBiases)).ToList();
        contexts.CheckedAgainst(config, options.BatchSize);
        Observation.Validated();
        if (!Observation.AllowShared) ProbeSet.RefuseShared(contexts, Probes);
        // Names, not order: a row's random numbers are its own wherever and beside whatever it is computed.
        var target = Reference is null ? contexts.Key : $"{contexts.Key} against {Reference.Weights.Key}";
        var order = NamedRandom.Stream(options.Seed, weights.Key, target, "minibatches");
        var schedule = new MinibatchSchedule(order, contexts.Count, options.BatchSize);
        using var engine = CreateEngine(parsed, options);

        // A walker holds its position, gradient, noise and displacement: settings go together as
        // far as memory allows.
        var together = Math.Max(
            1,
            (int)(WalkerWeights / Math.Max(1, parsed.Sum(c => (long)c.Dimension) * settings.Max(s => s.Chains))));
        var traces = parsed.Select(_ => new LossTrace[settings.Count]).ToArray();
        var (done, steps) = (0, settings.Chunk(together).Sum(group => group.Max(s => s.Steps)));
        for (var first = 0; first < settings.Count; first += together)
        {
            var batch = settings.Skip(first).Take(together).ToList();
            var rows = from setting in batch
                       from c in Enumerable.Range(0, parsed.Count)
                       select new SampledRow(new(parsed[c].Name, weights.Key, parsed[c].Name, target), c, setting);
            var before = done;
            var part = progress is null
                ? null
                : new ImmediateProgress<SamplingProgress>(p => progress.Report(new(before + p.Step, steps)));
            var run = new LockStepRun<float>(engine, [.. rows], schedule)
            {
                Threads = Threads ?? Environment.ProcessorCount,
                Observed = Probes.Count == 0 ? null : new(Probes, Observation, TokenSink),
            };
            var found = run.Run(part, cancellation);
            for (var i = 0; i < found.Count; i++) traces[i % parsed.Count][first + i / parsed.Count] = found[i];
            done += batch.Max(s => s.Steps);
        }
        return traces;
    }

    private ILossEngine<float> CreateEngine(List<Component> components, SgldOptions options)
    {
        List<ContextSet> probes = [.. Probes.Select(p => p.Contexts.CheckedAgainst(config))];
        if (Device.type == DeviceType.CPU && options.Engine != SamplingEngine.Autograd)
            return new LockStepEngine(config, weights, components, contexts, Reference, Threads, options.Precision) { Probes = probes };
        if (options.Engine == SamplingEngine.LockStep)
            throw new ArgumentException(
                $"The lock-step engine computes on the CPU, not on {Device}; use Engine = Auto or Autograd there.");
        return new LanguageModelAutogradEngine(config, weights, components, contexts, Reference, Device) { Probes = probes };
    }
}
