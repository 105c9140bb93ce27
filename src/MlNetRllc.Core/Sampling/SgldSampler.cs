using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling.Engines;
using MlNetRllc.Core.Sampling.LockStep;

namespace MlNetRllc.Core.Sampling;

/// <summary>Samples components of a language model around one checkpoint: the losses from which rLLCs are estimated.</summary>
public static class SgldSampler
{
    /// <summary>Samples all components together, on one sequence of minibatches.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">The checkpoint, w*.</param>
    /// <param name="components">Component names, such as <c>l0h3</c> (<see cref="Component.Parse"/>).</param>
    /// <param name="contexts">The dataset whose loss is sampled; it may differ from the training set.</param>
    /// <param name="options">Settings of the sampler.</param>
    /// <param name="reference">When given, the loss is the divergence from this model's predictions.</param>
    /// <param name="threads">Threads to use; all cores when null. Results of the lock-step engine do not depend on it.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <returns>One trace a component, in order. A trace depends on the weights, the component, the dataset, the options and their seed,
    /// and on nothing else.</returns>
    /// <exception cref="ArgumentException">A component is unknown, the dataset does not fit the model or holds fewer contexts than
    /// a minibatch; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static IReadOnlyList<LossTrace> Sample(TransformerConfig config, WeightSet weights, IReadOnlyList<string> components, ContextSet contexts,
        SgldOptions options, ReferenceModel? reference, int? threads, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(components);
        options.Validated();
        config.Validated();
        var parsed = components.Select(name => Component.Parse(name, config, options.HeadBiases)).ToList();
        contexts.CheckedAgainst(config);
        // Names, not order: a row's random numbers are its own wherever and beside whatever it is computed.
        var target = reference is null ? contexts.Key : $"{contexts.Key} against {reference.Weights.Key}";
        var schedule = new MinibatchSchedule(NamedRandom.Of(options.Seed, weights.Key, target, "minibatches"), contexts.Count, options.BatchSize);
        using var engine = CreateEngine(config, weights, parsed, contexts, options, reference, threads);
        var sampled = parsed.Select(c => new SampledComponent(c.Name, weights.Key, c.Name, target)).ToList();
        return new LockStepRun<float>(engine, sampled, schedule, options).Run(progress, cancellation);
    }

    /// <summary>Samples all components together against the text's next tokens, on all cores.</summary>
    /// <inheritdoc cref="Sample(TransformerConfig, WeightSet, IReadOnlyList{string}, ContextSet, SgldOptions, ReferenceModel?, int?, IProgress{SamplingProgress}?, CancellationToken)"/>
    public static IReadOnlyList<LossTrace> Sample(TransformerConfig config, WeightSet weights, IReadOnlyList<string> components, ContextSet contexts,
        SgldOptions options, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sample(config, weights, components, contexts, options, reference: null, threads: null, progress, cancellation);

    private static ILossEngine<float> CreateEngine(TransformerConfig config, WeightSet weights, List<Component> components, ContextSet contexts,
        SgldOptions options, ReferenceModel? reference, int? threads)
    {
        if (options.Engine == SamplingEngine.LockStep || (options.Engine == SamplingEngine.Auto && config.MlpWidth == 0))
            return new LockStepEngine(config, weights, components, contexts, reference, threads, options.Precision);
        return new LanguageModelAutogradEngine(config, weights, components, contexts, reference);
    }
}
