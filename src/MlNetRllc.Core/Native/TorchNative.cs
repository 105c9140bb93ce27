using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MlNetRllc.Core.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native bridge before the first tensor is made.
/// </summary>
/// <remarks>
/// What each system needs is in <see cref="LinuxLibtorch"/>, <see cref="WindowsLibtorch"/> and <see cref="MacLibtorch"/>.
/// TorchSharp's bridge for Linux asks for a newer libstdc++ (GLIBCXX_3.4.32) than Debian 12 and Ubuntu 22.04
/// have, although no symbol it uses needs it. Programs are built with a copy in which that need is
/// marked weak (<see cref="ElfVersionNeeds"/>, buildTransitive/MlNetRllc.Core.targets), so that
/// TorchSharp finds it by itself. A program that was built another way has the original: where that
/// does not load, its image, marked likewise, is loaded from memory (<see cref="PatchedBridge"/>),
/// the original file is never touched, and nothing is left on the disk.
/// </remarks>
public static class TorchNative
{
    private const string FirstLine = "MlNetRllc.Core.Native.TorchNative.EnsureLoaded();";
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
        return NativeHost.This().Find(name) is { } path
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
        return OperatingSystem.IsWindows()
            ? $"TorchSharp cannot load its native libraries, although libtorch is there. If its version is not {LibtorchPackage.Version}: "
                + $"{LibtorchPackage.Remedy("win-x64")} (TorchSharp said: {why})"
            : "TorchSharp was used before MlNetRllc and could not load its native libraries, which it tries once in a process. "
                + $"Make this the program's first line: {FirstLine} (TorchSharp said: {why})";
    }

    private static string? TryLoad() => TryLoad(NativeHost.This());

    /// <summary>Puts in place what TorchSharp needs there.</summary>
    /// <returns>What is missing, and what to do; null when TorchSharp can load its libraries.</returns>
    internal static string? TryLoad(NativeHost host) => LibtorchPackage.WhyNone(host.System) ?? host.System switch
    {
        "win-x64" => WindowsLibtorch.Check(host),
        "osx-arm64" => MacLibtorch.Prepare(host),
        _ => LinuxLibtorch.Load(host),
    };
}
