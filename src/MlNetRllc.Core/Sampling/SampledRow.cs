namespace MlNetRllc.Core.Sampling;

/// <summary>What a component is called in its trace, and the names from which the noise of its
/// chains derives.</summary>
/// <param name="Name">The component's name.</param>
/// <param name="StreamNames">What tells its noise from that of every other row of a study:
/// checkpoint, component, dataset.</param>
public sealed record SampledComponent(string Name, params IReadOnlyList<object> StreamNames);

/// <summary>One row of a run: a component, and how it is sampled.</summary>
/// <param name="Component">Its names.</param>
/// <param name="EngineComponent">Which of the engine's components it is; several rows may sample
/// the same one with different options.</param>
/// <param name="Options">Already validated. Rows of one run share BatchSize and
/// GradientAccumulation, because they share minibatches.</param>
public sealed record SampledRow(SampledComponent Component, int EngineComponent, SgldOptions Options);
