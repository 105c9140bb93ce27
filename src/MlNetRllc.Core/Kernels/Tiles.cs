using System.Runtime.CompilerServices;
using MlNetRllc.Core.Kernels.Vectors;

namespace MlNetRllc.Core.Kernels;

/// <summary>The tiles of <see cref="Gemm"/>: sums that stay in registers while the inner dimension
/// runs.</summary>
/// <remarks>
/// With 32 registers a tile has 8 rows and up to 3 vectors of columns: 24 sums. With 16 it has 4
/// rows and 3 vectors, which read least for each sum (7 reads for 12), or 6 rows and 2 vectors;
/// rows that are no multiple of 6 end with tiles of 4, since 2 alone would wait for their own sums.
/// </remarks>
/// <typeparam name="T">A register.</typeparam>
internal static unsafe class Tiles<T> where T : struct, IVector<T>
{
    /// <summary>C = init + A B, as <see cref="Gemm"/> says.</summary>
    /// <param name="rows">Rows of the result, a multiple of 8.</param>
    /// <param name="columns">Columns of the result, a multiple of 16.</param>
    /// <param name="whole">The product's factors and result.</param>
    /// <param name="registers">Registers of the processor, 16 or 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int rows, int columns, in Product whole, int registers)
    {
        for (var column = 0; column < columns;)
        {
            var left = (columns - column) / T.Count;
            var vectors = left >= 3 && left != 4 ? 3 : left >= 2 ? 2 : 1;
            for (var row = 0; row < rows;)
            {
                var tile = whole.At(row, column);
                row += registers == 32 ? Tall(vectors, tile) : Short(vectors, rows - row, tile);
            }
            column += vectors * T.Count;
        }
    }

    /// <summary>A tile of 8 rows.</summary>
    /// <returns>Its rows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Tall(int vectors, in Product tile)
    {
        if (vectors == 3) Tile8x3(tile);
        else if (vectors == 2) Tile8x2(tile);
        else Tile8x1(tile);
        return 8;
    }

