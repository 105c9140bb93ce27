namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>The weights at which a pass is made, and where their gradients go.</summary>
/// <param name="weights">The weights.</param>
/// <param name="gradients">Receives the gradients of those that have a place in it; added to.</param>
/// <param name="map">How the residual stream becomes logits.</param>
/// <param name="mapGradient">Receives the gradient of the map, [inner, vocab]; null when it is frozen.</param>
/// <param name="biasGradient">Receives the gradient of the folded bias, [vocab]; null when it is frozen.</param>
internal readonly unsafe struct PassWeights(
    WeightTable weights, WeightTable gradients, in LogitMap map, float* mapGradient, float* biasGradient)
{
    public readonly WeightTable Weights = weights, Gradients = gradients;

    public readonly LogitMap Map = map;

    public readonly float* MapGradient = mapGradient, BiasGradient = biasGradient;
}
