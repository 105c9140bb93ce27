using CsCheck;
using MathNet.Numerics;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Kernels.Vectors;

namespace MlNetRllc.Tests.Core.Kernels;

/// <summary>Our elementary functions against those of the runtime, in units of the last place.</summary>
public sealed unsafe class FunctionTests
{
    [Fact]
    public void Exp2_IsWithinItsError() => Within(1.1, Gen.Float[-125f, 126f], VectorFunctions.Exp2, x => Math.Pow(2, x));

    /// <summary>A sum of such is out of every range, and the loss is computed with the true maximum.</summary>
    [Theory, InlineData(128f), InlineData(300f), InlineData(721f), InlineData(1e30f), InlineData(float.PositiveInfinity)]
    public void Exp2BeyondFloat32_IsHuge(float t) =>
        Assert.InRange(First(VectorFunctions.Exp2(V128.Create(t))), 2e38f, float.MaxValue);

    [Fact]
    public void Exp2OfNoNumber_IsNone() => Assert.Equal(float.NaN, First(VectorFunctions.Exp2(V128.Create(float.NaN))));

    [Fact]
    public void Log_IsWithinItsError() => Within(
        1.0,
        Gen.OneOf(Gen.Float[1e-10f, 1f], Gen.Float[0.999f, 1.001f], Gen.Float[1f, 1e30f]),
        VectorFunctions.Log,
        x => Math.Log(x));

    [Fact]
    public void SineAndCosineOfTurns_AreWithinTheirError() => Gen.UInt.ForAll(word =>
    {
        var (sin, cos) = VectorFunctions.SinCosOfTurns(V128.CreateBits((int)word));
        var (expectedSin, expectedCos) = Math.SinCos(word * (Math.Tau / 4294967296.0));
        // The word itself is rounded to 24 bits of an eighth turn.
        Assert.Equal(expectedSin, First(sin), 2 * Ulp(expectedSin) + 5e-8);
        Assert.Equal(expectedCos, First(cos), 2 * Ulp(expectedCos) + 5e-8);
    }, cases: 20_000);

    [Fact]
    public void Gelu_IsWithinItsError() => AroundZero.ForAll(x =>
    {
        var expected = x * Normal(x);
        Assert.Equal(expected, First(GeluFunction.Value(V128.Create(x))), 1e-7 * Math.Max(1, Math.Abs(expected)));
    }, cases: 20_000);

    [Fact]
    public void SlopeOfGelu_IsWithinItsError() => AroundZero.ForAll(x =>
    {
        var expected = Normal(x) + x * Math.Exp(-x * (double)x / 2) / Math.Sqrt(Math.Tau);
        Assert.Equal(expected, First(GeluFunction.Slope(V128.Create(x))), 2e-7);
    }, cases: 20_000);

    [Theory]
    [InlineData(0f, 0f, 0.5f), InlineData(100f, 100f, 1f), InlineData(-100f, 0f, 0f), InlineData(float.NaN, float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, 1f), InlineData(float.NegativeInfinity, 0f, 0f)]
    public void EdgesOfGelu_AreItsLimits(float x, float value, float slope)
    {
        Assert.Equal(value, First(GeluFunction.Value(V128.Create(x))), 1e-14f);
        Assert.Equal(slope, First(GeluFunction.Slope(V128.Create(x))), 1e-6f);
    }

    [Fact]
    public void ScalarLog_IsThatOfTheRuntime() =>
        Gen.OneOf(Gen.Double[1e-300, 1e300], Gen.Double[0.5, 2], Gen.Double[1e-320, 1e-308]).ForAll(
            x => Assert.Equal(Math.Log(x), ScalarFunctions.Log(x), 4.4e-16 * Math.Abs(Math.Log(x)) + 1e-320),
            cases: 20_000);

    [Fact]
    public void ScalarExp_IsThatOfTheRuntime() => Gen.Double[-740, 709].ForAll(
        x => Assert.Equal(1, ScalarFunctions.Exp(x) / Math.Exp(x), x < -700 ? 1e-3 : 1e-15),
        cases: 20_000);

    [Fact]
    public void ScalarSineAndCosine_AreThoseOfTheRuntime() => Gen.Double[-1000, 1000].ForAll(x =>
    {
        var (sin, cos) = ScalarFunctions.SinCos(x);
        Assert.Equal(Math.Sin(x), sin, 1e-15);
        Assert.Equal(Math.Cos(x), cos, 1e-15);
    }, cases: 20_000);

    [Fact]
    public void Edges_AreThoseOfTheRuntime()
    {
        Assert.Equal(double.NegativeInfinity, ScalarFunctions.Log(0));
        Assert.Equal(double.NaN, ScalarFunctions.Log(-1));
        Assert.Equal(double.PositiveInfinity, ScalarFunctions.Log(double.PositiveInfinity));
        Assert.Equal(0, ScalarFunctions.Log(1));
        Assert.Equal(1, ScalarFunctions.Exp(0));
        Assert.Equal(0, ScalarFunctions.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, ScalarFunctions.Exp(800));
        Assert.Equal(double.NaN, ScalarFunctions.Exp(double.NaN));
        Assert.Equal(Math.Pow(0.999, 12_345), ScalarFunctions.Power(0.999, 12_345), 1e-15);
    }

    private static Gen<float> AroundZero => Gen.OneOf(Gen.Float[-1f, 1f], Gen.Float[-9f, 9f], Gen.Float[-1000f, 1000f]);

    private static double Normal(double x) => SpecialFunctions.Erfc(-x / Math.Sqrt(2)) / 2;

    private static void Within(double units, Gen<float> values, Func<V128, V128> ours, Func<double, double> exact) => values.ForAll(x =>
    {
        var expected = exact(x);
        Assert.Equal(expected, First(ours(V128.Create(x))), units * Ulp(expected));
    }, cases: 20_000);

    private static double Ulp(double value) =>
        MathF.BitIncrement(MathF.Abs((float)value)) - (double)MathF.Abs((float)value);

    private static float First(V128 vector)
    {
        var lanes = stackalloc float[4];
        vector.Store(lanes);
        return lanes[0];
    }
}
