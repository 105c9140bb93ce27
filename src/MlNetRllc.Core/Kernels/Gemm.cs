using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetRllc.Core.Kernels;

/// <summary>The left factor of a product: element (row, inner) stands at
/// <c>Data[row * RowStride + inner * InnerStride]</c>.</summary>
/// <remarks>A row-major matrix has an inner stride of 1; its transpose has a row stride of 1.
/// Nothing is copied for either.</remarks>
internal readonly unsafe struct Factor(float* data, int rowStride, int innerStride)
{
    public readonly float* Data = data;
    public readonly int RowStride = rowStride, InnerStride = innerStride;

    /// <summary>A row-major matrix.</summary>
    public static Factor Rows(float* data, int stride) => new(data, stride, 1);

    /// <summary>The transpose of a row-major matrix.</summary>
    public static Factor Columns(float* data, int stride) => new(data, 1, stride);
}

/// <summary>Float32 matrix products on one core, for matrices that stay in its caches.</summary>
/// <remarks>
/// A tile of the result stays in registers while the inner dimension runs; each element of the left
/// factor is broadcast, the right factor is read in whole vectors. Tiles are as large as the
/// processor's registers hold: <see cref="Tiles512"/> with 32 registers of 512 bits,
/// <see cref="Tiles256"/> with 16 of 256. Rows come in multiples of 8 and columns in multiples of
/// 16 (buffers are padded). Every element is summed in the order of the inner dimension, one fused
/// multiply-add a term, so a result depends neither on the tiles nor on how rows and columns are
/// split over calls or threads.
/// </remarks>
internal static unsafe class Gemm
{
    public const int RowTile = 8, Lane = 16;

    /// <summary>C = init + A B, with C [rows, columns], A [rows, inner], B [inner, columns]; a null
    /// init adds nothing, and it may be C itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        int rows, int columns, int inner, Factor a, float* b, int strideB, float* init, int strideInit, float* c, int strideC)
    {
        if (Vector512.IsHardwareAccelerated)
            Tiles512.Multiply(rows, columns, inner, a, b, strideB, init, strideInit, c, strideC);
        else Tiles256.Multiply(rows, columns, inner, a, b, strideB, init, strideInit, c, strideC);
    }

    /// <summary>C = A B.</summary>
    public static void Multiply(
        int rows, int columns, int inner,
        Factor a,
        float* b, int strideB,
        float* c, int strideC) =>
        Multiply(rows, columns, inner, a, b, strideB, null, 0, c, strideC);

    /// <summary>C += A B.</summary>
    public static void MultiplyAdd(
        int rows, int columns, int inner,
        Factor a,
        float* b, int strideB,
        float* c, int strideC) =>
        Multiply(rows, columns, inner, a, b, strideB, c, strideC, c, strideC);
}
