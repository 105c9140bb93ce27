using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MlNetRllc.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Report.Figures;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Testing;

namespace MlNetRllc.Tests.Runner.Report;

public sealed partial class PatternFigureTests
{
    private static readonly StudyReport Full = SyntheticAnalysis.Create(checkpoints: 5, draws: 8);

    private static PatternRllcRow Whole => Known(r => (r.Pattern, r.Profile, r.QValue) = ("all", 1, double.NaN));

    [Fact]
    public void Finding_CountsClearProfilesAndNamesTheirEndsWithBothErrors() => Assert.Equal(
        "At step 9, 2 of 3 profiles differ from 1 at q < 0.05; the highest is that of l1h6 on inductionNew of natural, 2.400 ± 0.050 "
        + "and the lowest that of l1h1 on inductionNew of natural, 0.200 ± 0.050.",
        Figure("patterns", Whole, Known(), Known(r => (r.Component, r.Profile) = ("l1h1", 0.2)),
            Known(r => (r.Component, r.Profile, r.QValue) = ("l1h2", 9, 0.05)))!.Finding);

    [Fact]
    public void ProfileWithoutAnErrorOfTheTexts_HasThatOfTheChains() => Assert.Contains(
        "2.400 ± 0.030.", Figure("patterns", Known(r => r.ProfileTextStdErr = double.NaN))!.Finding, StringComparison.Ordinal);

    [Fact]
    public void NoClearProfile_IsSaidToBeNone() => Assert.Equal(
        "At step 9, 0 of 1 profile differs from 1 at q < 0.05.", Figure("patterns", Known(r => r.QValue = double.NaN))!.Finding);

