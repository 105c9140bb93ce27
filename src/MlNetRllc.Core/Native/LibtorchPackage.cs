namespace MlNetRllc.Core.Native;

/// <summary>The systems that there is libtorch for, and the package that brings it.</summary>
internal static class LibtorchPackage
{
    /// <summary>The version that TorchSharp's native bridge was built with.</summary>
    public const string Version = "2.10.0";

    /// <summary>As NuGet calls them.</summary>
    public static readonly string[] Systems = ["linux-x64", "win-x64", "osx-arm64"];

    /// <summary>The package of libtorch for the CPU.</summary>
    /// <param name="system">One of <see cref="Systems"/>.</param>
    public static string For(string system) => $"libtorch-cpu-{system}";

    /// <summary>What to do where the program lacks it.</summary>
    /// <param name="system">One of <see cref="Systems"/>.</param>
    public static string Remedy(string system) =>
        $"Add the package {For(system)} {Version} to the program (dotnet add package {For(system)} --version {Version}) and build again.";

    /// <summary>Why it is no use to look for libtorch; null where there is some.</summary>
    /// <param name="system">The system of this process.</param>
    public static string? WhyNone(string system) => Systems.Contains(system) ? null
        : $"There is no libtorch for {system}: TorchSharp brings it for {string.Join(", ", Systems[..^1])} and {Systems[^1]} alone.";
}
