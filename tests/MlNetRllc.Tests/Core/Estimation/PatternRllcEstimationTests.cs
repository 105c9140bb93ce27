using MlNetRllc.Core.Estimation;
using MlNetRllc.Tests.Core.Sampling.Observables;

namespace MlNetRllc.Tests.Core.Estimation;

/// <summary>Patterns of a quadratic, whose curvatures are known: values, both errors, profiles.</summary>
public sealed class PatternRllcEstimationTests(ITestOutputHelper output)
{
    private const int Seeds = 160;

    [Fact]
    public void Patterns_HaveTheirClosedForm()
    {
        var engine = new QuadraticProbes(spread: 0.3);
        var found = Estimate(engine.Sample(seed: 1, draws: 2000));
        Assert.Equal(["all", "weak", "strong", "none"], found.Select(p => p.Pattern));
        for (var p = 0; p < 3; p++) Assert.InRange((found[p].Estimate.Rllc - engine.Expected(p)) / found[p].Estimate.RllcStdErr, -3.0, 3.0);
        Assert.Equal(engine.Expected(1) / engine.Expected(0), found[1].Profile, 1e-9); // Its tokens' losses are multiples of the others'.
        Assert.Equal(1, found[0].Profile);
        Assert.Equal([2.0 + 1.5, 2.5, 4.5], found.Take(3).Select(p => p.BaselineLoss));
    }

    [Fact]
    public void ErrorOfTheChains_IsTheSpreadOverSeeds()
    {
        var engine = new QuadraticProbes();
        var found = Enumerable.Range(1, Seeds).Select(seed => Estimate(engine.Sample(seed))).ToList();
        AssertSpread(found, p => p.Estimate.Rllc, p => p.Estimate.RllcStdErr, "chains");
    }

    [Fact]
    public void ErrorOfTheTexts_IsTheSpreadOverTexts()
    {
        var found = Enumerable.Range(1, Seeds).Select(text => Estimate(new QuadraticProbes(text, 40, 0.4).Sample(seed: 1))).ToList();
        AssertSpread(found, p => p.Estimate.Rllc, p => p.TextStdErr, "texts");
        AssertSpread(found, p => p.Pattern == "all" ? double.NaN : p.Profile, p => p.ProfileTextStdErr, "profiles");
    }

    [Fact]
    public void SomeDraws_GiveTheSameMeansAsAllWhereTheyAreOneAndTheSame()
    {
        var engine = new QuadraticProbes();
        var (all, third) = (engine.Sample(1, draws: 61).Observations![0], engine.Sample(1, draws: 61, every: 3).Observations![0]);
        Assert.Equal((61, 21, 3), (all.Draws, third.Draws, third.Every));
        for (var chain = 0; chain < 4; chain++)
            for (var draw = 0; draw < 21; draw++)
                Assert.Equal(all.Differences[chain * 61 + 3 * draw], third.Differences[chain * 21 + draw]);
    }

    [Fact]
    public void WholeSet_IsTheMeanOfItsPatterns()
    {
        var found = Estimate(new QuadraticProbes(spread: 0.3).Sample(seed: 3));
        Assert.Equal(found[0].Estimate.Rllc, (found[1].Estimate.Rllc + found[2].Estimate.Rllc) / 2, 1e-6);
    }

