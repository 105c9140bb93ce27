using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetRllc.Core.Kernels;

/// <summary>Functions of sixteen float32 numbers at once: the one place that says which logarithm,
/// sine and cosine the bits of a result come from.</summary>
internal static class VectorFunctions
{
    /// <summary>Numbers in a vector.</summary>
    public const int Lanes = 16;

    /// <summary>The natural logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x) => Vector512.Log(x);

    /// <summary>Sine and cosine of angles in radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Sin, Vector512<float> Cos) SinCos(Vector512<float> angle) =>
        Vector512.SinCos(angle);
}
