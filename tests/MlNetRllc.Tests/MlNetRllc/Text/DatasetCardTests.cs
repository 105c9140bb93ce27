using Microsoft.ML;
using MlNetRllc.Text;

namespace MlNetRllc.Tests.Text;

public sealed class DatasetCardTests
{
    private static readonly MLContext Context = new();

    [Theory]
    [InlineData("dotnet-docs", 10_000_000)]
    [InlineData("dotnet-code", 1_400_000)]
    [InlineData("languages-de", 150_000)]
    [InlineData("languages-es", 150_000)]
    [InlineData("languages-fr", 150_000)]
    [InlineData("languages-it", 150_000)]
    [InlineData("languages-ja", 150_000)]
    [InlineData("languages-ru", 150_000)]
    [InlineData("languages-zh-Hans", 120_000)]
    public void PackagedText_IsWhatItsCardSays(string name, long leastBytes)
    {
        var dataset = Context.Rllc.LoadText(name);
        var summary = dataset.Summarize();
        TestContext.Current.TestOutputHelper!.WriteLine(summary.ToString());
        Assert.InRange(summary.Bytes, leastBytes, long.MaxValue);
        var card = dataset.Card;
        Assert.Equal((card.Documents, card.Bytes, card.Checksum), (summary.Documents, summary.Bytes, summary.Checksum));
    }
}
