using System.Runtime.InteropServices;
using System.Text;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Running;

/// <summary>Holds the program to a number of cores.</summary>
/// <remarks>The runtime and libtorch count the cores once, as they start: so the program starts itself again in its own place,
/// with the number in their environment variables.</remarks>
/// <remarks>So on Linux. Elsewhere a program cannot take its own place: there the number bounds libtorch's threads, by OpenMP's own
/// call, and the steps that run side by side.</remarks>
internal static partial class CoreBudget
{
    private const string Runtime = "DOTNET_PROCESSOR_COUNT", Torch = "OMP_NUM_THREADS", Accelerate = "VECLIB_MAXIMUM_THREADS";

    /// <summary>Does nothing where the arguments name no number, or one that is not below the cores there are;
    /// does not return where it starts the program again.</summary>
    public static void Apply(string[] args)
    {
        if (!OperatingSystem.IsLinux() || NumberIn(args) is not { } number) return;
        if (!WholeNumber.TryParse(number, out int cores) || cores < 1 || cores >= Environment.ProcessorCount) return;
        string[] command = [.. File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1]];
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(v => v.Key is not (Runtime or Torch)).Select(v => $"{v.Key}={v.Value}")
            .Append($"{Runtime}={cores}").Append($"{Torch}={cores}");
        _ = Execute("/proc/self/exe", [.. command.Select(Native), 0], [.. environment.Select(Native), 0]);
        // Reached only where it could not be started: the number then bounds the steps that run side by side.
    }

    /// <summary>What is left to do once the arguments are read: off Linux libtorch is held to the number.</summary>
    /// <param name="cores">The number; 0 for all.</param>
    /// <param name="system">On Linux the program was started again with it; on macOS Accelerate multiplies matrices, whose threads
    /// OpenMP's call does not set.</param>
    /// <param name="limit">Sets libtorch's threads.</param>
    /// <returns>What the number does not hold; null where there is nothing to say.</returns>
    public static string? ApplyHere(int cores, OSPlatform system, Action<int> limit)
    {
        if (system == OSPlatform.Linux || cores < 1 || cores >= Environment.ProcessorCount) return null;
        limit(cores);
        var held = $"--cores {cores} holds libtorch's threads and the steps that run side by side. .NET's own threads count all cores "
            + "on this system";
        return system == OSPlatform.OSX
            ? $"{held}, and products of matrices, which are Accelerate's, choose theirs; to hold these too, set {Runtime}={cores} and "
                + $"{Accelerate}={cores} before the command."
            : $"{held}; to hold them too, set {Runtime}={cores} before the command.";
    }

    // The number stands behind the option, or behind = or : in the same argument.
    private static string? NumberIn(string[] args)
    {
        const string option = "--cores";
        var at = Array.FindIndex(args, a => a == option
            || a.StartsWith(option + "=", StringComparison.Ordinal) || a.StartsWith(option + ":", StringComparison.Ordinal));
        if (at < 0) return null;
        return args[at].Length > option.Length ? args[at][(option.Length + 1)..] : args.ElementAtOrDefault(at + 1);
    }

    private static nint Native(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var memory = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, memory, bytes.Length);
        return memory;
    }

    [LibraryImport("libc", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, nint[] arguments, nint[] environment);
}
