using System.Text.Json;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Oracles;

namespace MlNetRllc.Tests.Core.Sampling.Oracles;

/// <summary>Known expectations against values computed elsewhere, and against their own limits.</summary>
public sealed class OracleTests
{
    private static readonly JsonElement Crossings = ReferenceData.Read("normal_crossing.json").GetProperty("cases");
    private static readonly JsonElement Quadratics = ReferenceData.Read("quadratic_oracle.json").GetProperty("cases");

    [Fact]
    public void NormalCrossing_HasTheReferencesQuadrature() => Assert.All(Crossings.EnumerateArray(), problem =>
    {
        var powers = problem.Numbers("powers");
        var crossing = ReferenceCrossing.WithPowers((int)powers[0], (int)powers[1]);
        var exact = problem.GetProperty("exact_expectation_at_this_nbeta");
        Assert.Equal(exact.GetProperty("localization_1").GetDouble(), crossing.Expectation(ReferenceCrossing.NBeta, 1), 1e-6);
        Assert.Equal(exact.GetProperty("localization_10").GetDouble(), crossing.Expectation(ReferenceCrossing.NBeta, 10), 1e-6);
        Assert.Equal(problem.GetProperty("true_lc_lambda").GetDouble(), crossing.LearningCoefficient, 1e-12);
    });

    [Theory]
    [InlineData(0, 1, 1e7)]
    [InlineData(0, 3, 1e16)]
    [InlineData(1, 3, 1e16)]
    [InlineData(2, 3, 1e16)]
    public void ColdCrossing_HasItsLearningCoefficient(int first, int second, double nbeta)
    {
        var crossing = new NormalCrossing(first, second, xx: 4);
        Assert.Equal(crossing.LearningCoefficient, crossing.Expectation(nbeta, localization: 1), 0.003);
    }

    [Fact]
    public void QuadraticWell_HasTheReferencesValues() => Assert.All(Quadratics.EnumerateArray(), problem =>
    {
        var well = new QuadraticWell(problem.Numbers("h"));
        var (nbeta, gamma) = (problem.GetProperty("nbeta").GetDouble(), problem.GetProperty("localization").GetDouble());
        var options = new SgldOptions { NBeta = nbeta, Localization = gamma, StepSize = problem.GetProperty("lr").GetDouble() };
        Assert.Equal(problem.GetProperty("posterior_expectation").GetDouble(), well.Expectation(nbeta, gamma), 1e-12);
        Assert.Equal(problem.GetProperty("discrete_chain_expectation").GetDouble(), well.ChainExpectation(options), 1e-12);
        Assert.Equal(problem.GetProperty("lambda_d_over_2").GetDouble(), well.LearningCoefficient);
    });

    [Fact]
    public void UnstableStep_HasNoStationaryValue() =>
        Assert.Equal(double.PositiveInfinity, new QuadraticWell([1]).ChainExpectation(new() { NBeta = 100, StepSize = 0.05 }));

    [Theory]
    [InlineData(5, 4, 5, 8)]
    [InlineData(4, 3, 8, 6)]
    [InlineData(3, 2, 3, 2.5)]
    [InlineData(6, 1, 2, 1)]
    public void ColdReducedRank_HasAoyagiAndWatanabesCoefficient(int inputs, int rank, int outputs, double coefficient)
    {
        var regression = new ReducedRank(inputs, rank, outputs);
        Assert.Equal(coefficient, regression.LearningCoefficient);
        Assert.Equal(coefficient, regression.Expectation(nbeta: 1e14, localization: 1), 0.02);
    }

    [Fact]
    public void ReducedRankOfMultiplicityTwo_ApproachesItByTheLogarithm()
    {
        // The free energy has ln ln nbeta more, so its derivative lacks 1 / ln nbeta, but for a constant beside the logarithm.
        var regression = new ReducedRank(5, 3, 5);
        double Missing(double nbeta) => regression.LearningCoefficient - regression.Expectation(nbeta, 1);
        Assert.Equal(6.5, regression.LearningCoefficient);
        Assert.Equal(Math.Log(1e14 / 1e10), 1 / Missing(1e14) - 1 / Missing(1e10), 0.5);
    }

    [Fact]
    public void ColdAnharmonicWell_HasTheLimitOfItsCovariance()
    {
        var well = new AnharmonicWell(l: 2, a: 1.5, g: 3);
        Assert.Equal(-2 * 1.5 / 8, well.CovarianceLimit, 1e-15);
        Assert.Equal(well.CovarianceLimit, 1e12 * well.Covariance(1e6), 1e-4);
    }

    [Fact]
    public void SecondMinimum_IsRefused() =>
        Assert.Contains("another minimum", Refusal(() => new AnharmonicWell(1, 3, 1)), StringComparison.Ordinal);

    [Fact]
    public void RankAboveTheInputs_HasNoExpectation() =>
        Assert.Contains("above the inputs", Refusal(() => new ReducedRank(2, 3, 4).Expectation(1, 1)), StringComparison.Ordinal);

    [Fact]
    public void ChainOfAnotherMethod_IsNotKnown() => Assert.Contains(
        "not for Sgnht", Refusal(() => new QuadraticWell([1]).ChainExpectation(new() { Method = SamplingMethod.Sgnht })),
        StringComparison.Ordinal);

    [Fact]
    public void Gradients_AreThoseOfTheLosses()
    {
        AssertGradient(new NormalCrossing(2, 3, 4, 0.1, 1).Engine());
        AssertGradient(new NormalCrossing(0, 1, 4).Engine());
        AssertGradient(new QuadraticWell([1, 0, 3]).Engine());
        AssertGradient(new AnharmonicWell(2, 1.5, 3).Engine());
        AssertGradient(new ReducedRank(3, 2, 4).Engine());
    }

    private static string Refusal(Func<object> asked) => Assert.Throws<ArgumentException>(asked).Message;

    private static void AssertGradient(FunctionEngine engine)
    {
        var walker = new Walker<double>(0, 0, engine.CenterOf(0));
        for (var i = 0; i < walker.Position.Length; i++) walker.Position[i] = 0.3 + 0.1 * i;
        engine.Evaluate([0], [walker]);
        double[] gradient = [.. walker.Gradient];
        for (var i = 0; i < gradient.Length; i++)
        {
            double At(double shift)
            {
                walker.Position[i] += shift;
                engine.Evaluate([0], [walker]);
                walker.Position[i] -= shift;
                return walker.Loss;
            }
            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, gradient[i], 1e-8);
        }
    }
}
