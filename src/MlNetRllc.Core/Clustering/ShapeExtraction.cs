using MathNet.Numerics.LinearAlgebra;

namespace MlNetRllc.Core.Clustering;

/// <summary>The distance and the centre of k-Shape (Paparrizos and Gravano, k-Shape, SIGMOD
/// 2015).</summary>
public static class ShapeExtraction
{
    /// <summary>SBD = 1 - max over shifts of sum x[t] y[t - shift] / (|x| |y|), 0 to 2: 0 for
    /// curves equal up to scale and shift (points shifted out count as zero). Two zero curves are
    /// at 0, one at 1 from any other.</summary>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var size = Norm(x) * Norm(y);
        if (size == 0) return Norm(x) == Norm(y) ? 0 : 1;
        return Math.Max(0, 1 - BestShift(x, y).Product / size);
    }

    /// <summary>The standardised curve whose squared correlation with the members, aligned to the
    /// centre before, is largest: the first eigenvector of Q X'X Q, X the aligned standardised
    /// members, Q = I - 1/T; of its two signs the one nearer to the members.</summary>
    /// <param name="members">[member][point]; at least one, of one length.</param>
    /// <param name="previous">[point]; the zero curve aligns nothing.</param>
    public static double[] Centre(IReadOnlyList<double[]> members, double[] previous)
    {
        var length = previous.Length;
        var aligned = members.Select(member => TrajectoryPreparation.Normalize(
            Shifted(member, BestShift(previous, member).Shift), TrajectoryNormalization.Standardize)).ToArray();
        if (aligned.All(row => row.All(x => x == 0))) return new double[length];
        var rows = Matrix<double>.Build.DenseOfRowArrays(aligned);

        // Standardised rows have mean zero, so Q leaves X as it is; the smaller of the two products
        // is decomposed.
        var byMember = rows.RowCount <= rows.ColumnCount;
        var product = byMember ? rows * rows.Transpose() : rows.Transpose() * rows;
        var vectors = product.Evd(Symmetricity.Symmetric).EigenVectors;
        var first = vectors.Column(vectors.ColumnCount - 1);
        var shape = (byMember ? rows.TransposeThisAndMultiply(first) : first).ToArray();
        var agreement = aligned.Sum(row => row.Zip(shape, (a, b) => a * b).Sum());
        if (agreement < 0) shape = [.. shape.Select(x => -x)];
        return TrajectoryPreparation.Normalize(shape, TrajectoryNormalization.Standardize);
    }

    /// <summary>The shift of y that brings it nearest to x; of equal ones the smallest in size,
    /// then the one to the right.</summary>
    internal static (int Shift, double Product) BestShift(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        (int Shift, double Product) best = (0, ProductAt(x, y, 0));
        // Equal but for rounding, which is of the size of the curves: 1e-12 for standardised ones.
        var rounding = 1e-12 * Norm(x) * Norm(y) / x.Length;
        for (var shift = 1; shift < x.Length; shift++)
        {
            if (ProductAt(x, y, shift) is var right && right > best.Product + rounding) best = (shift, right);
            if (ProductAt(x, y, -shift) is var left && left > best.Product + rounding) best = (-shift, left);
        }
        return best;
    }

    private static double ProductAt(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int shift)
    {
        var sum = 0.0;
        for (int t = Math.Max(0, shift), to = Math.Min(x.Length, y.Length + shift); t < to; t++)
            sum += x[t] * y[t - shift];
        return sum;
    }

    private static double[] Shifted(double[] y, int shift)
    {
        var moved = new double[y.Length];
        for (int t = Math.Max(0, shift), to = Math.Min(y.Length, y.Length + shift); t < to; t++)
            moved[t] = y[t - shift];
        return moved;
    }

    private static double Norm(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        foreach (var value in x) sum += value * value;
        return Math.Sqrt(sum);
    }
}
