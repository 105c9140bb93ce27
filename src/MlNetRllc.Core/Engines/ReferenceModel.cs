using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Engines;

/// <summary>A frozen model whose next-token predictions replace the text as the target (arXiv
/// 2410.02984, the rLLC against a one-layer model).</summary>
/// <param name="Config">Its shape, with the sampled model's vocabulary.</param>
/// <param name="Weights">Its weights.</param>
public sealed record ReferenceModel(TransformerConfig Config, WeightSet Weights);
