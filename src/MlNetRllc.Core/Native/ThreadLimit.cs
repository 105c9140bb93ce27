using System.Runtime.InteropServices;
using TorchSharp;

namespace MlNetRllc.Core.Native;

/// <summary>Holds one thread's libtorch operations to that thread, and leaves every other thread of
/// the process as it is.</summary>
/// <remarks>
/// <c>torch.set_num_threads</c> reaches further than its caller: it sets the matrix library's
/// number for the whole process and that of every thread that first uses libtorch afterwards. Sums
/// round by the number of threads, so a training would change last bits of whatever is computed
/// beside it. OpenMP and the matrix library each have a limit of the calling thread alone. libtorch's
/// builds for Linux export both; on Windows and macOS OpenMP's own library has its limit, and products of
/// matrices (MKL inside torch_cpu.dll, Accelerate) keep the threads that they choose.
/// </remarks>
internal static unsafe class ThreadLimit
{
    private static readonly Lazy<(nint OpenMp, nint Matrices, nint OpenMpNow)> Limits =
        new(() => Find(LibrariesOf(NativeHost.This().System)));

    /// <summary>Which library of a system has OpenMP's limit, and which the matrix library's; null where there is none.</summary>
    /// <param name="system">As NuGet calls it.</param>
    internal static (string? OpenMp, string? Matrices) LibrariesOf(string system) => system switch
    {
        "linux-x64" => ("libtorch_cpu.so", "libtorch_cpu.so"),
        "win-x64" => ("libiomp5md.dll", null),
        "osx-arm64" => ("libomp.dylib", null),
        _ => (null, null),
    };

    private static (nint OpenMp, nint Matrices, nint OpenMpNow) Find((string? OpenMp, string? Matrices) libraries)
    {
        if (libraries.OpenMp is null || !TorchNative.TryLoadLibrary(libraries.OpenMp, out var openMp)) return default;
        if (!NativeLibrary.TryGetExport(openMp, "omp_set_num_threads", out var set)) return default;
        if (!NativeLibrary.TryGetExport(openMp, "omp_get_max_threads", out var now)) return default;
        if (libraries.Matrices is null) return (set, 0, now);
        return TorchNative.TryLoadLibrary(libraries.Matrices, out var matrices)
            && NativeLibrary.TryGetExport(matrices, "MKL_Set_Num_Threads_Local", out var local) ? (set, local, now) : default;
    }

    /// <summary>Whether a thread can be limited by itself with this libtorch.</summary>
    public static bool IsPerThread => Limits.Value.OpenMp != 0;

    /// <summary>From here on the calling thread computes alone. Only where
    /// <see cref="IsPerThread"/>.</summary>
    public static void ToOne()
    {
        torch.get_num_threads(); // libtorch sets a thread's number when it first uses it: before ours.
        Set(1, 1);
    }

    // Returns the matrix library's limit that stood before; 0 where there was none.
    private static int Set(int openMp, int matrices)
    {
        ((delegate* unmanaged<int, void>)Limits.Value.OpenMp)(openMp);
        return Limits.Value.Matrices == 0 ? 0 : ((delegate* unmanaged<int, int>)Limits.Value.Matrices)(matrices);
    }

    /// <summary>The calling thread computes alone until disposal, on the same thread.</summary>
    internal sealed class Held : IDisposable
    {
        private readonly int openMp, matrices;

        public Held()
        {
            if (!IsPerThread) return;
            torch.get_num_threads();
            openMp = ((delegate* unmanaged<int>)Limits.Value.OpenMpNow)();
            matrices = Set(1, 1);
        }

        public void Dispose()
        {
            if (IsPerThread) Set(openMp, matrices);
        }
    }
}
