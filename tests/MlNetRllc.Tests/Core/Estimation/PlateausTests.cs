using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class PlateausTests
{
    private static readonly PlateauOptions Defaults = new();

    // 60 checkpoints from 10 to 100,000, evenly apart in log step.
    private static readonly double[] Steps = [.. Enumerable.Range(0, 60).Select(i => Math.Round(10 * Math.Pow(10, 4.0 * i / 59)))];

    [Fact]
    public void TwoRises_ThePlateauBetweenThemIsTheOneBoundary()
    {
        var plateaus = Plateaus.Find(Steps, Curve(x => 10 * Rise(x - 4) + 20 * Rise(x - 9)), Defaults);

        var boundary = Assert.Single(plateaus, plateau => plateau.IsBoundary);
        Assert.InRange(boundary.FlattestStep, Math.Exp(5.5), Math.Exp(7.5));
        Assert.InRange(boundary.FromStep, Math.Exp(4), Math.Exp(5.5));
        Assert.InRange(boundary.ToStep, Math.Exp(7.5), Math.Exp(9));
        Assert.Equal(10, boundary.Level, 0.5);
    }

    [Fact]
    public void Peak_IsABoundary()
    {
        var boundary = Assert.Single(
            Plateaus.Find(Steps, Curve(x => Math.Exp(-(x - 7) * (x - 7))), Defaults),
            p => p.IsBoundary);

        Assert.InRange(boundary.FlattestStep, Math.Exp(6.8), Math.Exp(7.2));
    }

    [Fact]
    public void StraightInLogStep_HasNoPlateau() =>
        Assert.Empty(Plateaus.Find(Steps, [.. Steps.Select(s => 3 * Math.Log(s + 10))], Defaults));

    [Fact]
    public void ScaleAndLevel_DoNotMatter()
    {
        var curve = Curve(x => 10 * Rise(x - 4) + 20 * Rise(x - 9));
        var expected = Plateaus.Find(Steps, curve, Defaults);
        var actual = Plateaus.Find(Steps, [.. curve.Select(y => 5 - 0.3 * y)], Defaults);

        Assert.Equal(
            expected.Select(p => p.FlattestStep),
            actual.Select(p => p.FlattestStep),
            (a, b) => Math.Abs(a - b) < 0.2 * b);
        Assert.Equal(
            expected.Select(p => p.FromStep),
            actual.Select(p => p.FromStep),
            (a, b) => Math.Abs(a - b) < 1e-6 * b);
    }

    [Fact]
    public void MissingValues_AreLeftOut()
    {
        var curve = Curve(x => 10 * Rise(x - 4) + 20 * Rise(x - 9));
        for (var i = 0; i < curve.Length; i += 7) curve[i] = double.NaN;

        Assert.Single(Plateaus.Find(Steps, curve, Defaults), plateau => plateau.IsBoundary);
    }

    [Fact]
    public void TooFewOrConstantValues_GiveNoPlateau()
    {
        Assert.Empty(Plateaus.Find([0, 1, 2], [1, 2, 1], Defaults));
        Assert.Empty(Plateaus.Find(Steps, [.. Steps.Select(_ => 2.0)], Defaults));
    }

    [Fact]
    public void StepsThatDoNotRise_AreRefused() =>
        Assert.Contains(
            "Step 2 is 5",
            Assert.Throws<ArgumentException>(() => Plateaus.Find([0, 5, 5], [1, 2, 3], Defaults)).Message);

    private static double[] Curve(Func<double, double> ofLogStep) =>
        [.. Steps.Select(step => ofLogStep(Math.Log(step)))];

    private static double Rise(double x) => 1 / (1 + Math.Exp(-4 * x));
}
