using CsCheck;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Core.Kernels;

/// <summary>Products by the kernels of every width that this processor has.</summary>
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

    [Theory, MemberData(nameof(KernelSets.Supported), MemberType = typeof(KernelSets))]
    public void EachElement_IsSummedInTheOrderOfTheInnerDimension(string kernels) => Shapes.ForAll(shape =>
    {
        var product = ProductOf(KernelSets.The(kernels), shape);
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

    [Theory, MemberData(nameof(KernelSets.Supported), MemberType = typeof(KernelSets))]
    public void BesideTheMatrix_NothingIsWritten(string kernels) => Shapes.ForAll(shape =>
    {
        var product = ProductOf(KernelSets.The(kernels), shape);
        for (var row = 0; row < shape.Rows; row++)
        for (var column = shape.Columns; column < shape.Stride; column++)
            Assert.Equal(Start(row, column), product[row * shape.Stride + column]);
    }, cases: 100);

    private static float[] ProductOf(KernelSet kernels, Shape shape)
    {
        var (rows, inner, stride) = (shape.Rows, shape.Inner, shape.Stride);
        var left = shape.Transposed ? Filled(inner, rows, (p, row) => Left(row, p)) : Filled(rows, inner, Left);
        var (right, other, result) = (Filled(inner, stride, Right), Filled(rows, stride, Other), Filled(rows, stride, Start));
        fixed (float* a = left, b = right, o = other, c = result)
        {
            kernels.Multiply(rows, shape.Columns, new()
            {
                Inner = inner,
                A = a, RowStrideA = shape.Transposed ? 1 : inner, InnerStrideA = shape.Transposed ? rows : 1,
                B = b, StrideB = stride,
                Init = shape.Init switch { Init.Nothing => null, Init.Other => o, _ => c }, StrideInit = stride,
                C = c, StrideC = stride,
            });
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
