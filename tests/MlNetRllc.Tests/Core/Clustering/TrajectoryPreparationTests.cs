using CsCheck;
using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class TrajectoryPreparationTests
{
    [Fact]
    public void Gap_IsFilledAlongTheStepAxis() =>
        Assert.Equal(
            [2.0, 2, 3, 6, 6], TrajectoryPreparation.FillGaps([double.NaN, 2, double.NaN, 6, double.PositiveInfinity], [0, 1, 2, 5, 9])!);

    [Fact]
    public void OneFinitePoint_IsNoCurve() =>
        Assert.Null(TrajectoryPreparation.FillGaps([1, double.NaN], [0, 1]));

    [Fact]
    public void StepsThatDouble_AreEvenInLogStep()
    {
        // log(step + 1) of 0, 1, 3, 7 is 0, 1, 2, 3 in base 2.
        Assert.Equal(
            [0.0, 1, 3, 7],
            TrajectoryPreparation.LogSpacedSteps([0, 1, 2, 7], 4).Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void Resampling_FollowsStraightLines() =>
        Assert.Equal([0.0, 5, 10, 20], TrajectoryPreparation.Resample([0, 10, 20], [0, 2, 6], [0, 1, 2, 6]));

    [Fact]
    public void Smoothing_ReachesAsFarOnBothSides()
    {
        Assert.Equal([0.0, 3, 3, 0], TrajectoryPreparation.Smooth([0, 3, 6, 0], 3));
        Assert.Equal([0.0, 3, 6, 0], TrajectoryPreparation.Smooth([0, 3, 6, 0], 1));
    }

    [Fact]
    public void Normalisation_ByHand()
    {
        Assert.Equal([-1.0, 1], TrajectoryPreparation.Normalize([1, 3], TrajectoryNormalization.Standardize));
        Assert.Equal(
            [0.0, 1, 0.25], TrajectoryPreparation.Normalize([2, 6, 3], TrajectoryNormalization.MinMax));
        Assert.Equal([2.0, 6], TrajectoryPreparation.Normalize([2, 6], TrajectoryNormalization.None));
        Assert.Equal(
            [0.0, 0], TrajectoryPreparation.Normalize([4.1, 4.1], TrajectoryNormalization.Standardize));
        Assert.Equal([0.0, 0], TrajectoryPreparation.Normalize([4.1, 4.1], TrajectoryNormalization.MinMax));
    }

    [Theory, InlineData(TrajectoryNormalization.Standardize), InlineData(TrajectoryNormalization.MinMax)]
    public void ManyEqualValues_AreConstant(TrajectoryNormalization normalization)
    {
        var constant = Enumerable.Repeat(14.62, 100_000).ToArray();
        Assert.NotEqual(14.62, constant.Average());
        Assert.All(TrajectoryPreparation.Normalize(constant, normalization), x => Assert.Equal(0, x));
    }

    [Fact]
    public void AnyCurve_StandardisedHasMeanZeroAndDeviationOne() =>
        Gen.Double[-100, 100].Array[2, 20].Where(curve => curve.Max() - curve.Min() > 1e-3).ForAll(curve =>
        {
            var standard = TrajectoryPreparation.Normalize(curve, TrajectoryNormalization.Standardize);
            Assert.Equal(0, standard.Average(), 1e-9);
            Assert.Equal(1, standard.Average(x => x * x), 1e-9);
        });
}
