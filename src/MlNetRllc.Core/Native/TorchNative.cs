using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MlNetRllc.Core.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native bridge before the first tensor is made.
/// </summary>
/// <remarks>
/// TorchSharp's bridge asks for a newer libstdc++ (GLIBCXX_3.4.32) than Debian 12 and Ubuntu 22.04
/// have, although no symbol it uses needs it. Programs are built with a copy in which that need is
/// marked weak (<see cref="ElfVersionNeeds"/>, buildTransitive/MlNetRllc.Core.targets), so that
/// TorchSharp finds it by itself. A program that was built another way has the original: where that
/// does not load, its image, marked likewise, is loaded from memory (<see cref="PatchedBridge"/>),
/// the original file is never touched, and nothing is left on the disk.
/// </remarks>
public static class TorchNative
{
    private const string Bridge = "libLibTorchSharp.so";
    private const string FirstLine = "MlNetRllc.Core.Native.TorchNative.EnsureLoaded();";
    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly Lock Gate = new();
    private static volatile bool bridgeLoaded, ready;

    /// <summary>Makes sure that tensors can be made in this process.</summary>
    /// <remarks>Everything here calls it before its first tensor. A program that was not built with
    /// the package's own build asset and uses TorchSharp before anything of this library calls it
    /// in its first line: TorchSharp tries to load once in a process.</remarks>
    /// <exception cref="DllNotFoundException">The native libraries are missing or cannot be loaded;
    /// the message says which file, why, and what to install or write.</exception>
    public static void EnsureLoaded()
    {
        if (ready) return;
        if (LoadBridge() is { } reason) throw new DllNotFoundException(reason);
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        }
        catch (TypeInitializationException e)
        {
            throw new DllNotFoundException(TorchSharpFailed(e), e);
        }
        ready = true;
    }

    /// <summary>The CPU as a device, for code that touches TorchSharp here first.</summary>
    internal static torch.Device Cpu
    {
        get
        {
            EnsureLoaded();
            return torch.CPU;
        }
    }

    /// <summary>A handle to one of libtorch's own libraries, for what TorchSharp does not expose.</summary>
    internal static bool TryLoadLibrary(string name, out nint library)
    {
        library = 0;
        return OperatingSystem.IsLinux() && SearchFolders().Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists) is { } path
            && NativeLibrary.TryLoad(path, out library);
    }

    // TorchSharp's own static constructor finds the bridge by name once it is in the process, so
    // ours must run first.
#pragma warning disable CA2255 // A library must do this: its users reach tensors without calling anything of ours before.
    [ModuleInitializer]
    internal static void Initialize() => LoadBridge();
#pragma warning restore CA2255

    /// <summary>Why the bridge is not in the process; null when it is. What failed is tried again
    /// at the next call.</summary>
    private static string? LoadBridge()
    {
        lock (Gate)
        {
            if (bridgeLoaded) return null;
            var reason = TryLoad();
            bridgeLoaded = reason is null;
            return reason;
        }
    }

    private static string TorchSharpFailed(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        var why = e.Message.Split(['\r', '\n'], 2)[0]; // what follows is a long record of its tries
        return OperatingSystem.IsLinux()
            ? "TorchSharp was used before MlNetRllc and could not load its native libraries, which it tries once in a process. "
                + $"Make this the program's first line: {FirstLine} (TorchSharp said: {why})"
            : "TorchSharp cannot load its native libraries. "
                + "Add the package libtorch-cpu-win-x64 or libtorch-cpu-osx-arm64 and build again. "
                + $"(TorchSharp said: {why})";
    }

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
            return $"{bridge} cannot be loaded, nor its image that accepts this system's libstdc++, "
                + $"from memory or from {Path.GetTempPath()}: {e.Message} "
                + "Install a libstdc++6 that has GLIBCXX_3.4.32 (GCC 13), "
                + "or give a temporary folder that can be written and run from (TMPDIR).";
        }
    }

    private static IEnumerable<string> SearchFolders()
    {
        var told = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        var probed = told.Split(':', StringSplitOptions.RemoveEmptyEntries);
        var rid = $"linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        return [.. probed, AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native")];
    }
}
