using System.Runtime.InteropServices;
using TorchSharp;

namespace MlNetRllc.Core.Native;

/// <summary>Holds one thread's libtorch operations to that thread, and leaves every other thread of
/// the process as it is.</summary>
/// <remarks>
/// <c>torch.set_num_threads</c> reaches further than its caller: it sets the matrix library's
/// number for the whole process and that of every thread that first uses libtorch afterwards. Sums
/// round by the number of threads, so a training would change last bits of whatever is computed
/// beside it. OpenMP and the matrix library each have a limit of the calling thread alone, which
/// libtorch's builds for Linux export.
/// </remarks>
internal static unsafe class ThreadLimit
{
    private static readonly Lazy<(nint OpenMp, nint Matrices, nint OpenMpNow)> Limits = new(() =>
        TorchNative.TryLoadLibrary("libtorch_cpu.so", out var library)
        && NativeLibrary.TryGetExport(library, "omp_set_num_threads", out var openMp)
            && NativeLibrary.TryGetExport(library, "MKL_Set_Num_Threads_Local", out var matrices)
            && NativeLibrary.TryGetExport(library, "omp_get_max_threads", out var now) ? (openMp, matrices, now) : default);

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
        return ((delegate* unmanaged<int, int>)Limits.Value.Matrices)(matrices);
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
