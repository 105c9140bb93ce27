using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>A quadratic loss with its minimum at w*, in minibatches that have slopes of their own there.</summary>
internal static class NoisyQuadratic
{
    private const int Rows = 64;

    /// <summary>Second derivatives along the axes.</summary>
    public static readonly double[] Curvatures = [0.2, 0.5, 1, 2, 4, 8, 12, 20];

    private static readonly double[] Center = [.. Curvatures.Select((_, i) => 0.3 * i - 1)];

    /// <summary>The loss of a row is <c>slope b' x + x' A x / 2</c> with x = w - w*; b is normal, and of mean 0 over all rows.</summary>
    public static FunctionEngine Engine(int rows = Rows, double slope = 1)
    {
        var slopes = Enumerable.Range(0, rows).Select(row => Normals("slope", row)).ToArray();
        double[] mean = [.. Curvatures.Select((_, i) => slopes.Average(b => b[i]))];
        return new(Center, Loss, rows);

        double Loss(ReadOnlySpan<int> batch, ReadOnlySpan<double> w, Span<double> gradient)
        {
            var loss = 0.0;
            for (var i = 0; i < w.Length; i++)
            {
                var (x, b) = (w[i] - Center[i], 0.0);
                foreach (var row in batch) b += slope * (slopes[row][i] - mean[i]) / batch.Length;
                loss += b * x + Curvatures[i] / 2 * x * x;
                if (gradient.Length > 0) gradient[i] = b + Curvatures[i] * x;
            }
            return loss;
        }
    }

    /// <summary>Minibatches of its rows.</summary>
    public static MinibatchSchedule Schedule(SgldOptions options) =>
        new(NamedRandom.Stream(options.Seed, "minibatches"), Rows, options.BatchSize);

    /// <summary>Normals of a name, one an axis.</summary>
    public static double[] Normals(params object[] name)
    {
        var values = new double[Curvatures.Length];
        NamedRandom.Stream(name).Normals(values, 0);
        return values;
    }
}
