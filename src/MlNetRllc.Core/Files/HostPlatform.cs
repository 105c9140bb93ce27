using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Files;

/// <summary>The kind of system that this process runs on.</summary>
internal static class HostPlatform
{
    /// <summary>Windows, macOS, or else Linux.</summary>
    public static OSPlatform This { get; } = OperatingSystem.IsWindows() ? OSPlatform.Windows
        : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux;
}
