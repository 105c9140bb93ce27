using System.Text.Json;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>The options of the sampler are in two records; what is written of them is as of one.</summary>
public sealed class SgldOptionsTests
{
    private static readonly string[] Order =
    [
        "Method", "StepSize", "NBeta", "Localization", "WeightDecay", "NoiseLevel", "BoundingBox", "Chains", "Draws", "TargetStandardError",
        "BurnIn", "Thinning", "BatchSize", "GradientAccumulation", "RmsPropDecay", "RmsPropEpsilon", "Friction", "HeadBiases", "Engine",
        "Precision", "Seed",
        // Later ones, behind all that keys were made of.
        "ExactPull", "Control", "Antithetic",
    ];

    // Rows that were stored before the records were parted have keys made of this text.
    [Fact]
    public void WrittenForm_HasTheOrderThatKeysWereMadeOf() =>
        Assert.Equal(Order, JsonSerializer.SerializeToNode(new SgldOptions())!.AsObject().Select(p => p.Key));

    [Fact]
    public void Properties_AreListedInTheSameOrder() =>
        Assert.Equal(Order, OptionsValidation.PropertiesOf(typeof(SgldOptions)).Select(p => p.Name));

    [Fact]
    public void SamplerOfWholeTrajectories_SeesWhatItUses() => Assert.Equal(
        ["StepSize", "NBeta", "Localization", "Chains", "Draws", "BurnIn", "Thinning", "Seed"],
        OptionsValidation.PropertiesOf(typeof(ChainOptions)).Select(p => p.Name));

    [Fact]
    public void PropertyOfTheBase_IsRefusedInTheNameOfTheWhole()
    {
        var options = new SgldOptions { Chains = 0 };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => options.Validated());
        Assert.StartsWith(
            "SgldOptions.Chains is 0; it must lie between 1 and 1024.", error.Message, StringComparison.Ordinal);
    }
}
