using System.Runtime.InteropServices;

namespace MlNetRllc.Text;

/// <summary>The user's cache folder: <c>mlnet-rllc</c> in <c>$XDG_CACHE_HOME</c> where that is set to a whole path; else in
/// <c>%LOCALAPPDATA%</c> on Windows, <c>~/Library/Caches</c> on macOS and <c>~/.cache</c> elsewhere.</summary>
/// <remarks>What is in it is fetched, measured or hashed again when it is lost.</remarks>
internal static class UserCacheFolder
{
    /// <summary>That of this user on this system.</summary>
    public static string Path => In(
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux,
        Usable(Environment.GetEnvironmentVariable("XDG_CACHE_HOME")), Environment.GetFolderPath);

    /// <summary>A value of XDG_CACHE_HOME that counts: one that is relative does not, says the XDG Base Directory
    /// Specification.</summary>
    public static string? Usable(string? set) => System.IO.Path.IsPathFullyQualified(set ?? "") ? set : null;

    /// <summary>That of a system.</summary>
    /// <param name="system">The system.</param>
    /// <param name="set">The value of XDG_CACHE_HOME; null or empty where it is not set.</param>
    /// <param name="folderOf">The user's folders.</param>
    public static string In(OSPlatform system, string? set, Func<Environment.SpecialFolder, string> folderOf)
    {
        if (!string.IsNullOrEmpty(set)) return System.IO.Path.Combine(set, Name);
        if (system == OSPlatform.Windows) return System.IO.Path.Combine(folderOf(Environment.SpecialFolder.LocalApplicationData), Name);
        var home = folderOf(Environment.SpecialFolder.UserProfile);
        return system == OSPlatform.OSX
            ? System.IO.Path.Combine(home, "Library", "Caches", Name)
            : System.IO.Path.Combine(home, ".cache", Name);
    }

    private const string Name = "mlnet-rllc";
}
