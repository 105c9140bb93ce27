using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>What axe-core finds on the page.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageAccessibilityTests(ReportBrowser browser, ITestOutputHelper output)
{
    // Places are told of what is broken alone: those of what is well are most of the time.
    private static readonly AxeRunOptions Options = new() { ResultTypes = [ResultType.Violations] };

    [Theory, InlineData(1400, false), InlineData(390, true)]
    public async Task Page_HasNoSeriousFinding(int width, bool dark)
    {
        await using var page = await browser.OpenAsync(new(width, dark, Address: "#l1h6"));
        var findings = await page.Page.RunAxe(Options);
        Assert.NotEmpty(findings.Passes);
        foreach (var light in findings.Violations.Where(f => !IsSerious(f))) output.WriteLine(Told(light));
        var serious = findings.Violations.Where(IsSerious).Select(Told).ToArray();
        Assert.True(serious.Length == 0, string.Join("\n\n", serious));
    }

    private static bool IsSerious(AxeResultItem finding) => finding.Impact is "serious" or "critical";

    /// <summary>The rule, and where it is broken: the first places of what may be thousands.</summary>
    private static string Told(AxeResultItem finding)
    {
        var places = finding.Nodes.Select(n => $"  {n.Target} {Cut(n.Html, 160)}\n    {Cut(Reason(n), 240)}");
        return $"{finding.Impact} {finding.Id}: {finding.Help}, {finding.Nodes.Length} places\n{string.Join('\n', places.Take(5))}";
    }

    private static string Reason(AxeResultNode node) => node.Any.Concat(node.All).Concat(node.None).FirstOrDefault()?.Message ?? "";

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
