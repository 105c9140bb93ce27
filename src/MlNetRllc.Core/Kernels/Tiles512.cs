using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetRllc.Core.Kernels;

/// <summary>The tiles of <see cref="Gemm"/> for 512-bit vectors: 8 rows by up to 48 columns, 24 of
/// 32 registers.</summary>
internal static unsafe class Tiles512
{
    /// <inheritdoc cref="Gemm.Multiply(int, int, int, Factor, float*, int, float*, int, float*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        int rows, int columns, int inner, Factor a, float* b, int strideB, float* init, int strideInit, float* c, int strideC)
    {
        for (var column = 0; column < columns;)
        {
            var left = columns - column;
            var width = left >= 48 && left != 64 ? 48 : left >= 32 ? 32 : 16;
            for (var row = 0; row < rows; row += Gemm.RowTile)
            {
                var factor = a.Data + (nint)row * a.RowStride;
                var start = init == null ? null : init + (nint)row * strideInit + column;
                var target = c + (nint)row * strideC + column;
                if (width == 48)
                    Tile48(inner, factor, a.RowStride, a.InnerStride, b + column, strideB, start, strideInit, target, strideC);
                else if (width == 32)
                    Tile32(inner, factor, a.RowStride, a.InnerStride, b + column, strideB, start, strideInit, target, strideC);
                else
                    Tile16(inner, factor, a.RowStride, a.InnerStride, b + column, strideB, start, strideInit, target, strideC);
            }
            column += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile48(
        int inner,
        float* a, nint rs, nint ps,
        float* b, nint sb,
        float* init, nint si,
        float* c, nint sc)
    {
        Vector512<float> c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        Vector512<float> c40, c41, c42, c50, c51, c52, c60, c61, c62, c70, c71, c72;
        if (init == null)
        {
            c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = Vector512<float>.Zero;
            c40 = c41 = c42 = c50 = c51 = c52 = c60 = c61 = c62 = c70 = c71 = c72 = Vector512<float>.Zero;
        }
        else
        {
            c00 = Load(init); c01 = Load(init + 16); c02 = Load(init + 32); init += si;
            c10 = Load(init); c11 = Load(init + 16); c12 = Load(init + 32); init += si;
            c20 = Load(init); c21 = Load(init + 16); c22 = Load(init + 32); init += si;
            c30 = Load(init); c31 = Load(init + 16); c32 = Load(init + 32); init += si;
            c40 = Load(init); c41 = Load(init + 16); c42 = Load(init + 32); init += si;
            c50 = Load(init); c51 = Load(init + 16); c52 = Load(init + 32); init += si;
            c60 = Load(init); c61 = Load(init + 16); c62 = Load(init + 32); init += si;
            c70 = Load(init); c71 = Load(init + 16); c72 = Load(init + 32);
        }
        var a4 = a + 4 * rs;
        for (var p = 0; p < inner; p++)
        {
            Vector512<float> b0 = Load(b), b1 = Load(b + 16), b2 = Load(b + 32);
            var x = Vector512.Create(a[0]);
            c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01); c02 = Fma(x, b2, c02);
            x = Vector512.Create(a[rs]);
            c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11); c12 = Fma(x, b2, c12);
            x = Vector512.Create(a[2 * rs]);
            c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21); c22 = Fma(x, b2, c22);
            x = Vector512.Create(a[3 * rs]);
            c30 = Fma(x, b0, c30); c31 = Fma(x, b1, c31); c32 = Fma(x, b2, c32);
            x = Vector512.Create(a4[0]);
            c40 = Fma(x, b0, c40); c41 = Fma(x, b1, c41); c42 = Fma(x, b2, c42);
            x = Vector512.Create(a4[rs]);
            c50 = Fma(x, b0, c50); c51 = Fma(x, b1, c51); c52 = Fma(x, b2, c52);
            x = Vector512.Create(a4[2 * rs]);
            c60 = Fma(x, b0, c60); c61 = Fma(x, b1, c61); c62 = Fma(x, b2, c62);
            x = Vector512.Create(a4[3 * rs]);
            c70 = Fma(x, b0, c70); c71 = Fma(x, b1, c71); c72 = Fma(x, b2, c72);
            b += sb;
            a += ps;
            a4 += ps;
        }
        c00.Store(c); c01.Store(c + 16); c02.Store(c + 32); c += sc;
        c10.Store(c); c11.Store(c + 16); c12.Store(c + 32); c += sc;
        c20.Store(c); c21.Store(c + 16); c22.Store(c + 32); c += sc;
        c30.Store(c); c31.Store(c + 16); c32.Store(c + 32); c += sc;
        c40.Store(c); c41.Store(c + 16); c42.Store(c + 32); c += sc;
        c50.Store(c); c51.Store(c + 16); c52.Store(c + 32); c += sc;
        c60.Store(c); c61.Store(c + 16); c62.Store(c + 32); c += sc;
        c70.Store(c); c71.Store(c + 16); c72.Store(c + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile32(
        int inner,
        float* a, nint rs, nint ps,
        float* b, nint sb,
        float* init, nint si,
        float* c, nint sc)
    {
        Vector512<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        if (init == null)
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 = Vector512<float>.Zero;
        }
        else
        {
            c00 = Load(init); c01 = Load(init + 16); init += si;
            c10 = Load(init); c11 = Load(init + 16); init += si;
            c20 = Load(init); c21 = Load(init + 16); init += si;
            c30 = Load(init); c31 = Load(init + 16); init += si;
            c40 = Load(init); c41 = Load(init + 16); init += si;
            c50 = Load(init); c51 = Load(init + 16); init += si;
            c60 = Load(init); c61 = Load(init + 16); init += si;
            c70 = Load(init); c71 = Load(init + 16);
        }
        var a4 = a + 4 * rs;
        for (var p = 0; p < inner; p++)
        {
            Vector512<float> b0 = Load(b), b1 = Load(b + 16);
            var x = Vector512.Create(a[0]); c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01);
            x = Vector512.Create(a[rs]); c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11);
            x = Vector512.Create(a[2 * rs]); c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21);
            x = Vector512.Create(a[3 * rs]); c30 = Fma(x, b0, c30); c31 = Fma(x, b1, c31);
            x = Vector512.Create(a4[0]); c40 = Fma(x, b0, c40); c41 = Fma(x, b1, c41);
            x = Vector512.Create(a4[rs]); c50 = Fma(x, b0, c50); c51 = Fma(x, b1, c51);
            x = Vector512.Create(a4[2 * rs]); c60 = Fma(x, b0, c60); c61 = Fma(x, b1, c61);
            x = Vector512.Create(a4[3 * rs]); c70 = Fma(x, b0, c70); c71 = Fma(x, b1, c71);
            b += sb;
            a += ps;
            a4 += ps;
        }
        c00.Store(c); c01.Store(c + 16); c += sc;
        c10.Store(c); c11.Store(c + 16); c += sc;
        c20.Store(c); c21.Store(c + 16); c += sc;
        c30.Store(c); c31.Store(c + 16); c += sc;
        c40.Store(c); c41.Store(c + 16); c += sc;
        c50.Store(c); c51.Store(c + 16); c += sc;
        c60.Store(c); c61.Store(c + 16); c += sc;
        c70.Store(c); c71.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile16(
        int inner,
        float* a, nint rs, nint ps,
        float* b, nint sb,
        float* init, nint si,
        float* c, nint sc)
    {
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7;
        if (init == null) c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = Vector512<float>.Zero;
        else
        {
            c0 = Load(init); c1 = Load(init + si); c2 = Load(init + 2 * si); c3 = Load(init + 3 * si);
            init += 4 * si;
            c4 = Load(init); c5 = Load(init + si); c6 = Load(init + 2 * si); c7 = Load(init + 3 * si);
        }
        var a4 = a + 4 * rs;
        for (var p = 0; p < inner; p++)
        {
            var b0 = Load(b);
            c0 = Fma(Vector512.Create(a[0]), b0, c0);
            c1 = Fma(Vector512.Create(a[rs]), b0, c1);
            c2 = Fma(Vector512.Create(a[2 * rs]), b0, c2);
            c3 = Fma(Vector512.Create(a[3 * rs]), b0, c3);
            c4 = Fma(Vector512.Create(a4[0]), b0, c4);
            c5 = Fma(Vector512.Create(a4[rs]), b0, c5);
            c6 = Fma(Vector512.Create(a4[2 * rs]), b0, c6);
            c7 = Fma(Vector512.Create(a4[3 * rs]), b0, c7);
            b += sb;
            a += ps;
            a4 += ps;
        }
        c0.Store(c); c1.Store(c + sc); c2.Store(c + 2 * sc); c3.Store(c + 3 * sc);
        c += 4 * sc;
        c4.Store(c); c5.Store(c + sc); c6.Store(c + 2 * sc); c7.Store(c + 3 * sc);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fma(Vector512<float> x, Vector512<float> y, Vector512<float> z) =>
        Vector512.FusedMultiplyAdd(x, y, z);
}
