using Microsoft.Playwright;

namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>What is chosen in one panel is chosen in all, and stands in the address.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageSelectionTests(ReportBrowser browser)
{
    /// <summary>Clicks a head in one panel after the other, a head of another name each time, and looks at all the others.</summary>
    private const string ClickEach = """
        () => {
          const wrong = [], panels = [...document.querySelectorAll('section')].filter(p => p.querySelector('[data-head]'));
          const headOf = e => e.getAttribute('data-head');
          const heads = [...new Set([...document.querySelectorAll('#finder [data-head]')].map(headOf))];
          let turn = 0;
          for (const panel of panels) {
            const own = [...panel.querySelectorAll('[data-head]')].filter(e => !e.closest('svg.lines'));
            const target = own.find(e => e.getAttribute('data-head') === heads[turn % heads.length]) ?? own[0];
            turn += 3;
            if (!target) continue;
            const head = target.getAttribute('data-head');
            target.dispatchEvent(new MouseEvent('click', { bubbles: true }));
            const address = decodeURIComponent(location.hash).split('&')[0];
            if (address !== '#' + head) wrong.push(`${panel.id}: the address is ${address} for ${head}`);
            for (const other of panels) {
              const marks = [...other.querySelectorAll('[data-head]')];
              const here = marks.filter(e => e.getAttribute('data-head') === head);
              if (here.some(e => !e.classList.contains('chosen'))) wrong.push(`${panel.id} leaves ${other.id} unmarked`);
              if (marks.some(e => e.classList.contains('chosen') && headOf(e) !== head)) wrong.push(`${other.id} keeps another mark`);
            }
            if (document.querySelector('[data-sheet]')?.dataset.sheet !== head) wrong.push(`${panel.id}: the sheet is of another head`);
          }
          return { wrong, count: panels.length };
        }
        """;

    [Fact]
    public async Task ClickInAnyPanel_MarksTheHeadInEveryOther()
    {
        await using var page = await browser.OpenAsync(new());
        await PaintAllAsync(page);
        var found = await page.Page.EvaluateAsync<Found>(ClickEach);
        Assert.Empty(found.Wrong);
        Assert.True(found.Count >= 15, $"Only {found.Count} panels show heads.");
        page.AssertQuiet();
    }

    [Fact]
    public async Task ClickOnALine_ChoosesItsHeadAndCheckpoint()
    {
        await using var page = await browser.OpenAsync(new());
        await page.Page.ClickAsync("#rllc svg.lines >> nth=0", new() { Position = new() { X = 300, Y = 200 } });
        await page.SettleAsync();
        var head = await page.Page.GetAttributeAsync("[data-sheet]", "data-sheet");
        Assert.Contains($"#{head}&step=", page.Page.Url);
        Assert.NotNull(await page.Page.QuerySelectorAsync($"#rllc .series.chosen[data-head={head}]"));
    }

    [Theory, InlineData("#l1h4", "l1h4"), InlineData("#l1h4,l1h1", "l1h4,l1h1"), InlineData("#l0h2&step=500", "l0h2")]
    [InlineData("#l9h9", ""), InlineData("#hidden=%", ""), InlineData("#hidden=%E0%A4%A", ""), InlineData("#__proto__=1", "")]
    [InlineData("#l1h4,l1h4", "l1h4"), InlineData("#constructor=1&toString", ""), InlineData("#%", "")]
    public async Task Address_OpensItsSheets(string address, string sheets)
    {
        await using var page = await browser.OpenAsync(new(Address: address));
        Assert.Equal(sheets, await page.Page.EvaluateAsync<string>(
            "[...document.querySelectorAll('[data-sheet]')].map(e => e.dataset.sheet).join()"));
        page.AssertQuiet();
    }

    [Fact]
    public async Task HeadThatIsNotThere_IsNamed_AndTheAddressIsWhatIsShown()
    {
        await using var page = await browser.OpenAsync(new(Address: "#l9h9&step=7&text=nothing"));
        Assert.Contains("The study has no head l9h9.", await page.Page.InnerTextAsync("#sheet"));
        Assert.DoesNotContain("l9h9", page.Page.Url);
        Assert.DoesNotContain("step", page.Page.Url);
    }

    [Fact]
    public async Task HeadBeside_NeedsAFirst()
    {
        await using var page = await browser.OpenAsync(new());
        Assert.False(await page.Page.IsVisibleAsync("#sheet select"));
        await page.Page.EvaluateAsync(
            "() => { const s = document.querySelector('#sheet select'); s.value = 'l0h1'; s.dispatchEvent(new Event('change')); }");
        Assert.DoesNotContain("undefined", page.Page.Url);
        Assert.Equal(0, await page.Page.Locator("[data-sheet]").CountAsync());
    }

    [Fact]
    public async Task ArrowKeys_KeepAComparison()
    {
        await using var page = await browser.OpenAsync(new(Address: "#l1h0,l1h1"));
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.EndsWith("#l1h2,l1h1", page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsChosen_IsThereAgainAtItsAddress()
    {
        await using var page = await browser.OpenAsync(new(Address: "#l1h4,l0h1"));
        await page.Page.SelectOptionAsync("#finder select >> nth=0", "rllc:code");
        await page.Page.SelectOptionAsync(".bar select >> nth=0", "code");
        await page.Page.PressAsync(".bar input[type=range]", "ArrowLeft");
        await page.Page.SelectOptionAsync("#rllc select", "type");
        await page.Page.ClickAsync("#rllc .chip >> nth=1");
        var (address, seen) = (page.Page.Url, await SeenAsync(page));
        await page.GoToAsync(address[address.IndexOf('#', StringComparison.Ordinal)..]);
        Assert.Equal(address, page.Page.Url);
        Assert.Equal(seen, await SeenAsync(page));
    }

    [Fact]
    public async Task ArrowKeys_GoFromHeadToHead()
    {
        await using var page = await browser.OpenAsync(new(Address: "#l0h0"));
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.EndsWith("#l0h1", page.Page.Url, StringComparison.Ordinal);
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.EndsWith("#l1h7", page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PointerOverAHead_LightsItInEveryPanel()
    {
        await using var page = await browser.OpenAsync(new());
        await PaintAllAsync(page);
        await page.Page.DispatchEventAsync("#finder .list .head >> nth=2", "pointerover");
        var (hot, panels) = (await page.Page.EvaluateAsync<string>("document.querySelector('#finder .list .hot').dataset.head"),
            await page.Page.EvaluateAsync<int>("new Set([...document.querySelectorAll('.hot')].map(e => e.closest('section').id)).size"));
        Assert.Equal(await page.Page.GetAttributeAsync("#finder .list .head >> nth=2", "data-head"), hot);
        Assert.True(panels > 8, $"It is lit in {panels} panels.");
    }

    [Fact]
    public async Task Tap_ShowsTheNoteBeforeItJumps()
    {
        await using var page = await browser.OpenAsync(new(390) { Touch = true });
        var chart = page.Page.Locator("#rllc svg.lines").First;
        await chart.ScrollIntoViewIfNeededAsync();
        await chart.TapAsync(new() { Position = new() { X = 200, Y = 120 } });
        Assert.True(await page.Page.IsVisibleAsync("#tip"));
        Assert.Equal(0, await page.Page.Locator("[data-sheet]").CountAsync());
        await chart.TapAsync(new() { Position = new() { X = 200, Y = 120 } });
        Assert.Equal(1, await page.Page.Locator("[data-sheet]").CountAsync());
    }

    /// <summary>What waits to be painted is painted.</summary>
    internal static async Task PaintAllAsync(OpenedPage page)
    {
        await page.Page.EvaluateAsync("() => window.dispatchEvent(new Event('beforeprint'))");
        await page.SettleAsync();
    }

    private static Task<string> SeenAsync(OpenedPage page) => page.Page.EvaluateAsync<string>("""
        () => JSON.stringify([[...document.querySelectorAll('select, input')].filter(e => !e.closest('.table')).map(e => e.value),
          [...document.querySelectorAll('figcaption')].map(e => e.textContent),
          [...document.querySelectorAll('#rllc .chip')].map(e => e.ariaPressed)])
        """);

    private sealed class Found
    {
        public string[] Wrong { get; set; } = [];

        public int Count { get; set; }
    }
}
