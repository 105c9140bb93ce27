namespace MlNetRllc.Tests.Runner.Steps;

public sealed class ClusterStepTests
{
    /// <summary>What only a layer has to say is said as well.</summary>
    [Fact]
    public void LayerWithFewerCurvesThanClusters_SaysSo()
    {
        var summary = SummaryOf("clusters: 3, perLayer: true");
        Assert.Contains("l0: 3 clusters were asked for, but only 2 curves are distinct", summary, StringComparison.Ordinal);
        Assert.Contains("l1: 3 clusters were asked for", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void LayerWithoutAGivenStart_SaysThatItStartsAtRandom()
    {
        var summary = SummaryOf("initialComponents: [l0h0, l0h1], perLayer: true");
        Assert.Contains("l1: none of the initial components is in it, so it starts at random", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("l0: none", summary, StringComparison.Ordinal);
    }

    private static string SummaryOf(string options)
    {
        using var study = new ReducedStudy(ReducedStudy.Yaml.Replace("cluster: { rllc: rllc }", $"cluster: {{ rllc: rllc, {options} }}"));
        return study.Run().Steps.Single(s => s.Name == "clusters").Summary;
    }
}
