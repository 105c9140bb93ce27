using System.Text;
using Microsoft.Playwright;
using MlNetRllc.Runner.Report;

namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>What the page looks like: rows in sight, marks that can be told apart, paper.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageLayoutTests(ReportBrowser browser)
{
    [Fact]
    public async Task Numbers_HaveFifteenRowsInSight()
    {
        await using var page = await browser.OpenAsync(new());
        await page.Page.EvaluateAsync("document.getElementById('numbers').scrollIntoView()");
        var rows = await page.Page.EvaluateAsync<int>("""
            () => [...document.querySelectorAll('#numbers tbody tr')].filter(r => {
              const box = r.getBoundingClientRect(), scroll = r.closest('.scroll').getBoundingClientRect();
              return box.top >= scroll.top && box.bottom <= Math.min(scroll.bottom, innerHeight);
            }).length
            """);
        Assert.True(rows >= 15, $"{rows} rows are in sight.");
    }

    [Fact]
    public async Task Reasons_StandOnceEach()
    {
        await using var page = await browser.OpenAsync(new());
        var study = ReportBrowser.Study.Rllc;
        Assert.Equal("a", await page.Page.InnerTextAsync("#numbers dl.reasons dt"));
        var counted = $"({study.Count(r => r.StatusReason.Length > 0)} of {study.Count})";
        Assert.Contains(counted, await page.Page.InnerTextAsync("#numbers dl.reasons dd"));
        Assert.Equal(1, await page.Page.Locator("#numbers dl.reasons dt").CountAsync());
    }

    [Fact]
    public async Task Statuses_HaveColoursAndMarksOfTheirOwn()
    {
        var statuses = (string[])["ok", "not-converged", "negative", "diverged", "failed"];
        var study = SyntheticStudy.Create();
        study = study with { Rllc = [.. study.Rllc.Select((r, i) => r with { Status = statuses[i % 5], StatusReason = $"reason {i}" })] };
        await using var page = await browser.OpenAsync(new(), study);
        var looks = await page.Page.EvaluateAsync<string[]>(
            "[...new Set([...document.querySelectorAll('#chains .map td button')].map(e => e.textContent + ' ' + e.style.background))]");
        Assert.Equal(statuses.Length, looks.Length);
        Assert.Equal(statuses.Length, looks.Select(l => l[0]).Distinct().Count());
        Assert.Equal(statuses.Length, await page.Page.Locator("#chains .mapkey .status").CountAsync());
    }

    /// <summary>Light letters on a light page are no names.</summary>
    [Fact]
    public async Task NamesInTheStatusMap_AreOfInk()
    {
        await using var page = await browser.OpenAsync(new());
        Assert.Equal(await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).color"),
            await page.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('#chains .map .head')).color"));
    }

    [Fact]
    public async Task Colours_AreOfHeads_UntilOthersAreAsked()
    {
        await using var page = await browser.OpenAsync(new());
        await PageSelectionTests.PaintAllAsync(page); // What is out of sight is painted when there is time.
        Assert.Equal("head", await page.Page.EvaluateAsync<string>("document.querySelector('#rllc select').value"));
        var colours = await page.Page.EvaluateAsync<int>("""
            () => {
              const lines = [...document.querySelectorAll('#rllc .panels > div:first-child polyline')];
              return new Set(lines.map(e => e.getAttribute('stroke'))).size;
            }
            """);
        Assert.Equal(8, colours);
    }

    [Fact]
    public async Task PrintedPage_IsLightAndShort()
    {
        await using var page = await browser.OpenAsync(new(Dark: true, Address: "#l1h4,l1h1"), SyntheticAnalysis.Create());
        await PageSelectionTests.PaintAllAsync(page);
        var pages = Encoding.Latin1.GetString(await page.Page.PdfAsync(new() { Format = "Letter", PrintBackground = true }));
        Assert.InRange(CountOf(pages, "/Type /Page\n") + CountOf(pages, "/Type /Page "), 1, 8);
        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.False(await page.Page.IsVisibleAsync("#numbers"));
        Assert.False(await page.Page.IsVisibleAsync(".controls >> nth=0"));
    }

    private static int CountOf(string text, string part) => text.Split(part).Length - 1;

    /// <summary>Studies that lack something are pages all the same, and say what is missing.</summary>
    [Theory, MemberData(nameof(Poor))]
    public async Task PoorStudy_IsAPageThatSaysWhatIsMissing(string what, string says)
    {
        var width = what == "a long name" ? 390 : 1400;
        await using var page = await browser.OpenAsync(new(width), PoorStudy(what));
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.Page.EvaluateAsync("() => { document.querySelectorAll('details').forEach(d => { d.open = true; }); }");
        await PageSelectionTests.PaintAllAsync(page);
        Assert.Contains(says, await page.Page.InnerTextAsync("main"));
        Assert.Equal(0, await page.Page.Locator(".problem").CountAsync());
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        page.AssertQuiet();
    }

    public static TheoryData<string, string> Poor => new()
    {
        { "one head", "1 of 1 head" }, { "one checkpoint", "One checkpoint: step 0" },
        { "no ok row", "No estimate on docs at the last checkpoint is ok" },
        { "a thousand heads", "1000 of 1000" }, { "a long name", "</script><b>xxx" }, { "no estimates", "There are no estimates yet" },
        { "a column all missing", "224 of 224" },
    };

    private static StudyReport PoorStudy(string what)
    {
        var study = SyntheticStudy.Create() with { Clusters = null };
        var name = "</script><b>" + new string('x', 180) + "'\"&amp;";
        return what switch
        {
            "one head" => study with { Rllc = [.. study.Rllc.Where(r => r.Component == "l0h0")] },
            "one checkpoint" => study with { Rllc = [.. study.Rllc.Where(r => r.Step == 0)], Checkpoints = [study.Checkpoints[0]] },
            "no ok row" => study with
            {
                Rllc = [.. study.Rllc.Select(r => r with
                {
                    Status = "failed", Rllc = double.NaN, RllcStdErr = double.NaN, StatusReason = "it failed at 3.",
                })],
            },
            "a thousand heads" => study with
            {
                Traces = [],
                Rllc = [.. Enumerable.Range(0, 1000).SelectMany(i => study.Rllc.Where(r => r is { Component: "l0h1", Dataset: "docs" })
                    .Select(r => r with { Component = $"l{i / 40}h{i % 40}", Rllc = r.Rllc * (1 + i / 500.0) }))],
            },
            "a long name" => study with { Rllc = [.. study.Rllc.Select(r => r.Component == "l0h0" ? r with { Component = name } : r)] },
            "no estimates" => study with { Rllc = [], Traces = [] },
            "a column all missing" => study with
            {
                Rllc = [.. study.Rllc.Select(r => r with { RllcStdErr = double.NaN, Ess = double.NaN })],
            },
            _ => throw new ArgumentException(what),
        };
    }
}
