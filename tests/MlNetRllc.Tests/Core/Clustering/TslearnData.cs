using System.Text.Json;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Tests.Core.Sampling;

namespace MlNetRllc.Tests.Core.Clustering;

/// <summary>Reference/tslearn.json: curves, and what tslearn 0.10.0, scikit-learn 1.9.1 and scipy
/// 1.17.1 make of them, with their definitions inside.</summary>
internal static class TslearnData
{
    private static readonly JsonElement Root = ReferenceData.Read("tslearn.json");

    /// <summary>The cases of a part, such as <c>distances.dtw</c>.</summary>
    public static List<JsonElement> CasesOf(string path) => [.. Part(path).EnumerateArray()];

    public static JsonElement Part(string path) =>
        path.Split('.').Aggregate(Root, (element, name) => element.GetProperty(name));

    /// <summary>The curves of a case, normalised as it says, [item][channel][point].</summary>
    public static double[][][] CurvesOf(JsonElement of)
    {
        var curves = Curves(Root.GetProperty("data").GetProperty(of.GetProperty("data").GetString()!).GetProperty("x"));
        if (of.GetProperty("normalization").GetString() == "none") return curves;
        return [.. curves.Select(curve => curve
            .Select(channel => TrajectoryPreparation.Normalize(channel, TrajectoryNormalization.Standardize)).ToArray())];
    }

    /// <summary>[item][point][channel] as [item][channel][point].</summary>
    public static double[][][] Curves(JsonElement items) => [.. items.EnumerateArray().Select(Curve)];

    /// <summary>[point][channel] as [channel][point].</summary>
    public static double[][] Curve(JsonElement points)
    {
        double[][] rows = [.. points.EnumerateArray().Select(point => point.Numbers())];
        return [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Select(row => row[c]).ToArray())];
    }

    public static int[] Whole(this JsonElement of, string property) =>
        [.. of.GetProperty(property).EnumerateArray().Select(value => value.GetInt32())];

    /// <summary>The band of a case.</summary>
    public static WarpingBand BandOf(JsonElement of) =>
        RadiusOf(of) is { } radius ? WarpingBand.OfRadius(radius) : WarpingBand.Free;

    public static int? RadiusOf(JsonElement of) =>
        of.GetProperty("sakoeChibaRadius") is { ValueKind: JsonValueKind.Number } radius ? radius.GetInt32() : null;

    /// <summary>Distances of all pairs, [item, item].</summary>
    public static double[,] Pairs(double[][][] curves, Func<double[][], double[][], double> distance)
    {
        var distances = new double[curves.Length, curves.Length];
        for (var i = 0; i < curves.Length; i++)
            for (var j = 0; j < curves.Length; j++) distances[i, j] = i == j ? 0 : distance(curves[i], curves[j]);
        return distances;
    }

    /// <summary>The definition: all channels together, point by point.</summary>
    public static double Euclidean(double[][] x, double[][] y) =>
        Math.Sqrt(x.Zip(y).Sum(pair => pair.First.Zip(pair.Second, (a, b) => (a - b) * (a - b)).Sum()));

    public static void AssertNear(double[] expected, IEnumerable<double> found, double tolerance)
    {
        var values = found.ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], tolerance);
    }

    /// <summary>Curves in the file's order: point after point, of each its channels.</summary>
    public static IEnumerable<double> ByPoint(IReadOnlyList<double[]> channels) =>
        Enumerable.Range(0, channels[0].Length).SelectMany(t => channels.Select(channel => channel[t]));
}
