using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Calibration;
using MlNetRllc.Tests.Core.Sampling.Observables;

namespace MlNetRllc.Tests.Core.Sampling.Calibration;

/// <summary>Who sets the estimate, data or pull, decides among settings that are good otherwise.</summary>
public sealed class CalibrationByDataShareTests(ITestOutputHelper output)
{
    private const double NBeta = 30;

    [Fact]
    public void OnAQuadratic_SmallerPullsHaveTheLargerShare_AndTheSmallestIsRecommended()
    {
        var result = Quadratic([20, 200, 2000]);
        foreach (var pull in (double[])[20, 200, 2000])
        {
            var expected = OfTheChain(3e-4, pull);
            var smallest = result.Rows.First(r => r.Localization == pull && r.StepSize == 3e-4).DataShare;
            output.WriteLine($"pull {pull}: share {smallest.Value:f3} \u00b1 {smallest.StdErr:f3}, of the chain {expected:f3}");
            Assert.InRange((smallest.Value - expected) / smallest.StdErr, -3, 3);
        }
        output.WriteLine(result.Reason);
        Assert.Equal(20, result.Recommended.Localization);
        var chosen = result.Rows.Single(r => (r.StepSize, r.Localization) == (result.Recommended.StepSize, 20));
        Assert.InRange(chosen.Estimate.MalaAcceptance, 0.83, 0.97);
        Assert.Matches(
            @"Its share of the data is (0\.[89]|1\.0)\d \u00b1 0\.\d\d, .* of \d settings that are good otherwise\.$", result.Reason);
    }

    [Fact]
    public void PullThatSetsTheEstimateEverywhere_IsSaidPlainly()
    {
        var reason = Judge((100, 1e-3, Share: 0.02, Acceptance: 0.9), (200, 1e-3, Share: 0.01, Acceptance: 0.9)).Reason;
        Assert.Contains(
            "The pull (the prior), not the data, sets the estimate at every setting: the largest share of the data is 0.0", reason,
            StringComparison.Ordinal);
        Assert.EndsWith("Try smaller localizations or a larger nbeta.", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LargestShareAmongSettingsThatAreGoodOtherwise_IsRecommended()
    {
        var result = Judge((50, 1e-3, 0.7, 0.5), (100, 1e-3, 0.4, 0.88), (200, 1e-3, 0.15, 0.9));
        Assert.Equal(100, result.Recommended.Localization);
        Assert.Matches(
            @"Its share of the data is 0\.[34]\d \u00b1 0\.\d\d, the largest of 2 settings that are good otherwise\.$", result.Reason);
    }

    [Fact]
    public void SharesThatDifferByLessThanTheirError_LeaveTheChoiceToTheCost()
    {
        var result = Judge((200, 1e-3, 0.41, 0.96), (200, 1.1e-3, 0.4, 0.9));
        Assert.True(result.Rows[0].DataShare.Value > result.Rows[1].DataShare.Value);
        Assert.Equal(1.1e-3, result.Recommended.StepSize);
        Assert.Contains("within its error of the largest of 2 settings", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void NoSettingThatIsGoodOtherwise_LeavesTheChoiceToTheCost_AndSaysTheShare()
    {
        var result = Judge((50, 1e-3, 0.7, 0.5), (100, 1e-3, 0.4, 0.6));
        Assert.Equal(100, result.Recommended.Localization);
        Assert.StartsWith("No setting is without fault", result.Reason, StringComparison.Ordinal);
        Assert.EndsWith("; a share decides among settings that are good otherwise.", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LargerShareOfAFaultySetting_IsNoComfortForThePull()
    {
        var reason = Judge((50, 1e-3, 0.7, 0.5), (100, 1e-3, 0.05, 0.9)).Reason;
        Assert.EndsWith(
            "of 1 setting that is good otherwise: the pull (the prior), not the data, sets the estimate there.", reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAProbeSet_NoShareIsKnownOrSpokenOf()
    {
        var result = SgldCalibration.Judge([new()], [[TraceOf(0.4, 0.9, "unseen") with { Observations = null }]], new());
        Assert.Equal(DataShare.Unknown, result.Rows[0].DataShare);
        Assert.DoesNotContain("share", result.Reason, StringComparison.Ordinal);
    }

    /// <summary>2 sum f^2 / sum f with the variances of the chain as it steps, <c>1 / (p (1 - eps p / 4))</c>.</summary>
    private static double OfTheChain(double stepSize, double pull)
    {
        double[] shares = [.. from a in QuadraticProbes.Curvatures
                              let precision = NBeta * a + pull
                              select NBeta * a / (2 * precision * (1 - stepSize * precision / 4))];
        return 2 * shares.Sum(f => f * f) / shares.Sum();
    }

    private static CalibrationResult Judge(params (double Pull, double Step, double Share, double Acceptance)[] settings) =>
        SgldCalibration.Judge(
            [.. settings.Select(s => new SgldOptions { Localization = s.Pull, StepSize = s.Step, NBeta = NBeta })],
            [[.. settings.Select((s, i) => TraceOf(s.Share, s.Acceptance, "even parts"))]],
            new());

    /// <summary>Two pairs of 200 uncorrelated draws about a level of 1; settings of one share have one noise, so that they differ by their
    /// shares alone.</summary>
    private static LossTrace TraceOf(double share, double acceptance, string name)
    {
        const int Draws = 200;
        var normals = new double[2 * Draws];
        NamedRandom.Stream(1, name).Normals(normals, 0);
        double[] phi = [.. Enumerable.Range(0, 4 * Draws).Select(i =>
            1 + Math.Sqrt(share / NBeta) * normals[i / (2 * Draws) * Draws + i % Draws])];
        var probe = new ProbeTrace
        {
            Probe = "probe", Patterns = [ProbeTrace.WholeSet], Tokens = [8], BaselineLosses = [2], Every = 1, Draws = Draws,
            Differences = phi, Contexts = 1, ContextTokens = [8], ContextSums = [8],
        };
        return new()
        {
            Component = "made up", Dimension = 1, NBeta = NBeta, Chains = 4, Draws = Draws, Losses = phi,
            BaselineLosses = new double[Draws], MalaAcceptance = [.. Enumerable.Repeat(acceptance, 4)], DivergedAt = [-1, -1, -1, -1],
            Antithetic = true, Observations = [probe],
        };
    }

    private static CalibrationResult Quadratic(double[] pulls)
    {
        var options = new CalibrationOptions
        {
            StepSizes = [3e-4, 6e-4, 9e-4], NBetas = [NBeta], Localizations = pulls,
            Sampling = new() { Chains = 8, Draws = 400, BurnIn = 400, Thinning = 5, BatchSize = 1, Antithetic = true },
        };
        var engine = new QuadraticProbes();
        var settings = options.Settings();
        SampledRow[] rows = [.. settings.Select(s => new SampledRow(new("quadratic"), 0, s))];
        var run = new LockStepRun<double>(engine, rows, new(NamedRandom.Stream(1), 1, 1)) { Observed = new([engine.Set], new()) };
        return SgldCalibration.Judge(settings, [[.. run.Run()]], options);
    }
}
