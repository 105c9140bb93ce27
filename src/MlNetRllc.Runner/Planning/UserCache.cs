namespace MlNetRllc.Runner.Planning;

/// <summary>The user's cache folder: measurements and hashes that are made again when they are lost.</summary>
internal static class UserCache
{
    public static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "mlnet-rllc");
}
