using System.Text.Json;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Dynamics;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Single steps of the dynamics, on given noise.</summary>
public sealed class DynamicsTests
{
    private static readonly JsonElement Trajectories = ReferenceData.Read("sgld_trajectories.json");

    public static TheoryData<string> Cases =>
        [.. Trajectories.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void GivenNoise_WalksTheReferenceTrajectory(string name)
    {
        var reference = Trajectories.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var (h, c, start) = (Trajectories.Numbers("h"), Trajectories.Numbers("c"), Trajectories.Numbers("w0"));
        var noise = Trajectories.GetProperty("noise").EnumerateArray().Select(n => n.Numbers()).ToList();
        var mask = reference.GetProperty("mask");
        int[] sampled = [.. Enumerable.Range(0, start.Length).Where(i => mask.ValueKind == JsonValueKind.Null || mask[i].GetDouble() > 0)];

        var options = Options(reference);
        var walker = new Walker<double>(0, 0, [.. sampled.Select(i => start[i])]);
        var dynamics = Dynamics<double>.Create(options, sampled.Length);
        var whole = start.ToArray();
        foreach (var step in reference.GetProperty("trajectory").EnumerateArray())
        {
            for (var i = 0; i < sampled.Length; i++)
                walker.Gradient[i] = h[sampled[i]] * (walker.Position[i] - c[sampled[i]]);
            dynamics.Step(walker, 0, [.. sampled.Select(i => noise[step.GetProperty("step").GetInt32()][i])]);
            for (var i = 0; i < sampled.Length; i++) whole[sampled[i]] = walker.Position[i];
            Assert.Equal(step.Numbers("w_after"), whole, (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    /// <summary>On U = |w|^2 / 2: previous point, proposal, step size and the acceptance that
    /// devinterp's tests state for them.</summary>
    [Theory]
    [InlineData(0.0, 0.0, 1.5, 5.5, 0.1, 0.6661436)]
    [InlineData(1.0, 1.0, 1.5, 0.5, 0.5, 0.9692332)]
    [InlineData(0.0, 0.0, 10.5, 5.5, 0.1, 0.17268492)]
    [InlineData(0.0, 0.0, 10.5, 5.5, 0.5, 0.00015359)]
    public void KnownProposal_HasTheKnownMetropolisAcceptance(
        double x0,
        double x1,
        double y0,
        double y1,
        double stepSize,
        double expected)
    {
        var options = new SgldOptions { StepSize = stepSize, NBeta = 1, Localization = 0 };
        var walker = new Walker<double>(0, 0, [x0, x1]);
        var dynamics = Dynamics<double>.Create(options, 2);
        AtPosition(walker);
        double[] noise = [.. new[] { y0, y1 }.Zip(walker.Position, (y, x) => (y - x + stepSize / 2 * x) / Math.Sqrt(stepSize))];
        dynamics.Step(walker, 0, noise);
        AtPosition(walker);
        dynamics.Step(walker, 0, new double[2]);

        Assert.Equal(expected, dynamics.Acceptance, 1e-5); // stated in float32

        static void AtPosition(Walker<double> walker)
        {
            walker.Position.CopyTo(walker.Gradient, 0);
            walker.Loss = walker.Position.Sum(x => x * x) / 2;
        }
    }

    /// <summary>The Ornstein-Uhlenbeck process over a time of eps / 2 times the precision, beside a force that stays.</summary>
    [Theory, InlineData(200, 1e-3), InlineData(300, 0.1), InlineData(1e-3, 1e-3)]
    public void ExactPull_IsTheStepOfItsOwnProcess(double gamma, double stepSize)
    {
        var options = new SgldOptions { StepSize = stepSize, NBeta = 30, Localization = gamma, ExactPull = true };
        var walker = new Walker<double>(0, 0, [0.5]) { Position = { [0] = 0.7 }, Gradient = { [0] = 0.04 } };
        Dynamics<double>.Create(options, 1).Step(walker, 0, [1.3]);
        var a = Math.Exp(-gamma * stepSize / 2);
        var expected = 0.5 + a * 0.2 - (1 - a) / gamma * 30 * 0.04 + Math.Sqrt((1 - a * a) / gamma) * 1.3;
        Assert.Equal(expected, walker.Position[0], 1e-9);
    }

    [Fact]
    public void ExactPullWithoutAPull_IsEulers()
    {
        var euler = new SgldOptions { Localization = 0 };
        Assert.Equal(Walked(euler, curvature: 1, steps: 50), Walked(euler with { ExactPull = true }, curvature: 1, steps: 50));
    }

    /// <summary>Chains that never see the loss have the variance of the pull's process: 1 / (gamma (1 - eps gamma / 4)) by
    /// Euler, 1 / gamma stepped exactly, whatever the curvature.</summary>
    [Theory, InlineData(false, 1.0 / 0.925), InlineData(true, 1.0)]
    public void Control_HasTheVarianceOfThePullAlone(bool exact, double expected)
    {
        const int gamma = 300, dimension = 400, steps = 3_000, burnIn = 300;
        var options = new SgldOptions { Localization = gamma, StepSize = 1e-3, Control = true, ExactPull = exact };
        var squares = Walked(options, curvature: 5, steps, dimension).Skip(burnIn).Select(w => w.Average(x => x * x)).Average();
        // 1,080,000 draws, whose squares are correlated over some four steps.
        Assert.Equal(expected, squares * gamma, 4 * Math.Sqrt(2.0 * 4 / (dimension * (steps - burnIn))) * expected);
    }

    /// <summary>A step that takes no error for the pull is proposed from the pull's own process, and accepted always.</summary>
    [Fact]
    public void ControlSteppedExactly_IsAlwaysAccepted()
    {
        var options = new SgldOptions { Localization = 300, StepSize = 1e-2, Control = true, ExactPull = true };
        var dynamics = Dynamics<double>.Create(options, 20);
        Assert.Equal(100, Walked(options, curvature: 5, steps: 100, dimension: 20, dynamics).Count());
        Assert.Equal(1, dynamics.Acceptance, 1e-9);
    }

    [Theory, InlineData(SamplingMethod.RmsPropSgld), InlineData(SamplingMethod.Sgnht)]
    public void OptionOfSgldAlone_IsRefusedOfOthers(SamplingMethod method)
    {
        var refused = Assert.Throws<ArgumentException>(() => new SgldOptions { Method = method, Control = true }.Validated());
        Assert.Equal($"SgldOptions asks {method} for a control, which the method Sgld alone has.", refused.Message);
    }

    /// <summary>Positions on a quadratic about 0, [step][dimension].</summary>
    private static IEnumerable<double[]> Walked(
        SgldOptions options, double curvature, int steps, int dimension = 1, Dynamics<double>? dynamics = null)
    {
        dynamics ??= Dynamics<double>.Create(options, dimension);
        var (walker, noise) = (new Walker<double>(0, 0, new double[dimension]), new double[dimension]);
        for (var step = 0; step < steps; step++)
        {
            for (var i = 0; i < dimension; i++) walker.Gradient[i] = curvature * walker.Position[i];
            walker.Loss = curvature / 2 * walker.Position.Sum(x => x * x);
            NamedRandom.Stream("walked", step).Normals(noise, 0);
            dynamics.Step(walker, 0, noise);
            yield return [.. walker.Position];
        }
    }

    private static SgldOptions Options(JsonElement reference)
    {
        var settings = reference.GetProperty("kwargs");
        double Number(string name, double otherwise) => settings.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        return new()
        {
            Method = reference.GetProperty("method").GetString()!.StartsWith("rms", StringComparison.Ordinal)
                ? SamplingMethod.RmsPropSgld : SamplingMethod.Sgld,
            StepSize = Number("lr", 0),
            NBeta = Number("nbeta", 0),
            Localization = Number("localization", 0),
            WeightDecay = Number("weight_decay", 0),
            BoundingBox = settings.TryGetProperty("bounding_box_size", out var box) ? box.GetDouble() : null,
            NoiseLevel = Number("noise_level", 1),
            RmsPropDecay = Number("alpha", 0.99),
            RmsPropEpsilon = Number("eps", 0.1),
        };
    }
}
