using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Tests.Core.Estimation;

public sealed class FalseDiscoveryTests
{
    /// <summary>The p-values of Benjamini and Hochberg (1995), section 3.1: at a rate of 0.05 the first four are called out.</summary>
    [Fact]
    public void TheirExample_CallsOutFour()
    {
        double[] p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1];
        var q = FalseDiscovery.QValues(p);
        Assert.Equal(4, q.Count(v => v <= 0.05));
        Assert.Equal([.0015, .003, .0095], q.Take(3), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(1, q[^1]);
    }

    [Fact]
    public void OrderAndGaps_StayWhereTheyWere()
    {
        var q = FalseDiscovery.QValues([double.NaN, .04, .01]);
        Assert.True(double.IsNaN(q[0]));
        Assert.Equal([.04, .02], q.Skip(1));
    }

    [Fact]
    public void ValuesUnderNoEffect_CallOutFewTables()
    {
        // At a rate of 0.1 one table in ten calls something out where nothing is there.
        var random = new Random(1);
        double[] Table() => [.. Enumerable.Range(0, 240).Select(_ => random.NextDouble())];
        Assert.InRange(Enumerable.Range(0, 2000).Count(_ => FalseDiscovery.QValues(Table()).Min() <= 0.1) / 2000.0, 0.08, 0.12);
    }
}
