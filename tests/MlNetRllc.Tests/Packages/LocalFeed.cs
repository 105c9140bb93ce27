namespace MlNetRllc.Tests.Packages;

/// <summary>The library's packages in a folder, and where the machine keeps those of others.</summary>
internal static class LocalFeed
{
    /// <summary>Where this machine unpacks packages; restoring the tests left there whatever ours depend on.</summary>
    public static string Cache => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public static string Configuration =>
        AppContext.BaseDirectory.Contains("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";
}
