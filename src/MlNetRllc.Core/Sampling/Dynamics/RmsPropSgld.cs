using System.Numerics;
using MlNetRllc.Core.Engines;

namespace MlNetRllc.Core.Sampling.Dynamics;

/// <summary>
/// SGLD preconditioned by the inverse root mean square of the loss gradient (Li et al., arXiv
/// 1512.07666, without its curvature term): <c>V = a V + (1 - a) grad^2, G = 1 / (sqrt(V) + eps'),
/// w += -(eps/2) G grad U + sqrt(eps G) noise</c>.
/// </summary>
/// <remarks>V sees the gradient of the loss alone, not the pull of
/// the localization, and starts at 0.</remarks>
internal sealed class RmsPropSgld<T>(SgldOptions options, int dimension) : Dynamics<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T epsilon = T.CreateChecked(options.StepSize), nbeta = T.CreateChecked(options.NBeta);
    private readonly T gamma = T.CreateChecked(options.Localization), decay = T.CreateChecked(options.WeightDecay);
    private readonly T noiseLevel = T.CreateChecked(options.NoiseLevel);
    private readonly T keep = T.CreateChecked(options.RmsPropDecay), floor = T.CreateChecked(options.RmsPropEpsilon);
    private readonly T? box = options.BoundingBox is { } b ? T.CreateChecked(b) : null;
    private readonly T[] meanSquare = new T[dimension];

    public override void Step(Walker<T> walker, double baseline, ReadOnlySpan<T> noise)
    {
        var (w, center, gradient) = (walker.Position, walker.Center, walker.Gradient);
        var half = epsilon / T.CreateChecked(2);
        for (var i = 0; i < w.Length; i++)
        {
            meanSquare[i] = keep * meanSquare[i] + (T.One - keep) * gradient[i] * gradient[i];
            var scale = T.One / (T.Sqrt(meanSquare[i]) + floor);
            var force = nbeta * gradient[i] + gamma * (w[i] - center[i]) + decay * w[i];
            w[i] = Clamp(
                w[i] - half * scale * force + T.Sqrt(epsilon * scale) * noiseLevel * noise[i],
                center[i],
                box);
        }
    }
}
