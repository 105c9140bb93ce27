using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class AllAutocovariancesTests
{
    [Theory, InlineData(1), InlineData(255), InlineData(256), InlineData(257), InlineData(1000), InlineData(4096)]
    public void EveryLag_IsTheMeanOfProducts(int length)
    {
        var series = Wandering(length);
        var all = new AllAutocovariances(series);
        for (var lag = 0; lag < length; lag += length < 300 ? 1 : 7)
        {
            var sum = 0.0;
            for (var t = 0; t + lag < length; t++) sum += series[t] * series[t + lag];
            Assert.Equal(sum / length, all.AtLag(lag), 1e-13 * Autocovariance.AtLag(series, 0));
        }
    }

    [Fact]
    public void LagBeyondTheSeries_IsZero() =>
        Assert.Equal([0, 0], new[] { 300, 10_000 }.Select(new AllAutocovariances(Wandering(300)).AtLag));

    // A walk with a slow pull back: correlated over hundreds of draws.
    private static double[] Wandering(int length)
    {
        var noise = new double[length];
        NamedRandom.Stream("wandering").Normals(noise, 0);
        for (var t = 1; t < length; t++) noise[t] += 0.999 * noise[t - 1];
        return noise;
    }
}
