using System.Xml.Linq;
using Microsoft.Playwright;

namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>Every control of the page, used.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageControlTests(ReportBrowser browser)
{
    /// <summary>Chooses every entry of every list or its last ones, opens what is folded, and presses every button, those that others
    /// drew too.</summary>
    private const string UseAll = """
        last => {
          let used = 0;
          for (const select of [...document.querySelectorAll('select')]) {
            for (const option of [...select.options].slice(-last)) {
              select.value = option.value; select.dispatchEvent(new Event('change', { bubbles: true })); used++;
            }
          }
          for (const input of [...document.querySelectorAll('input')]) {
            for (const value of input.type === 'range' ? [0, 300, 1000] : ['l1', ''])
            { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); used++; }
          }
          const saves = b => ['SVG', 'PNG', 'CSV', 'Save as CSV', 'Copy link'].includes(b.textContent);
          const pressed = [...document.querySelectorAll('button')].filter(b => !saves(b) && !b.classList.contains('head'));
          // Of the cells of a map a row stands for all.
          const cells = new Set([...document.querySelectorAll('.map tr:not(:nth-child(2)) td button')]);
          for (const button of pressed.filter(b => !cells.has(b)))
            if (button.isConnected) { button.click(); used++; }
          for (const details of document.querySelectorAll('details')) { details.open = !details.open; used++; }
          return used;
        }
        """;

    [Theory, InlineData(1400, 1000, 200), InlineData(390, 2, 50)]
    public async Task EveryControl_WorksWithoutComplaint(int width, int entries, int least)
    {
        await using var page = await browser.OpenAsync(new(width));
        Assert.InRange(await page.Page.EvaluateAsync<int>(UseAll, entries), least, int.MaxValue);
        await page.SettleAsync();
        Assert.Equal(0, await page.Page.Locator(".problem").CountAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task EveryPanel_StandsAloneWhereItIsEmbedded()
    {
        await using var page = await browser.OpenAsync(new());
        var panels = await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('section')].map(e => e.id)");
        Assert.Contains("finder", panels);
        foreach (var panel in panels)
        {
            await page.GoToAsync($"?panel={panel}#l1h6");
            Assert.Equal([panel], await page.Page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('section')].filter(e => e.offsetHeight > 0).map(e => e.id)"));
        }
        page.AssertQuiet();
    }

    [Fact]
    public async Task Slider_TakesEveryPanelToItsCheckpoint()
    {
        await using var page = await browser.OpenAsync(new(Address: "#l1h6"));
        await page.Page.PressAsync(".bar input[type=range]", "Home");
        Assert.Contains("&step=0", page.Page.Url);
        foreach (var panel in (string[])["#finder figcaption", "#chains figcaption", "#sheet .facts", "#texts h3.apart", "#patterns h3"])
            Assert.Matches("step 0( |,|\\.|:|$)", await page.Page.InnerTextAsync(panel));
        Assert.Equal("step 0", await page.Page.GetAttributeAsync(".bar input[type=range]", "aria-valuetext"));
    }

    [Fact]
    public async Task Play_GoesThroughTrainingToItsEnd()
    {
        var study = SyntheticAnalysis.Create(checkpoints: 5, draws: 20);
        await using var page = await browser.OpenAsync(new(), study);
        await page.Page.ClickAsync(".play");
        Assert.Equal("Stop", await page.Page.GetAttributeAsync(".play", "aria-label"));
        await page.Page.WaitForSelectorAsync(".play[aria-label='Play training']", new() { Timeout = 8_000 });
        Assert.Equal($"step {study.Checkpoints[^1].Step:N0}", await page.Page.InnerTextAsync("output.now"));
    }

    /// <summary>Numbers that stand open follow as the figure does.</summary>
    [Fact]
    public async Task OpenNumbers_FollowTheSlider()
    {
        await using var page = await browser.OpenAsync(new(Address: "#l1h6"));
        foreach (var panel in (string[])["finder", "chains"])
        {
            await page.Page.ClickAsync($"#{panel} details.data summary");
            var before = await page.Page.InnerTextAsync($"#{panel} details tbody tr");
            await page.Page.PressAsync(".bar input[type=range]", "ArrowLeft");
            Assert.NotEqual(before, await page.Page.InnerTextAsync($"#{panel} details tbody tr"));
        }
    }

    /// <summary>Sentences made of the last checkpoint say so where a figure shows another.</summary>
    [Theory, InlineData("texts"), InlineData("patterns"), InlineData("paths"), InlineData("curvature")]
    public async Task CaptionOfAnotherCheckpoint_SaysWhichItIsOf(string panel)
    {
        await using var page = await browser.OpenAsync(new(Address: "#step=0"));
        Assert.Contains("What is said here is of step 3,000", await page.Page.InnerTextAsync($"#{panel} figcaption"));
        await page.Page.PressAsync(".bar input[type=range]", "End");
        Assert.DoesNotContain("What is said here", await page.Page.InnerTextAsync($"#{panel} figcaption"));
    }

    [Fact]
    public async Task Tokens_AreReadByKeyboard()
    {
        await using var page = await browser.OpenAsync(new(Address: "#l1h6"));
        await page.Page.FocusAsync("#samples .sample");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Matches("\u201c.*\u201d", await page.Page.InnerTextAsync("#tip"));
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal(1, await page.Page.Locator("#samples .sample >> nth=0 >> .token.held").CountAsync());
    }

    [Fact]
    public async Task Captions_FollowTheDataset()
    {
        await using var page = await browser.OpenAsync(new());
        await page.Page.SelectOptionAsync(".bar select >> nth=0", "code");
        var caption = await page.Page.InnerTextAsync("#rllc figcaption");
        Assert.Contains("On code", caption);
        Assert.DoesNotContain("On docs", caption);
        Assert.Contains("on code", await page.Page.InnerTextAsync("#finder figcaption"));
    }

    [Fact]
    public async Task DrawnOutPart_IsShownAlone_UntilReset()
    {
        await using var page = await browser.OpenAsync(new());
        var chart = page.Page.Locator("#loss .chart");
        await chart.ScrollIntoViewIfNeededAsync();
        await page.Page.WaitForSelectorAsync("#loss .chart svg");
        var (before, box) = (await chart.InnerTextAsync(), (await chart.BoundingBoxAsync())!);
        await page.Page.Mouse.MoveAsync(box.X + 300, box.Y + 60);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + 500, box.Y + 140, new() { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        Assert.NotEqual(before, (await chart.InnerTextAsync()).Replace("Reset zoom", "", StringComparison.Ordinal));
        await page.Page.ClickAsync("#loss .unzoom");
        Assert.Equal(before, await chart.InnerTextAsync());
    }

    [Fact]
    public async Task Keys_GoAlongTheLinesOfAChart()
    {
        await using var page = await browser.OpenAsync(new());
        await page.Page.FocusAsync("#rllc svg.lines");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        var first = await page.Page.InnerTextAsync("#tip");
        await page.Page.Keyboard.PressAsync("ArrowDown");
        Assert.NotEqual(first, await page.Page.InnerTextAsync("#tip"));
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal(1, await page.Page.Locator("[data-sheet]").CountAsync());
    }

    [Fact]
    public async Task Figure_IsSavedAsSvgPngAndCsv()
    {
        await using var page = await browser.OpenAsync(new());
        var svg = await SavedAsync(page, "SVG");
        Assert.Contains(XDocument.Parse(System.Text.Encoding.UTF8.GetString(svg)).Descendants(), e => e.Name.LocalName == "polyline");
        Assert.Equal("\u0089PNG", System.Text.Encoding.Latin1.GetString(await SavedAsync(page, "PNG"))[..4]);
        var table = System.Text.Encoding.UTF8.GetString(await SavedAsync(page, "CSV")).Split('\n');
        Assert.Equal("Step,Training,Validation", table[0]);
        Assert.Equal(ReportBrowser.Study.Checkpoints.Count + 2, table.Length);
        page.AssertQuiet();
    }

    /// <summary>What is no chart is in the picture too: the map of statuses, the words of a sheet, the whole caption.</summary>
    [Theory, InlineData("chains", "Effective sample size"), InlineData("sheet", "rank"), InlineData("samples", "top: ")]
    public async Task SavedFigure_HoldsItsWordsAndCaption(string panel, string words)
    {
        await using var page = await browser.OpenAsync(new(Address: "#l1h6"));
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.ClickAsync($"#{panel} .saves button:text-is('SVG')"));
        var text = XDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync())).Root!.Value;
        Assert.Contains(words, text);
        if (panel != "sheet") Assert.Contains(await page.Page.TextContentAsync($"#{panel} figcaption") ?? "", text);
    }

    private static async Task<byte[]> SavedAsync(OpenedPage page, string kind)
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Page.ClickAsync($"#loss .saves button:text-is('{kind}')"));
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }
}
