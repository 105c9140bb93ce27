namespace MlNetRllc.Core.Native;

/// <summary>libtorch and TorchSharp's bridge on Linux.</summary>
internal static class LinuxLibtorch
{
    private const string Bridge = "libLibTorchSharp.so";
    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>Loads them.</summary>
    /// <returns>Why that failed, and what to do; null when they are loaded.</returns>
    public static string? Load(NativeHost host)
    {
        if (host.Find(Bridge) is not { } bridge)
            return $"{Bridge} was not found in: {string.Join(", ", host.Folders)}. "
                + $"Restore the package {LibtorchPackage.For(host.System)} beside TorchSharp and build again.";
        foreach (var name in Dependencies)
        {
            var path = Path.Combine(Path.GetDirectoryName(bridge)!, name);
            if (!host.Exists(path))
                return $"{path} is missing. Restore the package {LibtorchPackage.For(host.System)} and build again.";
            if (host.Load(path) is { } why)
                return $"{path} cannot be loaded: {why} Install the library it names (usually libgomp1 or libstdc++6).";
        }
        return host.Load(bridge) is null ? null : LoadMarked(bridge);
    }

    private static string? LoadMarked(string bridge)
    {
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
}