    /// <summary>A tile of at most 12 sums.</summary>
    /// <returns>Its rows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Short(int vectors, int rows, in Product tile)
    {
        if (vectors == 3)
        {
            Tile4x3(tile);
            return 4;
        }
        if (vectors == 1)
        {
            Tile8x1(tile);
            return 8;
        }
        if (rows is 4 or 8)
        {
            Tile4x2(tile);
            return 4;
        }
        Tile6x2(tile);
        return 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x3(in Product tile)
    {
        float* a = tile.A, b = tile.B, init = tile.Init, c = tile.C;
        nint rs = tile.RowStrideA, ps = tile.InnerStrideA, sb = tile.StrideB, si = tile.StrideInit, sc = tile.StrideC;
        T c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        T c40, c41, c42, c50, c51, c52, c60, c61, c62, c70, c71, c72;
        if (init == null)
        {
            c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = default;
            c40 = c41 = c42 = c50 = c51 = c52 = c60 = c61 = c62 = c70 = c71 = c72 = default;
        }
        else
        {
            c00 = T.Load(init); c01 = T.Load(init + T.Count); c02 = T.Load(init + 2 * T.Count); init += si;
            c10 = T.Load(init); c11 = T.Load(init + T.Count); c12 = T.Load(init + 2 * T.Count); init += si;
            c20 = T.Load(init); c21 = T.Load(init + T.Count); c22 = T.Load(init + 2 * T.Count); init += si;
            c30 = T.Load(init); c31 = T.Load(init + T.Count); c32 = T.Load(init + 2 * T.Count); init += si;
            c40 = T.Load(init); c41 = T.Load(init + T.Count); c42 = T.Load(init + 2 * T.Count); init += si;
            c50 = T.Load(init); c51 = T.Load(init + T.Count); c52 = T.Load(init + 2 * T.Count); init += si;
            c60 = T.Load(init); c61 = T.Load(init + T.Count); c62 = T.Load(init + 2 * T.Count); init += si;
            c70 = T.Load(init); c71 = T.Load(init + T.Count); c72 = T.Load(init + 2 * T.Count);
        }
        var a4 = a + 4 * rs;
        for (var p = tile.Inner; p > 0; p--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), b2 = T.Load(b + 2 * T.Count);
            var x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00); c01 = T.MultiplyAdd(x, b1, c01); c02 = T.MultiplyAdd(x, b2, c02);
            x = T.Create(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10); c11 = T.MultiplyAdd(x, b1, c11); c12 = T.MultiplyAdd(x, b2, c12);
            x = T.Create(a[2 * rs]);
            c20 = T.MultiplyAdd(x, b0, c20); c21 = T.MultiplyAdd(x, b1, c21); c22 = T.MultiplyAdd(x, b2, c22);
            x = T.Create(a[3 * rs]);
            c30 = T.MultiplyAdd(x, b0, c30); c31 = T.MultiplyAdd(x, b1, c31); c32 = T.MultiplyAdd(x, b2, c32);
            x = T.Create(a4[0]);
            c40 = T.MultiplyAdd(x, b0, c40); c41 = T.MultiplyAdd(x, b1, c41); c42 = T.MultiplyAdd(x, b2, c42);
            x = T.Create(a4[rs]);
            c50 = T.MultiplyAdd(x, b0, c50); c51 = T.MultiplyAdd(x, b1, c51); c52 = T.MultiplyAdd(x, b2, c52);
            x = T.Create(a4[2 * rs]);
            c60 = T.MultiplyAdd(x, b0, c60); c61 = T.MultiplyAdd(x, b1, c61); c62 = T.MultiplyAdd(x, b2, c62);
            x = T.Create(a4[3 * rs]);
            c70 = T.MultiplyAdd(x, b0, c70); c71 = T.MultiplyAdd(x, b1, c71); c72 = T.MultiplyAdd(x, b2, c72);
            b += sb;
            a += ps;
            a4 += ps;
        }
        c00.Store(c); c01.Store(c + T.Count); c02.Store(c + 2 * T.Count); c += sc;
        c10.Store(c); c11.Store(c + T.Count); c12.Store(c + 2 * T.Count); c += sc;
        c20.Store(c); c21.Store(c + T.Count); c22.Store(c + 2 * T.Count); c += sc;
        c30.Store(c); c31.Store(c + T.Count); c32.Store(c + 2 * T.Count); c += sc;
        c40.Store(c); c41.Store(c + T.Count); c42.Store(c + 2 * T.Count); c += sc;
        c50.Store(c); c51.Store(c + T.Count); c52.Store(c + 2 * T.Count); c += sc;
        c60.Store(c); c61.Store(c + T.Count); c62.Store(c + 2 * T.Count); c += sc;
        c70.Store(c); c71.Store(c + T.Count); c72.Store(c + 2 * T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2(in Product tile)
    {
        float* a = tile.A, b = tile.B, init = tile.Init, c = tile.C;
        nint rs = tile.RowStrideA, ps = tile.InnerStrideA, sb = tile.StrideB, si = tile.StrideInit, sc = tile.StrideC;
        T c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        T c60, c61, c70, c71;
        if (init == null)
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = default;
            c60 = c61 = c70 = c71 = default;
        }
        else
        {
            c00 = T.Load(init); c01 = T.Load(init + T.Count); init += si;
            c10 = T.Load(init); c11 = T.Load(init + T.Count); init += si;
            c20 = T.Load(init); c21 = T.Load(init + T.Count); init += si;
            c30 = T.Load(init); c31 = T.Load(init + T.Count); init += si;
            c40 = T.Load(init); c41 = T.Load(init + T.Count); init += si;
            c50 = T.Load(init); c51 = T.Load(init + T.Count); init += si;
            c60 = T.Load(init); c61 = T.Load(init + T.Count); init += si;
            c70 = T.Load(init); c71 = T.Load(init + T.Count);
        }
        var a4 = a + 4 * rs;
        for (var p = tile.Inner; p > 0; p--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count);
            var x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00); c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Create(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10); c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Create(a[2 * rs]);
            c20 = T.MultiplyAdd(x, b0, c20); c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Create(a[3 * rs]);
            c30 = T.MultiplyAdd(x, b0, c30); c31 = T.MultiplyAdd(x, b1, c31);
            x = T.Create(a4[0]);
            c40 = T.MultiplyAdd(x, b0, c40); c41 = T.MultiplyAdd(x, b1, c41);
            x = T.Create(a4[rs]);
            c50 = T.MultiplyAdd(x, b0, c50); c51 = T.MultiplyAdd(x, b1, c51);
            x = T.Create(a4[2 * rs]);
            c60 = T.MultiplyAdd(x, b0, c60); c61 = T.MultiplyAdd(x, b1, c61);
            x = T.Create(a4[3 * rs]);
            c70 = T.MultiplyAdd(x, b0, c70); c71 = T.MultiplyAdd(x, b1, c71);
            b += sb;
            a += ps;
            a4 += ps;
        }
        c00.Store(c); c01.Store(c + T.Count); c += sc;
        c10.Store(c); c11.Store(c + T.Count); c += sc;
        c20.Store(c); c21.Store(c + T.Count); c += sc;
        c30.Store(c); c31.Store(c + T.Count); c += sc;
        c40.Store(c); c41.Store(c + T.Count); c += sc;
        c50.Store(c); c51.Store(c + T.Count); c += sc;
        c60.Store(c); c61.Store(c + T.Count); c += sc;
        c70.Store(c); c71.Store(c + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(in Product tile)
    {
        float* a = tile.A, b = tile.B, init = tile.Init, c = tile.C;
        nint rs = tile.RowStrideA, ps = tile.InnerStrideA, sb = tile.StrideB, si = tile.StrideInit, sc = tile.StrideC;
        T c00, c10, c20, c30, c40, c50, c60, c70;
        if (init == null) c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = default;
        else
        {
            c00 = T.Load(init); init += si;
            c10 = T.Load(init); init += si;
            c20 = T.Load(init); init += si;
            c30 = T.Load(init); init += si;
            c40 = T.Load(init); init += si;
            c50 = T.Load(init); init += si;
            c60 = T.Load(init); init += si;
            c70 = T.Load(init);
        }
        var a4 = a + 4 * rs;
        for (var p = tile.Inner; p > 0; p--)
        {
            T b0 = T.Load(b);
            var x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            x = T.Create(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10);
            x = T.Create(a[2 * rs]);
            c20 = T.MultiplyAdd(x, b0, c20);
            x = T.Create(a[3 * rs]);
            c30 = T.MultiplyAdd(x, b0, c30);
            x = T.Create(a4[0]);
            c40 = T.MultiplyAdd(x, b0, c40);
            x = T.Create(a4[rs]);
            c50 = T.MultiplyAdd(x, b0, c50);
            x = T.Create(a4[2 * rs]);
            c60 = T.MultiplyAdd(x, b0, c60);
            x = T.Create(a4[3 * rs]);
            c70 = T.MultiplyAdd(x, b0, c70);
            b += sb;
            a += ps;
            a4 += ps;
        }
        c00.Store(c); c += sc;
        c10.Store(c); c += sc;
        c20.Store(c); c += sc;
        c30.Store(c); c += sc;
        c40.Store(c); c += sc;
        c50.Store(c); c += sc;
        c60.Store(c); c += sc;
        c70.Store(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x2(in Product tile)
    {
        float* a = tile.A, b = tile.B, init = tile.Init, c = tile.C;
        nint rs = tile.RowStrideA, ps = tile.InnerStrideA, sb = tile.StrideB, si = tile.StrideInit, sc = tile.StrideC;
        T c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        if (init == null) c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = default;
        else
        {
            c00 = T.Load(init); c01 = T.Load(init + T.Count); init += si;
            c10 = T.Load(init); c11 = T.Load(init + T.Count); init += si;
            c20 = T.Load(init); c21 = T.Load(init + T.Count); init += si;
            c30 = T.Load(init); c31 = T.Load(init + T.Count); init += si;
            c40 = T.Load(init); c41 = T.Load(init + T.Count); init += si;
            c50 = T.Load(init); c51 = T.Load(init + T.Count);
        }
        var a3 = a + 3 * rs;
        for (var p = tile.Inner; p > 0; p--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count);
            var x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00); c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Create(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10); c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Create(a[2 * rs]);
            c20 = T.MultiplyAdd(x, b0, c20); c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Create(a3[0]);
            c30 = T.MultiplyAdd(x, b0, c30); c31 = T.MultiplyAdd(x, b1, c31);
            x = T.Create(a3[rs]);
            c40 = T.MultiplyAdd(x, b0, c40); c41 = T.MultiplyAdd(x, b1, c41);
            x = T.Create(a3[2 * rs]);
            c50 = T.MultiplyAdd(x, b0, c50); c51 = T.MultiplyAdd(x, b1, c51);
            b += sb;
            a += ps;
            a3 += ps;
        }
        c00.Store(c); c01.Store(c + T.Count); c += sc;
        c10.Store(c); c11.Store(c + T.Count); c += sc;
        c20.Store(c); c21.Store(c + T.Count); c += sc;
        c30.Store(c); c31.Store(c + T.Count); c += sc;
        c40.Store(c); c41.Store(c + T.Count); c += sc;
        c50.Store(c); c51.Store(c + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x3(in Product tile)
    {
        float* a = tile.A, b = tile.B, init = tile.Init, c = tile.C;
        nint rs = tile.RowStrideA, ps = tile.InnerStrideA, sb = tile.StrideB, si = tile.StrideInit, sc = tile.StrideC;
        T c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        if (init == null) c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = default;
        else
        {
            c00 = T.Load(init); c01 = T.Load(init + T.Count); c02 = T.Load(init + 2 * T.Count); init += si;
            c10 = T.Load(init); c11 = T.Load(init + T.Count); c12 = T.Load(init + 2 * T.Count); init += si;
            c20 = T.Load(init); c21 = T.Load(init + T.Count); c22 = T.Load(init + 2 * T.Count); init += si;
            c30 = T.Load(init); c31 = T.Load(init + T.Count); c32 = T.Load(init + 2 * T.Count);
        }
        for (var p = tile.Inner; p > 0; p--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), b2 = T.Load(b + 2 * T.Count);
            var x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00); c01 = T.MultiplyAdd(x, b1, c01); c02 = T.MultiplyAdd(x, b2, c02);
            x = T.Create(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10); c11 = T.MultiplyAdd(x, b1, c11); c12 = T.MultiplyAdd(x, b2, c12);
            x = T.Create(a[2 * rs]);
            c20 = T.MultiplyAdd(x, b0, c20); c21 = T.MultiplyAdd(x, b1, c21); c22 = T.MultiplyAdd(x, b2, c22);
            x = T.Create(a[3 * rs]);
            c30 = T.MultiplyAdd(x, b0, c30); c31 = T.MultiplyAdd(x, b1, c31); c32 = T.MultiplyAdd(x, b2, c32);
            b += sb;
            a += ps;
        }
        c00.Store(c); c01.Store(c + T.Count); c02.Store(c + 2 * T.Count); c += sc;
        c10.Store(c); c11.Store(c + T.Count); c12.Store(c + 2 * T.Count); c += sc;
        c20.Store(c); c21.Store(c + T.Count); c22.Store(c + 2 * T.Count); c += sc;
        c30.Store(c); c31.Store(c + T.Count); c32.Store(c + 2 * T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(in Product tile)
    {
        float* a = tile.A, b = tile.B, init = tile.Init, c = tile.C;
        nint rs = tile.RowStrideA, ps = tile.InnerStrideA, sb = tile.StrideB, si = tile.StrideInit, sc = tile.StrideC;
        T c00, c01, c10, c11, c20, c21, c30, c31;
        if (init == null) c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = default;
        else
        {
            c00 = T.Load(init); c01 = T.Load(init + T.Count); init += si;
            c10 = T.Load(init); c11 = T.Load(init + T.Count); init += si;
            c20 = T.Load(init); c21 = T.Load(init + T.Count); init += si;
            c30 = T.Load(init); c31 = T.Load(init + T.Count);
        }
        for (var p = tile.Inner; p > 0; p--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count);
            var x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00); c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Create(a[rs]);
            c10 = T.MultiplyAdd(x, b0, c10); c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Create(a[2 * rs]);
            c20 = T.MultiplyAdd(x, b0, c20); c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Create(a[3 * rs]);
            c30 = T.MultiplyAdd(x, b0, c30); c31 = T.MultiplyAdd(x, b1, c31);
            b += sb;
            a += ps;
        }
        c00.Store(c); c01.Store(c + T.Count); c += sc;
        c10.Store(c); c11.Store(c + T.Count); c += sc;
        c20.Store(c); c21.Store(c + T.Count); c += sc;
        c30.Store(c); c31.Store(c + T.Count);
    }
}
