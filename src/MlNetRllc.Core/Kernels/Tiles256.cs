using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetRllc.Core.Kernels;

/// <summary>The tiles of <see cref="Gemm"/> for 256-bit vectors: twelve sums, as many as 16
/// registers hold beside their factors.</summary>
/// <remarks>
/// 4 rows by 24 columns read least for each sum (7 reads for 12), so they take the columns in pairs
/// of 24; what is left of 48 goes through 6 rows by 16 columns. Rows that are no multiple of 6 end
/// with tiles of 4: two rows alone would wait for their own sums.
/// </remarks>
internal static unsafe class Tiles256
{
    private const int Wide = 24, Narrow = 16;

    /// <inheritdoc cref="Gemm.Multiply(int, int, int, Factor, float*, int, float*, int, float*, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        int rows, int columns, int inner, Factor a, float* b, int strideB, float* init, int strideInit, float* c, int strideC)
    {
        var wide = columns - columns % (2 * Wide);
        for (var column = 0; column < columns;)
        {
            var width = column < wide ? Wide : Narrow;
            for (var row = 0; row < rows;)
            {
                var height = width == Wide || rows - row is 4 or 8 ? 4 : 6;
                var factor = a.Data + (nint)row * a.RowStride;
                var start = init == null ? null : init + (nint)row * strideInit + column;
                var target = c + (nint)row * strideC + column;
                var right = b + column;
                if (width == Wide)
                    Tile4x24(inner, factor, a.RowStride, a.InnerStride, right, strideB, start, strideInit, target, strideC);
                else if (height == 6)
                    Tile6x16(inner, factor, a.RowStride, a.InnerStride, right, strideB, start, strideInit, target, strideC);
                else
                    Tile4x16(inner, factor, a.RowStride, a.InnerStride, right, strideB, start, strideInit, target, strideC);
                row += height;
            }
            column += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x24(
        int inner,
        float* a, nint rs, nint ps,
        float* b, nint sb,
        float* init, nint si,
        float* c, nint sc)
    {
        Vector256<float> c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        if (init == null)
            c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = Vector256<float>.Zero;
        else
        {
            c00 = Load(init); c01 = Load(init + 8); c02 = Load(init + 16); init += si;
            c10 = Load(init); c11 = Load(init + 8); c12 = Load(init + 16); init += si;
            c20 = Load(init); c21 = Load(init + 8); c22 = Load(init + 16); init += si;
            c30 = Load(init); c31 = Load(init + 8); c32 = Load(init + 16);
        }
        for (var p = 0; p < inner; p++)
        {
            Vector256<float> b0 = Load(b), b1 = Load(b + 8), b2 = Load(b + 16);
            var x = Vector256.Create(a[0]);
            c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01); c02 = Fma(x, b2, c02);
            x = Vector256.Create(a[rs]);
            c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11); c12 = Fma(x, b2, c12);
            x = Vector256.Create(a[2 * rs]);
            c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21); c22 = Fma(x, b2, c22);
            x = Vector256.Create(a[3 * rs]);
            c30 = Fma(x, b0, c30); c31 = Fma(x, b1, c31); c32 = Fma(x, b2, c32);
            b += sb;
            a += ps;
        }
        c00.Store(c); c01.Store(c + 8); c02.Store(c + 16); c += sc;
        c10.Store(c); c11.Store(c + 8); c12.Store(c + 16); c += sc;
        c20.Store(c); c21.Store(c + 8); c22.Store(c + 16); c += sc;
        c30.Store(c); c31.Store(c + 8); c32.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x16(
        int inner,
        float* a, nint rs, nint ps,
        float* b, nint sb,
        float* init, nint si,
        float* c, nint sc)
    {
        Vector256<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        if (init == null)
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = Vector256<float>.Zero;
        else
        {
            c00 = Load(init); c01 = Load(init + 8); init += si;
            c10 = Load(init); c11 = Load(init + 8); init += si;
            c20 = Load(init); c21 = Load(init + 8); init += si;
            c30 = Load(init); c31 = Load(init + 8); init += si;
            c40 = Load(init); c41 = Load(init + 8); init += si;
            c50 = Load(init); c51 = Load(init + 8);
        }
        var a3 = a + 3 * rs;
        for (var p = 0; p < inner; p++)
        {
            Vector256<float> b0 = Load(b), b1 = Load(b + 8);
            var x = Vector256.Create(a[0]);
            c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01);
            x = Vector256.Create(a[rs]);
            c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11);
            x = Vector256.Create(a[2 * rs]);
            c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21);
            x = Vector256.Create(a3[0]);
            c30 = Fma(x, b0, c30); c31 = Fma(x, b1, c31);
            x = Vector256.Create(a3[rs]);
            c40 = Fma(x, b0, c40); c41 = Fma(x, b1, c41);
            x = Vector256.Create(a3[2 * rs]);
            c50 = Fma(x, b0, c50); c51 = Fma(x, b1, c51);
            b += sb;
            a += ps;
            a3 += ps;
        }
        c00.Store(c); c01.Store(c + 8); c += sc;
        c10.Store(c); c11.Store(c + 8); c += sc;
        c20.Store(c); c21.Store(c + 8); c += sc;
        c30.Store(c); c31.Store(c + 8); c += sc;
        c40.Store(c); c41.Store(c + 8); c += sc;
        c50.Store(c); c51.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x16(
        int inner,
        float* a, nint rs, nint ps,
        float* b, nint sb,
        float* init, nint si,
        float* c, nint sc)
    {
        Vector256<float> c00, c01, c10, c11, c20, c21, c30, c31;
        if (init == null) c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = Vector256<float>.Zero;
        else
        {
            c00 = Load(init); c01 = Load(init + 8); init += si;
            c10 = Load(init); c11 = Load(init + 8); init += si;
            c20 = Load(init); c21 = Load(init + 8); init += si;
            c30 = Load(init); c31 = Load(init + 8);
        }
        for (var p = 0; p < inner; p++)
        {
            Vector256<float> b0 = Load(b), b1 = Load(b + 8);
            var x = Vector256.Create(a[0]);
            c00 = Fma(x, b0, c00); c01 = Fma(x, b1, c01);
            x = Vector256.Create(a[rs]);
            c10 = Fma(x, b0, c10); c11 = Fma(x, b1, c11);
            x = Vector256.Create(a[2 * rs]);
            c20 = Fma(x, b0, c20); c21 = Fma(x, b1, c21);
            x = Vector256.Create(a[3 * rs]);
            c30 = Fma(x, b0, c30); c31 = Fma(x, b1, c31);
            b += sb;
            a += ps;
        }
        c00.Store(c); c01.Store(c + 8); c += sc;
        c10.Store(c); c11.Store(c + 8); c += sc;
        c20.Store(c); c21.Store(c + 8); c += sc;
        c30.Store(c); c31.Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fma(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.FusedMultiplyAdd(x, y, z);
}
