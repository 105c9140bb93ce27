using Microsoft.Playwright;

namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>A report in a window of its own, and what it complained of and asked for since it was opened.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _file;
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    private OpenedPage(IBrowserContext context, IPage page, Uri file)
    {
        (_context, Page, _file) = (context, page, file);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Add(_complaints, $"console: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) => Add(_complaints, $"uncaught: {error}");
        page.Request += (_, request) =>
        {
            if (!IsOwn(request.Url)) Add(_requests, request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, and errors that nothing caught.</summary>
    public IReadOnlyList<string> Complaints => Copy(_complaints);

    /// <summary>Everything that was asked for, the file itself aside.</summary>
    public IReadOnlyList<string> Requests => Copy(_requests);

    public static async Task<OpenedPage> OpenAsync(IBrowserContext context, Uri file, string address = "")
    {
        var opened = new OpenedPage(context, await context.NewPageAsync(), file);
        await opened.GoToAsync(address);
        return opened;
    }

    /// <summary>Loads the page anew at another address of its own, such as "#l1h4".</summary>
    public async Task GoToAsync(string address)
    {
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync($"{_file}{address}");
        await SettleAsync();
    }

    /// <summary>Waits until what was asked for is drawn.</summary>
    public Task SettleAsync() =>
        Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

    /// <summary>The page asked for nothing, and had nothing to complain of.</summary>
    public void AssertQuiet()
    {
        Assert.True(Complaints.Count == 0, $"The page complained:\n{string.Join('\n', Complaints)}");
        Assert.True(Requests.Count == 0, $"The page asked for:\n{string.Join('\n', Requests)}");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    // A picture drawn by the page itself has an address without a place on any network.
    private bool IsOwn(string url) => url == "about:blank" || url.StartsWith("data:", StringComparison.Ordinal)
        || url.StartsWith("blob:", StringComparison.Ordinal) || new Uri(url).GetLeftPart(UriPartial.Path) == _file.AbsoluteUri;

    // Playwright tells of events on a thread of its own.
    private static void Add(List<string> list, string line)
    {
        lock (list) list.Add(line);
    }

    private static List<string> Copy(List<string> list)
    {
        lock (list) return [.. list];
    }
}
