using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetRllc.Core.Kernels;

/// <summary>Products of bfloat16 matrices with float32 sums and results, on one core.</summary>
/// <remarks>
/// .NET has no intrinsics for AVX-512 BF16; libtorch has oneDNN's batch-reduce product and exports
/// a function for it, which is called here. The right factor comes in pairs of rows: element (2 i,
/// n) and (2 i + 1, n) share one 32-bit word.
/// </remarks>
internal static unsafe class BFloat16
{
    private static readonly
        delegate* unmanaged<long, long, long, long, long, long, byte, ushort*, uint*, float*, byte, void> Product = Find();

    /// <summary>Whether this processor and this libtorch have the product.</summary>
    public static bool IsSupported => Product != null;

    /// <summary>C = A B, or C += A B, with A [rows, inner] row-major and B [inner, columns] in
    /// pairs of rows; inner is even.</summary>
    public static void Multiply(
        int rows, int columns, int inner,
        ushort* a, int strideA,
        uint* b, int strideB,
        float* c, int strideC,
        bool add) =>
        Product(rows, columns, inner, strideA, strideB, strideC, add ? (byte)1 : (byte)0, a, b, c, 1);

    /// <summary>Rounds a row to bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float* x, ushort* y, int length)
    {
        for (var i = 0; i < length; i += 32)
        {
            if (i + 32 <= length) Vector512.Narrow(Bits(x + i) >>> 16, Bits(x + i + 16) >>> 16).Store(y + i);
            else Vector512.Narrow(Bits(x + i) >>> 16, Vector512<uint>.Zero).GetLower().Store(y + i);
        }
    }

    /// <summary>One number in bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Round(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Rounds two rows and puts them into the words of one pair of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pair(float* even, float* odd, uint* pairs, int length)
    {
        for (var i = 0; i < length; i += 16)
            ((Bits(even + i) >>> 16) | (Bits(odd + i) & Vector512.Create(0xFFFF0000u))).Store(pairs + i);
    }

    /// <summary>Pairs all rows of a matrix with an even number of rows.</summary>
    public static void PairRows(float* x, int strideX, int rows, uint* pairs, int stridePairs, int length)
    {
        for (var row = 0; row < rows; row += 2)
            Pair(
                x + (nint)row * strideX,
                x + (nint)(row + 1) * strideX,
                pairs + (nint)(row / 2) * stridePairs,
                length);
    }

    // Round to nearest, ties to even, in the upper half of each word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Bits(float* x)
    {
        var bits = Vector512.Load(x).AsUInt32();
        return bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One);
    }

    /// <summary>Where libtorch has the product: its library, and the name as that system's compiler writes it.</summary>
    internal static (string Library, string Export) EntryOf(bool windows) => windows
        ? ("torch_cpu.dll", "?brgemm@cpublas@native@at@@YAX_J00000_NPEBUBFloat16@c10@@2PEAM_N@Z")
        : ("libtorch_cpu.so", "_ZN2at6native7cpublas6brgemmEllllllbPKN3c108BFloat16ES5_Pfb");

    /// <summary>Whether there is more of the product than its name: a call would end the process otherwise. Asked on Windows,
    /// where nobody of us has tried it.</summary>
    private static bool IsBuiltIn(nint library)
    {
        const sbyte bfloat16 = 15; // c10::ScalarType
        return NativeLibrary.TryGetExport(library, "?could_pack@cpublas@native@at@@YA_NW4ScalarType@c10@@@Z", out var address)
            && ((delegate* unmanaged<sbyte, byte>)address)(bfloat16) != 0;
    }

    private static delegate* unmanaged<long, long, long, long, long, long, byte, ushort*, uint*, float*, byte, void> Find()
    {
        const int avx512Bf16 = 1 << 5; // CPUID leaf 7, subleaf 1, EAX
        // Who asks for narrower kernels wants to see what a processor without these does.
        if (KernelChoice.Asked is not null && KernelSet.Used.Width < 512) return null;
        if (!Avx512F.IsSupported || (X86Base.CpuId(7, 1).Eax & avx512Bf16) == 0) return null;
        Native.TorchNative.EnsureLoaded();
        var (name, export) = EntryOf(OperatingSystem.IsWindows());
        return Native.TorchNative.TryLoadLibrary(name, out var library)
            && NativeLibrary.TryGetExport(library, export, out var address)
            && (!OperatingSystem.IsWindows() || IsBuiltIn(library))
            ? (delegate* unmanaged<long, long, long, long, long, long, byte, ushort*, uint*, float*, byte, void>)address
            : null;
    }
}
