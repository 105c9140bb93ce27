using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Sampling.Calibration;

/// <summary>Which settings a calibration tries, and when it calls one good.</summary>
/// <remarks>The default grid is the paper's setting (step size 1e-3, nbeta 30, localization 200) in
/// the middle of step sizes that are apart by a factor of about three.</remarks>
public sealed record CalibrationOptions
{
    /// <summary>Step sizes to try.</summary>
    [Description("step sizes to try")]
    public IReadOnlyList<double> StepSizes { get; init; } = [1e-4, 3e-4, 1e-3, 3e-3];

    /// <summary>Values of n beta to try.</summary>
    [Description("values of n beta to try")]
    public IReadOnlyList<double> NBetas { get; init; } = [10, 30, 100];

    /// <summary>Localizations to try.</summary>
    [Description("localizations to try")]
    public IReadOnlyList<double> Localizations { get; init; } = [50, 200];

    /// <summary>All that the settings share: chains, draws, batch size, method, seed; its StepSize,
    /// NBeta and Localization are not used.</summary>
    [Description("what the settings share: chains, draws, batch size, method, seed")]
    public SgldOptions Sampling { get; init; } = new() { Draws = 100 };

    /// <summary>How traces become estimates.</summary>
    [Description("how traces become estimates")]
    public EstimationOptions Estimation { get; init; } = new();

    /// <summary>Metropolis acceptance that is aimed at.</summary>
    [Description("Metropolis acceptance that is aimed at"), Range(0.1, 1.0)]
    public double TargetAcceptance { get; init; } = 0.9;

    /// <summary>Farthest from <see cref="TargetAcceptance"/> that the mean acceptance of a good
    /// setting lies.</summary>
    [Description("farthest from the acceptance aimed at that is still good"), Range(0.0, 1.0)]
    public double AcceptanceTolerance { get; init; } = 0.07;

    /// <summary>Largest change of a good setting's estimate under the neighbouring step sizes, as a
    /// share of the estimate.</summary>
    [Description("largest change under a neighbouring step size, as a share of the estimate"), Range(0.0, 1e6)]
    public double FlatTolerance { get; init; } = 0.2;

    /// <summary>Largest spike of a good setting (<see cref="CalibrationRow.Spike"/>).</summary>
    [Description("largest ratio of a passing peak to the level at the end"), Range(1.0, 1e6)]
    public double SpikeTolerance { get; init; } = 1.5;

    /// <summary>Largest share of draws below the baseline of a good setting.</summary>
    [Description("largest share of draws below the baseline"), Range(0.0, 1.0)]
    public double NegativeTolerance { get; init; } = 0.1;

    /// <summary>Every setting of the grid: step sizes within localizations within values of n
    /// beta.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option, or a value to be tried, lies
    /// outside its range.</exception>
    /// <exception cref="ArgumentException">A list of values is empty.</exception>
    public IReadOnlyList<SgldOptions> Settings()
    {
        this.Validated();
        Estimation.Validated();
        RequireSome(nameof(StepSizes), StepSizes);
        RequireSome(nameof(NBetas), NBetas);
        RequireSome(nameof(Localizations), Localizations);
        return [.. from nbeta in NBetas.Distinct()
                   from localization in Localizations.Distinct()
                   from stepSize in StepSizes.Distinct().Order()
                   select (Sampling with { StepSize = stepSize, NBeta = nbeta, Localization = localization }).Validated()];
    }

    private static void RequireSome(string name, IReadOnlyList<double> values)
    {
        if (values is not { Count: > 0 })
            throw new ArgumentException(
                $"CalibrationOptions.{name} is empty; give at least one value to try.", name);
    }
}
