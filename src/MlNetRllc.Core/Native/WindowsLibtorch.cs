namespace MlNetRllc.Core.Native;

/// <summary>What libtorch needs on Windows, looked at before TorchSharp loads it.</summary>
internal static class WindowsLibtorch
{
    private const string Library = "torch_cpu.dll";

    // c10.dll and torch_cpu.dll import these three; neither their package nor .NET brings them.
    private static readonly string[] Runtime = ["MSVCP140.dll", "VCRUNTIME140.dll", "VCRUNTIME140_1.dll"];

    /// <summary>Looks for libtorch, and for the C++ runtime that it is built with.</summary>
    /// <returns>What is missing, and what to do; null when TorchSharp can load it.</returns>
    public static string? Check(NativeHost host)
    {
        if (host.IsScript) return null;
        if (host.Find(Library) is null)
            return $"{Library} was not found in: {string.Join(", ", host.Folders)}. {LibtorchPackage.Remedy(host.System)}";
        // Windows looks beside a library for those that it needs, and else where it looks for any.
        var missing = Runtime.Where(name => host.Find(name) is null && host.Load(name) is not null).ToList();
        return missing.Count == 0 ? null
            : $"libtorch needs {string.Join(", ", missing)}, which this machine lacks. "
                + "Install the Microsoft Visual C++ Redistributable for x64: https://aka.ms/vs/17/release/vc_redist.x64.exe";
    }
}