    [Fact]
    public void MissingProfiles_AreCountedByReason()
    {
        PatternRllcRow None(double rllc, int tokens, string status) => Known(r =>
            (r.Profile, r.QValue, r.Rllc, r.Tokens, r.Status) = (double.NaN, double.NaN, rllc, tokens, status));
        var caption = Figure("patterns", Known(), None(2, 84, "ok"), None(2, 84, "ok"),
            None(double.NaN, 0, "missing"), None(double.NaN, 84, "diverged"))!.Caption;
        Assert.Contains("4 profiles are missing: 2 since the head’s own value for the whole set cannot be told from 0; "
            + "1 since no token of the probe set has the pattern; 1 since the estimate has status diverged.",
            caption, StringComparison.Ordinal);
        Assert.Contains("None is missing.", Figure("patterns", Known())!.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyMissingProfiles_AreSaidToBeMissing()
    {
        var figure = Figure("patterns", Known(r => (r.Profile, r.Tokens) = (double.NaN, 0)))!;
        Assert.Equal("No profile could be estimated at step 9.", figure.Finding);
        Assert.Contains("1 profile is missing, since no token", figure.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void OneCheckpoint_HasTheMapAndNoCourse()
    {
        var map = Figure("patterns", Whole, Known())!;
        Assert.DoesNotContain("over training", map.Caption, StringComparison.Ordinal);
        Assert.Null(Figure("profiles", Whole, Known()));
    }

    [Fact]
    public void Course_BeginsWhereTheProfileStaysOnItsSideOfOne()
    {
        PatternRllcRow At(int step, double profile, double q) => Known(r => (r.Step, r.Profile, r.QValue) = (step, profile, q));
        Assert.Equal("The profile of l1h6 on inductionNew of natural lies above 1 at q < 0.05 from step 5 on, and ends at 2.400 ± 0.050.",
            Figure("profiles", At(1, 1.5, 0.01), At(3, 0.3, 0.01), At(4, 1.4, 0.3), At(5, 1.4, 0.01), Known())!.Finding);
        Assert.Contains("at every checkpoint from step 5,",
            Figure("profiles", At(5, 1.4, 0.01), Known())!.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void CourseWithoutAClearEnd_HasNoFinding() =>
        Assert.Equal("", Figure("profiles", Known(r => r.Step = 5), Known(r => r.QValue = 0.4))!.Finding);

    [Fact]
    public void SharesOfTheData_AreToldAsTheRangeOverHeadsAtTheLastCheckpoint()
    {
        var told = DataShareWords.Tell(Full with
        {
            Patterns =
            [
                Shared("l0h0", 0.006, 0.001), Shared("l0h1", 0.012, 0.002), Shared("l0h2", 0.9, 0.002, step: 1),
                Known(r => r.DataShare = 0.5),
            ],
        });
        Assert.Contains("lies between 0.60 ± 0.10 % (l0h0) and 1.20 ± 0.20 % (l0h1) at step 9: "
            + "the prior sets nearly all of their size", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, 0.5, "the prior has a part in their size")]
    [InlineData(0.92, 0.99, "the data set them")]
    public void LargerShares_GiveThePriorLess(double low, double high, string words)
    {
        var told = DataShareWords.Tell(Full with { Patterns = [Shared("l0h0", low, 0.01), Shared("l0h1", high, 0.01)] });
        Assert.Contains($": {words}", told, StringComparison.Ordinal);
        Assert.DoesNotContain("nearly all", told, StringComparison.Ordinal);
    }

    [Fact]
    public void SharesOfTheEstimatesThemselves_AreToldFirst_AndThoseOfHeadsAlone()
    {
        var last = Full.Rllc[^1];
        var study = Full with
        {
            Rllc = [last with { DataShare = 0.4, DataShareStdErr = 0.1 }, last with { Component = "full", DataShare = 0.99 }],
            Patterns = [Shared("l0h0", 0.006, 0.001)],
        };
        Assert.Contains($"is 40 ± 10 % for {last.Component} at step", DataShareWords.Tell(study), StringComparison.Ordinal);
        var page = ReportPage.Render(study with { Patterns = [] });
        using var data = JsonDocument.Parse(ReportPage.DataIn(page)!);
        Assert.Equal(DataShareWords.Tell(study), data.RootElement.GetProperty("dataShare").GetString());
    }

    [Fact]
    public void EstimatesOfAnEarlierVersion_HaveNoShare_AndLaterOnesTheirs()
    {
        var ml = new MLContext();
        var traces = KnownTraces.Grid(ml, [new(0, "l0h0", "docs", 2)]);
        var estimated = ml.Rllc.EstimateRllc().Fit(traces).Transform(traces);
        var before = ml.Transforms.DropColumns(RllcColumns.DataShare, RllcColumns.DataShareStdErr).Fit(estimated).Transform(estimated);
        var shared = ml.Transforms.CustomMapping<None, Shares>((_, to) => to.DataShare = 0.25, null).Fit(before).Transform(before);
        double ShareIn(IDataView table) => Assert.Single(new EstimatedRows(table, table).ReadEstimates(ml)).DataShare;
        Assert.Equal(double.NaN, ShareIn(before));
        Assert.Equal(0.25, ShareIn(shared));
    }

    [Fact]
    public void NoShare_IsNotSpokenOf()
    {
        Assert.Equal("", DataShareWords.Tell(Full with { Patterns = [Whole, Known()] }));
        Assert.DoesNotContain("share of the data", Figure("patterns", Whole, Known())!.Caption, StringComparison.Ordinal);
        Assert.Contains("is 0.60 ± 0.10 % for l0h0 at step 9",
            DataShareWords.Tell(Full with { Patterns = [Shared("l0h0", 0.006, 0.001)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void TableOnThePage_HasEveryRowWithItsNamesAndWhyItIsMissing()
    {
        using var data = Data(Full);
        var table = data.RootElement.GetProperty("patterns");
        string[] columns = [.. table.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
        var (names, rows) = (table.GetProperty("names"), table.GetProperty("rows"));
        string Text(JsonElement row, string column) => names[row[Array.IndexOf(columns, column)].GetInt32()].GetString()!;
        double? Number(JsonElement row, string column) =>
            row[Array.IndexOf(columns, column)] is { ValueKind: JsonValueKind.Number } v ? v.GetDouble() : null;

        Assert.Equal(7, table.GetProperty("texts").GetInt32());
        Assert.Equal(Full.Patterns.Count, rows.GetArrayLength());
        Assert.All(rows.EnumerateArray().Zip(Full.Patterns), pair =>
        {
            var (row, expected) = pair;
            Assert.Equal((expected.Component, expected.Dataset, expected.Probe, expected.Pattern, expected.Step),
                (Text(row, "component"), Text(row, "dataset"), Text(row, "probe"), Text(row, "pattern"), (int)Number(row, "step")!));
            Assert.Equal(double.IsFinite(expected.Profile), Number(row, "profile") is not null);
            Assert.Equal(double.IsFinite(expected.Profile), Text(row, "missing").Length == 0);
        });
    }

    [Fact]
    public void NumbersThatAreMissingEverywhere_HaveNoColumn() =>
        Assert.DoesNotContain("dataShare", PatternTable.TableOf([Whole, Known()])!.Columns);

    [Fact]
    public void StudyWithoutPatterns_HasNoTableOfThem()
    {
        using var data = Data(Full with { Patterns = [] });
        Assert.Equal(JsonValueKind.Null, data.RootElement.GetProperty("patterns").ValueKind);
    }

    [Fact]
    public void NamesThatLookLikeMarkup_StayText()
    {
        const string name = "</script><script>alert(1)</script>";
        var row = Known(r => (r.Pattern, r.Probe, r.Component, r.StatusReason) = (name, name, name, name));
        var page = ReportPage.Render(Full with { Patterns = [row] });
        Assert.Equal(1, OpeningScript().Count(page));
        using var data = JsonDocument.Parse(ReportPage.DataIn(page)!);
        Assert.Contains(name, data.RootElement.GetProperty("patterns").GetProperty("names").EnumerateArray().Select(n => n.GetString()));
        Assert.DoesNotContain("innerHTML", page, StringComparison.Ordinal);
    }

    private static PatternRllcRow Known(Action<PatternRllcRow>? change = null)
    {
        var row = new PatternRllcRow
        {
            Step = 9, Component = "l1h6", Dataset = "docs", Probe = "natural", Pattern = "inductionNew", Tokens = 84, Rllc = 2,
            Profile = 2.4, ProfileStdErr = 0.03, ProfileTextStdErr = 0.04, QValue = 0.001, Status = "ok", DataShare = double.NaN,
            DataShareStdErr = double.NaN,
        };
        change?.Invoke(row);
        return row;
    }

    private static PatternRllcRow Shared(string head, double share, double error, int step = 9) => Known(r =>
        (r.Step, r.Component, r.Pattern, r.DataShare, r.DataShareStdErr) = (step, head, "all", share, error));

    private static ReportFigure? Figure(string id, params PatternRllcRow[] patterns) =>
        ReportFigures.FiguresOf(Full with { Patterns = patterns }).SingleOrDefault(f => f.Id == id);

    private static JsonDocument Data(StudyReport study) => JsonDocument.Parse(ReportPage.DataIn(ReportPage.Render(study))!);

    private sealed class None;

    private sealed class Shares
    {
        public double DataShare { get; set; }
    }

    [GeneratedRegex("<script")]
    private static partial Regex OpeningScript();
}
