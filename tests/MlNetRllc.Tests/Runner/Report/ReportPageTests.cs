using System.Text.Json;
using System.Text.RegularExpressions;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Report.Figures;

namespace MlNetRllc.Tests.Runner.Report;

public sealed partial class ReportPageTests
{
    [Fact]
    public void Page_AsksTheNetworkForNothing()
    {
        var page = ReportPage.Render(SyntheticStudy.Create());
        Assert.DoesNotMatch(RemoteReference(), page);
        Assert.Contains("default-src 'none'", page);
        Assert.Equal(1, OpeningScript().Count(page));
    }

    /// <summary>A call takes some ten thousand arguments, a study more rows: the page of 62,000 was empty.</summary>
    [Fact]
    public void Page_SpreadsNoRowsIntoArguments() => Assert.DoesNotMatch(SpreadIntoCall(), ReportPage.Render(SyntheticStudy.Create()));

    /// <summary>Searching all rows for each row takes the square of their number.</summary>
    [Fact]
    public void Page_SearchesNoTableForARow() => Assert.DoesNotMatch(SearchOfTable(), ReportPage.Render(SyntheticStudy.Create()));

    [Fact]
    public void Page_SaysWhatItCouldNotDraw()
    {
        var page = ReportPage.Render(SyntheticStudy.Create());
        Assert.Contains("addEventListener('error'", page);
        Assert.Contains("could not be drawn", page);
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
        Assert.Equal(1, OpeningScript().Count(page));
        using var data = Data(page);
        Assert.Equal("{{css}} </script> <!-- ", data.RootElement.GetProperty("pipeline").GetString());
    }

    [Fact]
    public void TokenThatLooksLikeMarkup_CannotLeaveItsPlace()
    {
        var study = SyntheticAnalysis.Create();
        Assert.Contains("</script>", study.Examples[0].Tokens);
        var page = ReportPage.Render(study);
        Assert.Equal(1, OpeningScript().Count(page));
        using var data = Data(page);
        var tokens = data.RootElement.GetProperty("examples")[0].GetProperty("tokens").EnumerateArray();
        Assert.Equal(study.Examples[0].Tokens, tokens.Select(t => t.GetString()));
    }

    [Fact]
    public void PackedAttention_HoldsEachRowUpToItsToken()
    {
        var head = new ReportExampleHead("l0h0", [[1], [0.25, 0.75], [0, double.NaN, 0.5]], [double.NaN, 0.1, 0.2]);
        Assert.Equal([255, 64, 191, 0, 0, 128], Convert.FromBase64String(head.Packed()));
    }

    [Fact]
    public void Figures_AreInTheDataWithTheirCaptions()
    {
        using var data = Data(ReportPage.Render(SyntheticAnalysis.Create()));
        var figures = data.RootElement.GetProperty("figures").EnumerateArray().ToList();
        Assert.Equal(ReportFigures.All.Count, figures.Count);
        Assert.All(figures, f => Assert.NotEmpty(f.GetProperty("caption").GetString()!));
        Assert.Equal(320, data.RootElement.GetProperty("scores").GetProperty("rows").GetArrayLength());
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
            double Packed(int draw) => packed.Scale * BitConverter.ToInt16(bytes, 2 * (chain * packed.Draws + draw));
            double Traced(int draw) =>
                trace.NBeta * (trace.Losses[chain * trace.Draws + draw] - trace.BaselineLosses[draw]);
            var mean = Enumerable.Range(0, packed.Draws).Average(Packed);
            var expected = Enumerable.Range(0, trace.Draws).Average(Traced);
            Assert.Equal(expected, mean, packed.Scale);
        }
    }

    [Fact]
    public void Page_StaysSmallForAStudyOfThePapersSize()
    {
        var page = ReportPage.Render(SyntheticStudy.Create(heads: 8, checkpoints: 60, draws: 200));
        Assert.InRange(page.Length, 100_000, 6_000_000);
        Assert.InRange(ReportPage.Render(SyntheticAnalysis.Create(checkpoints: 20, draws: 200)).Length, 100_000, 5_000_000);
    }

    private static JsonDocument Data(string page) => JsonDocument.Parse(ReportPage.DataIn(page)!);

    [GeneratedRegex("<script")]
    private static partial Regex OpeningScript();


    [GeneratedRegex("""(src|href)\s*=\s*["']?\s*(https?:)?//|url\(\s*["']?(https?:)?//|@import|fetch\(|XMLHttpRequest|import\(""")]
    private static partial Regex RemoteReference();

    [GeneratedRegex(@"Math\.(min|max)\([^;\n]*\.\.\.")]
    private static partial Regex SpreadIntoCall();

    [GeneratedRegex(@"\b(rows|scores|referenceRows|datasetRows|traces)\.(find|indexOf)\(")]
    private static partial Regex SearchOfTable();
}
