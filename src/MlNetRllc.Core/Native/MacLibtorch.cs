namespace MlNetRllc.Core.Native;

/// <summary>What libtorch needs on macOS, put in place before TorchSharp loads it.</summary>
/// <remarks>
/// <c>libtorch_cpu.dylib</c> asks for OpenMP by the path at which Homebrew installs it, and few have it there. Its package
/// brings a <c>libomp.dylib</c> that bears this path as its own name: once that is in the process, macOS takes it for the one
/// that is asked for.
/// </remarks>
internal static class MacLibtorch
{
    private const string Library = "libtorch_cpu.dylib";
    private const string OpenMp = "libomp.dylib";

    /// <summary>The path by which libtorch asks for OpenMP.</summary>
    public const string HomebrewsOpenMp = "/opt/homebrew/opt/libomp/lib/libomp.dylib";

    /// <summary>The least macOS that TorchSharp's bridge is built for.</summary>
    public const int Least = 15;

    /// <summary>Looks for libtorch, and loads OpenMP.</summary>
    /// <returns>What is missing, and what to do; null when TorchSharp can load it.</returns>
    public static string? Prepare(NativeHost host)
    {
        if (host.Version.Major < Least) return $"TorchSharp needs macOS {Least} or later; this is {host.Version}.";
        if (host.IsScript) return null;
        if (host.Find(Library) is null)
            return $"{Library} was not found in: {string.Join(", ", host.Folders)}. {LibtorchPackage.Remedy(host.System)}";
        var found = host.Find(OpenMp);
        var why = found is null ? "which does not lie beside it" : host.Load(found);
        if (why is null || host.Exists(HomebrewsOpenMp)) return null;
        var said = found is null ? $"{OpenMp}, {why}" : $"{OpenMp}, and {found} cannot be loaded: {why}";
        return $"{Library} needs {said}. Install it: brew install libomp";
    }
}
