using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Options;
using MlNetRllc.Estimation;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Turns loss traces into refined local learning coefficients, with the default options; see
    /// <see cref="RllcEstimator"/> for the columns.</summary>
    public RllcEstimator EstimateRllc() => EstimateRllc(new());

    /// <summary>Turns loss traces into refined local learning coefficients; see <see cref="RllcEstimator"/> for the columns.</summary>
    /// <param name="options">Baseline, discarded draws, limits of the status.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public RllcEstimator EstimateRllc(EstimationOptions options) => new(Environment, options.Validated());
}
