using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Native;

/// <summary>What loading libtorch asks of the system that it is loaded on; tests put another in its place.</summary>
/// <param name="System">As NuGet calls it, such as <c>win-x64</c>.</param>
/// <param name="Version">The system's.</param>
/// <param name="Folders">Where .NET looks for a program's native libraries.</param>
/// <param name="IsScript">Whether TorchSharp was loaded from the package cache, as scripts and notebooks do; it then gathers
/// its libraries from there itself.</param>
/// <param name="Exists">Whether there is a file.</param>
/// <param name="Load">Loads a library by its path or name: why that failed, or null.</param>
internal sealed record NativeHost(
    string System, Version Version, IReadOnlyList<string> Folders, bool IsScript, Func<string, bool> Exists, Func<string, string?> Load)
{
    /// <summary>The system that this process runs on.</summary>
    public static NativeHost This() => new(
        ThisSystem, Environment.OSVersion.Version, [.. SearchFolders()], TorchSharpIsInItsPackage(), File.Exists, TryLoad);

    /// <summary>The path of a library where .NET looks; null where there is none.</summary>
    public string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(Exists);

    private static string ThisSystem
    {
        get
        {
            var kind = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : null;
            var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            return kind is null ? RuntimeInformation.RuntimeIdentifier : $"{kind}-{processor}";
        }
    }

    private static IEnumerable<string> SearchFolders()
    {
        var told = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        var here = AppContext.BaseDirectory;
        return told.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat([here, Path.Combine(here, "runtimes", ThisSystem, "native")]);
    }

    // In a package the assembly lies in torchsharp/VERSION/lib/FRAMEWORK.
    private static bool TorchSharpIsInItsPackage() =>
        typeof(TorchSharp.torch).Assembly.Location is { Length: > 0 } path
        && new FileInfo(path).Directory?.Parent?.Parent?.Parent?.Name is { } package
        && package.Equals("torchsharp", StringComparison.OrdinalIgnoreCase);

    private static string? TryLoad(string library)
    {
        try
        {
            NativeLibrary.Load(library);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }
}
