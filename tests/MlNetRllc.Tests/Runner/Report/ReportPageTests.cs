using System.Text.Json;
using System.Text.RegularExpressions;
using MlNetRllc.Runner.Report;

namespace MlNetRllc.Tests.Runner.Report;

public sealed partial class ReportPageTests
{
    [Fact]
    public void Page_AsksTheNetworkForNothing()
    {
        var page = ReportPage.Render(SyntheticStudy.Create());
        Assert.DoesNotMatch(RemoteReference(), page);
        Assert.Contains("default-src 'none'", page);
        Assert.Equal(2, OpeningScript().Count(page));
    }

    [Fact]
    public void Data_IsJsonWithEveryHeadAndEstimate()
    {
        var study = SyntheticStudy.Create();
        using var data = Data(ReportPage.Render(study));
        var rows = data.RootElement.GetProperty("rllc").GetProperty("rows");
        Assert.Equal(study.Rllc.Count, rows.GetArrayLength());
        Assert.Equal(8, rows.EnumerateArray().Select(r => r[1].GetString()).Distinct().Count());
        Assert.Equal(study.Traces.Count, data.RootElement.GetProperty("traces").GetArrayLength());
    }

    [Fact]
    public void ValueThatIsNotFinite_BecomesNull()
    {
        var study = SyntheticStudy.Create();
        study = study with { Rllc = [study.Rllc[0] with { Rllc = double.NaN, RHat = double.PositiveInfinity }] };
        using var data = Data(ReportPage.Render(study));
        var row = data.RootElement.GetProperty("rllc").GetProperty("rows")[0];
        Assert.Equal(JsonValueKind.Null, row[3].ValueKind);
        Assert.Equal(JsonValueKind.Null, row[5].ValueKind);
    }

    [Fact]
    public void TextThatLooksLikeMarkup_CannotLeaveItsPlace()
    {
        var study = SyntheticStudy.Create(title: "</script><script>alert(1)</script>");
        var page = ReportPage.Render(study with { Pipeline = "{{css}} </script> <!-- " });
        Assert.Equal(2, OpeningScript().Count(page));
        using var data = Data(page);
        Assert.Equal("{{css}} </script> <!-- ", data.RootElement.GetProperty("pipeline").GetString());
    }

    [Fact]
    public void PackedTrace_KeepsRunningMeansAtBlockEnds()
    {
        var trace = SyntheticStudy.Create(draws: 60).Traces[^1];
        var packed = PackedTrace.From(0, trace, mostDraws: 20);
        Assert.Equal(3, packed.Block);
        Assert.Equal(20, packed.Draws);
        var bytes = Convert.FromBase64String(packed.Data);
        for (var chain = 0; chain < trace.Chains; chain++)
        {
            var mean = Enumerable.Range(0, packed.Draws).Average(k => packed.Scale * BitConverter.ToInt16(bytes, 2 * (chain * packed.Draws + k)));
            var expected = Enumerable.Range(0, trace.Draws).Average(d => trace.NBeta * (trace.Losses[chain * trace.Draws + d] - trace.BaselineLosses[d]));
            Assert.Equal(expected, mean, packed.Scale);
        }
    }

    [Fact]
    public void Page_StaysSmallForAStudyOfThePapersSize()
    {
        var page = ReportPage.Render(SyntheticStudy.Create(heads: 8, checkpoints: 60, draws: 200));
        Assert.InRange(page.Length, 100_000, 6_000_000);
    }

    private static JsonDocument Data(string page) => JsonDocument.Parse(DataScript().Match(page).Groups[1].Value);

    [GeneratedRegex("<script")]
    private static partial Regex OpeningScript();

    [GeneratedRegex("""<script type="application/json" id="study">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex DataScript();

    [GeneratedRegex("""(src|href)\s*=\s*["']?\s*(https?:)?//|url\(\s*["']?(https?:)?//|@import|fetch\(|XMLHttpRequest|import\(""")]
    private static partial Regex RemoteReference();
}
