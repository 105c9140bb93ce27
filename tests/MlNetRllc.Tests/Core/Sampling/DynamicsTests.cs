using System.Text.Json;
using MlNetRllc.Core.Engines;
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
