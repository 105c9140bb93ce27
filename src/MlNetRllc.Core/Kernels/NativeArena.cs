using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Kernels;

/// <summary>Hands out 64-byte aligned, zeroed float32 blocks and frees them all together.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private static long held;

    private readonly List<nint> blocks = [];

    /// <summary>Bytes that all arenas of the process hold.</summary>
    public static long HeldBytes => Interlocked.Read(ref held);

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>A zeroed block of <paramref name="length"/> floats.</summary>
    public float* Floats(long length)
    {
        ObjectDisposedException.ThrowIf(freed, this);
        var bytes = (nuint)(Math.Max(length, 16) * sizeof(float));
        var block = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(block, bytes);
        blocks.Add((nint)block);
        Bytes += (long)bytes;
        Interlocked.Add(ref held, (long)bytes);
        return (float*)block;
    }

    /// <summary>A zeroed block of <paramref name="length"/> 32-bit words.</summary>
    public uint* Words(long length) => (uint*)Floats(length);

    /// <summary>Sets floats to zero.</summary>
    public static void Clear(float* values, long length) => NativeMemory.Clear(values, (nuint)length * sizeof(float));

    private bool freed;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeArena() => Free();

    private void Free()
    {
        if (freed) return;
        freed = true;
        Interlocked.Add(ref held, -Bytes);
        foreach (var block in blocks) NativeMemory.AlignedFree((void*)block);
    }
}
