using System.Text.Json;
using MlNetRllc.Core.Engines.Autograd;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>A regression on x prod w_i^k_i at w* = 0, by the second moments of its data: mean of (y - x prod w_i^k_i)^2.</summary>
internal sealed class NormalCrossing
{
    private readonly double[] powers;
    private readonly double xx, xy, yy;

    public NormalCrossing(params double[] powers)
    {
        var data = ReferenceData.Read("normal_crossing.json");
        var (x, y) = (data.Numbers("x"), data.Numbers("y"));
        this.powers = powers;
        (xx, xy, yy) = (x.Average(v => v * v), x.Zip(y, (a, b) => a * b).Average(), y.Average(v => v * v));
        NBeta = data.GetProperty("nbeta_default_n_over_log_n").GetDouble();
    }

    /// <summary>n / ln n of its 1000 rows.</summary>
    public double NBeta { get; }

    public FunctionEngine Engine() => new(new double[powers.Length], (rows, w, gradient) =>
    {
        var product = 1.0;
        for (var i = 0; i < powers.Length; i++) product *= Math.Pow(w[i], powers[i]);
        for (var i = 0; i < gradient.Length; i++)
        {
            var slope = powers[i] == 0 ? 0 : powers[i] * Math.Pow(w[i], powers[i] - 1);
            for (var j = 0; j < powers.Length; j++) if (j != i) slope *= Math.Pow(w[j], powers[j]);
            gradient[i] = 2 * (xx * product - xy) * slope;
        }
        return xx * product * product - 2 * xy * product + yy;
    });

    /// <summary>The posterior's mean of nbeta (L(w) - L(w*)) for two weights, by the trapezoidal rule over +- 8 widths of the
    /// pull.</summary>
    public double Expectation(double localization)
    {
        const int points = 4000;
        var width = 8 / Math.Sqrt(localization);
        double weight = 0, sum = 0;
        for (var i = 0; i <= points; i++)
        {
            var first = width * (2.0 * i / points - 1);
            var (power, pull) = (Math.Pow(first, powers[0]), localization / 2 * first * first);
            for (var j = 0; j <= points; j++)
            {
                var second = width * (2.0 * j / points - 1);
                var product = power * Math.Pow(second, powers[1]);
                var energy = NBeta * (xx * product * product - 2 * xy * product);
                var density = Math.Exp(-energy - pull - localization / 2 * second * second);
                (weight, sum) = (weight + density, sum + density * energy);
            }
        }
        return sum / weight;
    }
}
