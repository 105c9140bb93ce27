using System.Reflection;
using Microsoft.Playwright;
using MlNetRllc.Runner.Report;

namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>The tests that open the page: one after the other, in one browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<ReportBrowser>
{
    public const string Name = "Report in a browser";
}

/// <summary>A headless Chromium, and pages of reports opened in it. Without Chromium the tests are skipped, and say so.</summary>
public sealed class ReportBrowser : IAsyncLifetime
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetrllc-page-");
    private readonly Dictionary<StudyReport, Uri> _written = new(ReferenceEqualityComparer.Instance);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Why no page can be opened; null where one can.</summary>
    internal static string? Missing { get; } = Array.Exists(Programs, File.Exists)
        ? null
        : $"No Chromium is installed ({string.Join(", ", Programs)}): 'apt-get install chromium' brings it.";

    /// <summary>The study whose page is opened unless another is given: all figures, and few checkpoints, for each element
    /// costs time.</summary>
    internal static StudyReport Study { get; } = SyntheticAnalysis.Create(checkpoints: 6, draws: 20);

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null) return;
        // Playwright's driver stays in its package: copied beside each build it would take 130 MB.
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", PackageFolder);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Array.Find(Programs, File.Exists),
            // Root cannot have Chromium's sandbox; all that is opened is a page of ours.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
        });
    }

    /// <summary>Opens the report of a study; skips the test where there is no browser.</summary>
    internal Task<OpenedPage> OpenAsync(PageSetting setting, StudyReport? study = null) =>
        OpenFileAsync(setting, Missing is null ? Written(study ?? Study) : new("about:blank"));

    /// <summary>Opens a page that is written.</summary>
    internal async Task<OpenedPage> OpenFileAsync(PageSetting setting, Uri file)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = setting.Width, Height = setting.Height },
            ColorScheme = setting.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = setting.ReducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            HasTouch = setting.Touch,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(5_000);
        return await OpenedPage.OpenAsync(context, file, setting.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string PackageFolder => typeof(ReportBrowser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "PlaywrightPackage").Value!;

    private Uri Written(StudyReport study)
    {
        if (_written.TryGetValue(study, out var page)) return page;
        var path = Path.Combine(_folder.FullName, $"report{_written.Count}.html");
        ReportPage.Write(path, study);
        return _written[study] = new(path);
    }
}