    [Fact]
    public void PairsOfChains_TellTheShareOfTheData_OfEveryPatternWithTokens()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 90, every: 3, pairs: true);
        var options = new EstimationOptions { DiscardDraws = 40 };
        var found = PatternRllcEstimation.Estimate(trace, options, new());
        for (var p = 0; p < 3; p++)
        {
            // The 14th observed draw is draw 42, the first that is kept.
            double[] kept = [.. trace.Observations![0].Differences.Chunk(30).Skip(4 * p).Take(4).SelectMany(chain => chain[14..])];
            Assert.Equal(DataShare.Estimate(kept, 4, QuadraticProbes.NBeta), found[p].DataShare);
            Assert.True(found[p].DataShare is { Value: > 0, StdErr: > 0 });
        }
        Assert.Equal(DataShare.Unknown, found[3].DataShare);
        Assert.Equal(found[1].DataShare, DataShare.Estimate(trace, trace.Observations![0], 1, options));
    }

    [Fact]
    public void ChainsThatWalkInNoPairs_TellNoShareOfTheData() => Assert.All(
        Estimate(new QuadraticProbes().Sample(seed: 1, draws: 20)), p => Assert.Equal(DataShare.Unknown, p.DataShare));

    [Fact]
    public void PatternWithoutTokens_IsMissingWithItsReason()
    {
        var none = Estimate(new QuadraticProbes().Sample(seed: 1, draws: 20))[3];
        Assert.Equal((RllcStatus.Missing, 0), (none.Estimate.Status, none.Tokens));
        Assert.Contains("no token of the probe set 'probe' has the pattern 'none'", none.Estimate.Reason, StringComparison.Ordinal);
        Assert.True(double.IsNaN(none.Estimate.Rllc) && double.IsNaN(none.Profile) && double.IsNaN(none.PValue));
    }

    [Fact]
    public void WholeSetWithinThreeErrorsOfNothing_HasNoProfile()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 40);
        var probe = trace.Observations![0];
        var random = new SimulatedChains(1);
        var noise = trace with { Observations = [probe with { Differences = [.. probe.Differences.Select(_ => random.Normal())] }] };
        Assert.All(Estimate(noise), p => Assert.True(double.IsNaN(p.Profile) && double.IsNaN(p.ProfileStdErr)));
    }

    [Fact]
    public void ChainThatDiverged_IsLeftOutAndSaid()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 40);
        var probe = trace.Observations![0];
        double[] cut = [.. probe.Differences.Select((d, i) => i / 40 % 4 == 2 && i % 40 > 9 ? double.NaN : d)];
        var weak = Estimate(trace with { Observations = [probe with { Differences = cut }] })[1].Estimate;
        Assert.Equal(RllcStatus.Diverged, weak.Status);
        Assert.True(double.IsFinite(weak.Rllc) && double.IsNaN(weak.ChainRllcs[2]));
        Assert.Contains("the first at draw 10", weak.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ComponentWhoseChainsAllDiverged_SaysSo()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 20);
        var probe = trace.Observations![0];
        double[] nothing = [.. probe.Differences.Select((d, i) => i % 20 > 3 ? double.NaN : d)];
        var weak = Estimate(trace with { Observations = [probe with { Differences = nothing }] })[1];
        Assert.Equal((RllcStatus.Diverged, double.NaN, double.NaN), (weak.Estimate.Status, weak.Estimate.Rllc, weak.Profile));
        Assert.Contains("all 4 chains stopped being finite", weak.Estimate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ChainThatDivergesAfterItsLastObservation_IsLeftOutToo()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 40) with { DivergedAt = [-1, 39, -1, -1] };
        Assert.All(Estimate(trace).Where(p => p.Tokens > 0), p =>
        {
            Assert.Equal(RllcStatus.Diverged, p.Estimate.Status);
            Assert.Equal([false, true, false, false], p.Estimate.ChainRllcs.Select(double.IsNaN));
        });
    }

    [Fact]
    public void WalkerThatMovesByRoundingAlone_HasNoProfile()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 20);
        var probe = trace.Observations![0];
        double[] still = [.. probe.Differences.Select((_, i) => -1e-8 * (1 + i / 80))];
        Assert.All(Estimate(trace with { Observations = [probe with { Differences = still }] }).Where(p => p.Tokens > 0), p =>
        {
            Assert.Equal((RllcStatus.NotConverged, double.NaN, double.NaN), (p.Estimate.Status, p.Profile, p.PValue));
            Assert.Contains("the draws never differ", p.Estimate.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Control_HasNoShareOfTheData()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 40) with { Antithetic = true };
        Assert.True(double.IsFinite(Estimate(trace)[0].DataShare.Value));
        Assert.Equal(double.NaN, Estimate(trace with { Control = true })[0].DataShare.Value);
    }

    [Fact]
    public void TokensThatNeverVary_AreWorthNothing_AndSaySo()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 20);
        var probe = trace.Observations![0];
        double[] still = [.. probe.Differences.Select((d, i) => i / 80 == 1 ? 0 : d)];
        var weak = Estimate(trace with { Observations = [probe with { Differences = still }] })[1];
        Assert.Equal((0.0, 0.0, double.NaN, double.NaN), (weak.Estimate.Rllc, weak.Estimate.RllcStdErr, weak.Profile, weak.PValue));
        Assert.Contains("the draws never differ", weak.Estimate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ObservationOfTheWrongSize_IsRefused()
    {
        var trace = new QuadraticProbes().Sample(seed: 1, draws: 20);
        var cut = trace with { Observations = [trace.Observations![0] with { Differences = [1, 2, 3] }] };
        var refused = Assert.Throws<ArgumentException>(() => Estimate(cut));
        Assert.Contains("'probe' has 3 differences", refused.Message, StringComparison.Ordinal);
    }

    private void AssertSpread(
        List<IReadOnlyList<PatternRllc>> found, Func<PatternRllc, double> value, Func<PatternRllc, double> error, string what)
    {
        for (var p = 0; p < 3; p++)
        {
            double[] values = [.. found.Select(f => value(f[p]))];
            if (double.IsNaN(values[0])) continue;
            var spread = Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / (Seeds - 1));
            var reported = Math.Sqrt(found.Average(f => Math.Pow(error(f[p]), 2)));
            output.WriteLine($"{what} {found[0][p].Pattern}: spread {spread:g3}, reported {reported:g3}, ratio {spread / reported:f2}");
            Assert.InRange(spread / reported, 0.8, 1.25);
        }
    }

    private static IReadOnlyList<PatternRllc> Estimate(LossTrace trace) => PatternRllcEstimation.Estimate(trace, new(), new());
}
