using Microsoft.ML;
using MlNetRllc.Text;

namespace MlNetRllc.Tests.Text;

public sealed class DatasetCardTests
{
    [Fact]
    public void DotnetDocs_AreWhatTheCardSays()
    {
        var dataset = new MLContext().Rllc.LoadText("dotnet-docs");
        var summary = dataset.Summarize();
        TestContext.Current.TestOutputHelper!.WriteLine(summary.ToString());
        Assert.Equal((dataset.Card.Documents, dataset.Card.Bytes, dataset.Card.Checksum), (summary.Documents, summary.Bytes, summary.Checksum));
    }
}
