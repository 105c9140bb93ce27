using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native bridge before the first tensor is made.
/// </summary>
/// <remarks>
/// TorchSharp's bridge asks for a newer libstdc++ (GLIBCXX_3.4.32) than Debian 12 and Ubuntu 22.04 have, although no
/// symbol it uses needs it. Where the bridge does not load for that reason, its image with that version need marked weak
/// (<see cref="ElfVersionNeeds"/>) is loaded from memory instead (<see cref="PatchedBridge"/>). The original file is never
/// touched, and nothing is left on the disk. On newer systems nothing is patched.
/// </remarks>
public static class TorchNative
{
    private const string Bridge = "libLibTorchSharp.so";
    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly Lazy<string?> Failure = new(TryLoad);

    /// <summary>Makes sure that tensors can be made in this process.</summary>
    /// <exception cref="DllNotFoundException">The native libraries are missing or cannot be loaded; the message says
    /// which file, why, and what to install.</exception>
    public static void EnsureLoaded()
    {
        if (Failure.Value is { } reason) throw new DllNotFoundException(reason);
    }

    /// <summary>A handle to one of libtorch's own libraries, for what TorchSharp does not expose.</summary>
    internal static bool TryLoadLibrary(string name, out nint library)
    {
        library = 0;
        return OperatingSystem.IsLinux() && SearchFolders().Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists) is { } path
            && NativeLibrary.TryLoad(path, out library);
    }

    // TorchSharp's own static constructor finds the bridge by name once it is in the process, so ours must run first.
#pragma warning disable CA2255 // A library must do this: its users reach tensors without calling anything of ours before.
    [ModuleInitializer]
    internal static void Initialize() => _ = Failure.Value;
#pragma warning restore CA2255

    private static string? TryLoad()
    {
        if (!OperatingSystem.IsLinux()) return null;
        var folder = SearchFolders().FirstOrDefault(f => File.Exists(Path.Combine(f, Bridge)));
        if (folder is null)
            return $"{Bridge} was not found in: {string.Join(", ", SearchFolders())}. "
                + "Restore the package libtorch-cpu-linux-x64 beside TorchSharp and build again.";

        foreach (var name in Dependencies)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                return $"{path} is missing. Restore the package libtorch-cpu-linux-x64 and build again.";
            try { NativeLibrary.Load(path); }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                return $"{path} cannot be loaded: {e.Message} Install the library it names (usually libgomp1 or libstdc++6).";
            }
        }

        var bridge = Path.Combine(folder, Bridge);
        if (NativeLibrary.TryLoad(bridge, out _)) return null;
        try
        {
            var image = File.ReadAllBytes(bridge);
            ElfVersionNeeds.MarkWeak(image, "GLIBCXX_3.4.32");
            PatchedBridge.Load(Bridge, image);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return $"{bridge} cannot be loaded, nor its image that accepts this system's libstdc++, from memory or from {Path.GetTempPath()}: {e.Message} "
                + "Install a libstdc++6 that has GLIBCXX_3.4.32 (GCC 13), or give a temporary folder that can be written and run from (TMPDIR).";
        }
    }

    private static IEnumerable<string> SearchFolders()
    {
        var probed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var rid = $"linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        return [.. probed, AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native")];
    }
}
