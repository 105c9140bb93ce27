using System.Runtime.CompilerServices;

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

/// <summary>C = init + A B from some row and column on; a null init adds nothing.</summary>
internal unsafe struct Product
{
    public float* A, B, Init, C;
    public nint RowStrideA, InnerStrideA, StrideB, StrideInit, StrideC;

    /// <summary>Length of the sums.</summary>
    public int Inner;

    /// <summary>The part of the product that begins with a row and a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Product At(int row, int column)
    {
        var part = this;
        part.A += row * RowStrideA;
        part.B += column;
        part.C += row * StrideC + column;
        if (Init != null) part.Init += row * StrideInit + column;
        return part;
    }
}

/// <summary>Float32 matrix products on one core, for matrices that stay in its caches.</summary>
/// <remarks>
/// A tile of the result stays in registers while the inner dimension runs (<see cref="Tiles{T}"/>);
/// each element of the left factor is broadcast, the right factor is read in whole vectors. Rows
/// come in multiples of 8 and columns in multiples of 16 (buffers are padded). Every element is
/// summed in the order of the inner dimension, one fused multiply-add a term, so a result depends
/// neither on the processor nor on how rows and columns are split over tiles, calls or threads.
/// </remarks>
internal static unsafe class Gemm
{
    public const int RowTile = 8, Lane = 16;

    private static readonly KernelSet Kernels = KernelSet.Used;

    /// <summary>C = init + A B, with C [rows, columns], A [rows, inner], B [inner, columns]; a null
    /// init adds nothing, and it may be C itself.</summary>
    public static void Multiply(
        int rows, int columns, int inner, Factor a, float* b, int strideB, float* init, int strideInit, float* c, int strideC) =>
        Kernels.Multiply(rows, columns, new()
        {
            Inner = inner,
            A = a.Data, RowStrideA = a.RowStride, InnerStrideA = a.InnerStride,
            B = b, StrideB = strideB,
            Init = init, StrideInit = strideInit,
            C = c, StrideC = strideC,
        });

    /// <summary>C = A B.</summary>
    public static void Multiply(
        int rows, int columns, int inner,
        Factor a,
        float* b, int strideB,
        float* c, int strideC) =>
        Multiply(rows, columns, inner, a, b, strideB, null, 0, c, strideC);

    /// <summary>y += the sum of all rows, in their order; nothing where y is null.</summary>
    public static void AddRows(int count, int columns, float* rows, int stride, float* y)
    {
        if (y == null) return;
        for (var row = 0; row < count; row++) Kernels.AddScaled(rows + (nint)row * stride, 1, y, columns);
    }

    /// <summary>C += A B.</summary>
    public static void MultiplyAdd(
        int rows, int columns, int inner,
        Factor a,
        float* b, int strideB,
        float* c, int strideC) =>
        Multiply(rows, columns, inner, a, b, strideB, c, strideC, c, strideC);
}
