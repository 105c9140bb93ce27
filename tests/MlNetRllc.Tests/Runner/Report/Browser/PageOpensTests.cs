namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>The page in a wide window and on a telephone, in light and dark.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageOpensTests(ReportBrowser browser)
{
    [Theory, MemberData(nameof(PageSetting.Windows), MemberType = typeof(PageSetting))]
    public async Task Page_OpensWithoutComplaintOrRequest(int width, bool dark)
    {
        await using var page = await browser.OpenAsync(new(width, dark));
        await page.Page.WaitForSelectorAsync("main svg");
        page.AssertQuiet();
    }

    [Theory, InlineData(1400), InlineData(390)]
    public async Task Page_IsNoWiderThanItsWindow(int width)
    {
        await using var page = await browser.OpenAsync(new(width));
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    /// <summary>Held, so that a quiet page is one that was listened to.</summary>
    [Fact]
    public async Task ComplaintsAndRequests_AreSeen()
    {
        await using var page = await browser.OpenAsync(new());
        await page.Page.EvaluateAsync("() => { console.error('a complaint'); setTimeout(() => { throw new Error('uncaught'); }); }");
        await page.Page.EvaluateAsync("() => { setTimeout(() => { location.href = 'beside.html'; }, 50); }");
        await Task.Delay(400, TestContext.Current.CancellationToken);
        Assert.Contains(page.Complaints, c => c.Contains("a complaint"));
        Assert.Contains(page.Complaints, c => c.Contains("uncaught: "));
        Assert.Contains(page.Requests, r => r.EndsWith("beside.html", StringComparison.Ordinal));
    }
}
