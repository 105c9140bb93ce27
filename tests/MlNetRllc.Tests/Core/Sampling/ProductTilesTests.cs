using System.Runtime.InteropServices;
using CsCheck;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>The product's tiles for 256-bit and for 512-bit vectors, both on whatever processor
/// this is.</summary>
public sealed unsafe class ProductTilesTests
{
    /// <summary>Where a product starts: from nothing, from another matrix, or from what its result
    /// holds.</summary>
    private enum Init { Nothing, Other, Itself }

    private sealed record Shape(int Rows, int Columns, int Inner, bool Transposed, Init Init)
    {
        /// <summary>The matrices stand in wider buffers.</summary>
        public int Stride => Columns + 16;
    }

    private static readonly Gen<Shape> Shapes = Gen.Select(
        Gen.Int[1, 8], Gen.Int[1, 13], Gen.Int[0, 70], Gen.Bool, Gen.Enum<Init>(),
        (rows, columns, inner, transposed, init) => new Shape(8 * rows, 16 * columns, inner, transposed, init));

    [Fact]
    public void BothWidths_GiveTheSameBits() => Shapes.ForAll(shape =>
    {
        var (wide, narrow) = (Product(Tiles512.Multiply, shape), Product(Tiles256.Multiply, shape));
        Assert.True(MemoryMarshal.AsBytes<float>(wide).SequenceEqual(MemoryMarshal.AsBytes<float>(narrow)));
    }, cases: 300);

    [Fact]
    public void EachElement_IsSummedInTheOrderOfTheInnerDimension() => Shapes.ForAll(shape =>
    {
        var product = Product(Gemm.Multiply, shape);
        for (var row = 0; row < shape.Rows; row++)
        for (var column = 0; column < shape.Columns; column++)
        {
            var expected = shape.Init switch { Init.Nothing => 0, Init.Other => Other(row, column), _ => Start(row, column) };
            for (var p = 0; p < shape.Inner; p++)
                expected = MathF.FusedMultiplyAdd(Left(row, p), Right(p, column), expected);
            Assert.Equal(
                BitConverter.SingleToInt32Bits(expected),
                BitConverter.SingleToInt32Bits(product[row * shape.Stride + column]));
        }
    }, cases: 100);

    [Fact]
    public void BesideTheMatrix_NothingIsWritten() => Shapes.ForAll(shape =>
    {
        foreach (Multiply multiply in (Multiply[])[Tiles512.Multiply, Tiles256.Multiply])
        {
            var product = Product(multiply, shape);
            for (var row = 0; row < shape.Rows; row++)
            for (var column = shape.Columns; column < shape.Stride; column++)
                Assert.Equal(Start(row, column), product[row * shape.Stride + column]);
        }
    }, cases: 100);

    private delegate void Multiply(
        int rows, int columns, int inner, Factor a, float* b, int strideB, float* init, int strideInit, float* c, int strideC);

    private static float[] Product(Multiply multiply, Shape shape)
    {
        var (rows, inner, stride) = (shape.Rows, shape.Inner, shape.Stride);
        var left = shape.Transposed ? Filled(inner, rows, (p, row) => Left(row, p)) : Filled(rows, inner, Left);
        var (right, other, result) = (Filled(inner, stride, Right), Filled(rows, stride, Other), Filled(rows, stride, Start));
        fixed (float* a = left, b = right, o = other, c = result)
        {
            var factor = shape.Transposed ? Factor.Columns(a, rows) : Factor.Rows(a, inner);
            var init = shape.Init switch { Init.Nothing => null, Init.Other => o, _ => c };
            multiply(rows, shape.Columns, inner, factor, b, stride, init, stride, c, stride);
        }
        return result;
    }

    // One element more than the matrix, so that an empty one has an address.
    private static float[] Filled(int rows, int columns, Func<int, int, float> value) =>
        [.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns) select value(row, column), 0];

    private static float Left(int row, int p) => MathF.Sin(7 * row + 3 * p + 1);

    private static float Right(int p, int column) => MathF.Cos(5 * p + 11 * column + 2);

    private static float Other(int row, int column) => MathF.Sin(13 * row + column);

    private static float Start(int row, int column) => MathF.Cos(row + 17 * column);
}
