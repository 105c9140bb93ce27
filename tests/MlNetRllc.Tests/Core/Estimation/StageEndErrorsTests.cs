using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class StageEndErrorsTests
{
    private static readonly PlateauOptions Defaults = new();

    private static readonly double[] Steps = [.. Enumerable.Range(0, 40).Select(i => Math.Round(10 * Math.Pow(10, 4.0 * i / 39)))];

    private static readonly double[] Curve = [.. Steps.Select(TwoRises)];

    [Fact]
    public void OtherRunsOfTheSameTruth_HaveTheirEndsInTheIntervalMostOfTheTime()
    {
        var simulation = new SimulatedChains(8);
        double[] Run() => [.. Curve.Select(value => value + 0.3 * simulation.Normal())];
        var covered = 0;
        for (var run = 0; run < 40; run++)
        {
            var error = Assert.Single(Errors(Run(), 0.3));
            var other = EndOf(Run());
            if (error.Low <= other && other <= error.High) covered++;
        }
        // 68 % where resamples are as other runs are; their curves are rougher by the noise that they are resampled from.
        Assert.InRange(covered, 20, 38);
    }

    [Fact]
    public void SmallerErrorsOfTheCurve_GiveANarrowerInterval()
    {
        double[] peak = [.. Steps.Select(step => Math.Exp(-(Math.Log(step) - 7) * (Math.Log(step) - 7)))];
        double Width(double error)
        {
            var end = Assert.Single(Errors(peak, error));
            return Math.Log(end.High / end.Low);
        }

        // Ends lie on a grid of a fortieth in log step, which the smaller errors do not leave.
        Assert.True(Width(0.01) < 0.5 * Width(0.05));
    }

    [Fact]
    public void EndThatEveryCurveHas_IsFoundInAll() => Assert.Equal(1, Errors(Curve, 0.02)[0].Found);

    [Fact]
    public void RestThatIsBarelyOne_IsFoundInFewerCurves()
    {
        // Its slope falls to 0.18 of the steepest, where 0.2 is a plateau.
        double[] slightRest = [.. Steps.Select(step => 10 * Math.Log(step) + Math.Sin(2 * Math.Log(step)) * 3.4)];

        Assert.InRange(Errors(slightRest, 0.6)[0].Found, 0.05, 0.95);
    }

    [Fact]
    public void AnErrorIsMissing_NothingIsKnown()
    {
        double[] errors = [.. Steps.Select((_, i) => i == 3 ? double.NaN : 0.1)];

        Assert.Equal(StageEndError.Unknown, Assert.Single(StageEndErrors.Estimate(Steps, Curve, errors, Defaults)));
    }

    [Fact]
    public void OtherLength_IsRefused() => Assert.Contains("1 standard errors for 40 values",
        Assert.Throws<ArgumentException>(() => StageEndErrors.Estimate(Steps, Curve, [0.1], Defaults)).Message);

    private static IReadOnlyList<StageEndError> Errors(double[] curve, double error) =>
        StageEndErrors.Estimate(Steps, curve, [.. curve.Select(_ => error)], Defaults, resamples: 60);

    private static double EndOf(double[] curve) =>
        Assert.Single(Plateaus.Find(Steps, curve, Defaults), plateau => plateau.IsBoundary).FlattestStep;

    private static double TwoRises(double step) => 10 * Rise(Math.Log(step) - Math.Log(50)) + 20 * Rise(Math.Log(step) - Math.Log(8000));

    private static double Rise(double x) => 1 / (1 + Math.Exp(-4 * x));
}
