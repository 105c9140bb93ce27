using MlNetRllc.Core.Sampling.Oracles;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Crossings on the 1000 rows of the reference file.</summary>
internal static class ReferenceCrossing
{
    private static readonly System.Text.Json.JsonElement Data = ReferenceData.Read("normal_crossing.json");

    /// <summary>n / ln n of its rows.</summary>
    public static double NBeta => Data.GetProperty("nbeta_default_n_over_log_n").GetDouble();

    public static NormalCrossing WithPowers(int first, int second)
    {
        var (x, y) = (Data.Numbers("x"), Data.Numbers("y"));
        return new(first, second, x.Average(v => v * v), x.Zip(y, (a, b) => a * b).Average(), y.Average(v => v * v));
    }
}
