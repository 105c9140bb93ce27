namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>A reader who scrolls comes to the end of the page, whatever lies under the pointer or the finger.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageScrollTests(ReportBrowser browser)
{
    /// <summary>What keeps a wheel, a swipe or the end of its own scroll bar to itself.</summary>
    private const string Traps = """
        () => {
          const told = e => `${e.tagName} #${e.closest('[id]')?.id} .${e.className.baseVal ?? e.className}`;
          const wheel = () => new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaY: 40 });
          const swipe = () => new Event('touchmove', { bubbles: true, cancelable: true });
          const scrolls = style => /auto|scroll/.test(style.overflowY) || /auto|scroll/.test(style.overflowX);
          const large = e => e.getBoundingClientRect().height > 60;
          const found = [];
          for (const e of document.querySelectorAll('main, main *')) {
            const style = getComputedStyle(e);
            if (!e.dispatchEvent(wheel())) found.push(`${told(e)} takes the wheel`);
            if (!e.dispatchEvent(swipe())) found.push(`${told(e)} takes the swipe`);
            if (scrolls(style) && style.overscrollBehaviorY !== 'auto') found.push(`${told(e)} ends the scroll`);
            if (large(e) && /none|^pan-x$/.test(style.touchAction)) found.push(`${told(e)} lets no finger by`);
          }
          return found.slice(0, 20);
        }
        """;

    private const string Rest = "document.documentElement.scrollHeight - innerHeight - scrollY";

    [Theory, InlineData(1400), InlineData(390)]
    public async Task Figures_TakeNeitherWheelNorSwipe(int width)
    {
        await using var page = await browser.OpenAsync(new(width) { Touch = true });
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Traps));
    }

    [Fact]
    public async Task Trap_IsSeen()
    {
        await using var page = await browser.OpenAsync(new());
        await page.Page.WaitForSelectorAsync("main svg");
        await page.Page.EvaluateAsync(
            "() => document.querySelector('main svg').addEventListener('wheel', e => e.preventDefault(), { passive: false })");
        Assert.NotEmpty(await page.Page.EvaluateAsync<string[]>(Traps));
    }

    /// <summary>Boxes with scroll bars of their own take the wheel first, and then hand it on.</summary>
    [Fact]
    public async Task Wheel_EndsAtTheEndOfThePage()
    {
        await using var page = await browser.OpenAsync(new());
        await page.Page.Mouse.MoveAsync(500, 450);
        var rest = await page.Page.EvaluateAsync<double>(Rest);
        Assert.True(rest > 2_000, $"The page is only {rest} pixels longer than its window.");
        for (var turn = 0; turn < 200 && rest > 1; turn++)
        {
            await page.Page.Mouse.WheelAsync(0, 1_000);
            await page.SettleAsync();
            rest = await page.Page.EvaluateAsync<double>(Rest);
        }
        Assert.True(rest <= 1, $"The wheel stopped {rest} pixels before the end.");
    }
}
