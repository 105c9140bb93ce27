using MathNet.Numerics.LinearAlgebra;

namespace MlNetRllc.Core.Clustering;

/// <summary>The distance and the centre of k-Shape (Paparrizos and Gravano, k-Shape, SIGMOD
/// 2015).</summary>
/// <remarks>With several channels one shift is taken for all, and each channel has its own
/// eigenvector and its own sign.</remarks>
public static class ShapeExtraction
{
    /// <summary>SBD = 1 - max over shifts of sum x[t] y[t - shift] / (|x| |y|), 0 to 2: 0 for
    /// curves equal up to scale and shift (points shifted out count as zero). Two zero curves are
    /// at 0, one at 1 from any other.</summary>
    /// <param name="x">[point].</param>
    /// <param name="y">[point].</param>
    /// <exception cref="ArgumentException">A value is not finite; the message says which.</exception>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Channels.CheckFinite(x, nameof(x));
        Channels.CheckFinite(y, nameof(y));
        return Distance(x, y, 1);
    }

    /// <summary>The same of curves of several channels, sums and sizes over all of them.</summary>
    /// <param name="x">[channel][point].</param>
    /// <param name="y">[channel][point], as many channels.</param>
    /// <exception cref="ArgumentException">Channels do not fit, or a value is not finite.</exception>
    public static double Distance(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        var (joinedX, joinedY) = Channels.Joined(x, y);
        return Distance(joinedX, joinedY, x.Count);
    }

    /// <summary>The standardised curve whose squared correlation with the members, aligned to the
    /// centre before, is largest: the first eigenvector of Q X'X Q, X the aligned standardised
    /// members, Q = I - 1/T; of its two signs the one nearer to the members.</summary>
    /// <param name="members">[member][point]; at least one, of one length.</param>
    /// <param name="previous">[point]; the zero curve aligns nothing.</param>
    /// <exception cref="ArgumentException">There is no member, lengths do not fit, or a value is not finite.</exception>
    public static double[] Centre(IReadOnlyList<double[]> members, double[] previous)
    {
        ArgumentNullException.ThrowIfNull(members);
        return Centre([.. members.Select(member => new[] { member })], [previous])[0];
    }

    /// <summary>The same of curves of several channels: one shift a member, one eigenvector and one
    /// sign a channel. Zero in a channel in which all aligned members are.</summary>
    /// <param name="members">[member][channel][point]; at least one.</param>
    /// <param name="previous">[channel][point].</param>
    /// <exception cref="ArgumentException">There is no member, channels or lengths do not fit, or a
    /// value is not finite.</exception>
    /// <returns>[channel][point].</returns>
    public static double[][] Centre(IReadOnlyList<double[][]> members, double[][] previous)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0) throw new ArgumentException("There is no member; a centre needs at least one.", nameof(members));
        var before = Channels.Joined(previous, nameof(previous));
        double[][] joined = [.. members.Select((member, i) => Channels.Joined(member, $"member {i}"))];
        for (var i = 0; i < joined.Length; i++)
            if (members[i].Length != previous.Length || joined[i].Length != before.Length)
                throw new ArgumentException($"Member {i} has {members[i].Length} x {members[i][0].Length} channels and points, and the "
                    + $"centre before has {previous.Length} x {previous[0].Length}; they need as many.", nameof(members));
        return Channels.Split(Centre(joined, before, previous.Length), previous.Length);
    }

    /// <summary>As <see cref="Distance(IReadOnlyList{double[]}, IReadOnlyList{double[]})"/>, of rows.</summary>
    internal static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int channels)
    {
        double normX = CrossCorrelation.Norm(x), normY = CrossCorrelation.Norm(y);
        var size = normX * normY;
        if (IsOutside(size) && LargestOf(x) > 0 && LargestOf(y) > 0)
            return Distance(Scaled(x), Scaled(y), channels);
        if (size == 0) return normX == normY ? 0 : 1;
        return Math.Max(0, 1 - CrossCorrelation.BestShift(x, y, channels).Product / size);
    }

    /// <summary>As <see cref="Centre(IReadOnlyList{double[][]}, double[][])"/>, of rows.</summary>
    internal static double[] Centre(IReadOnlyList<double[]> members, double[] previous, int channels)
    {
        var aligned = new double[members.Count][][];
        Work.Each(aligned.Length, (double)previous.Length * previous.Length / channels, i =>
        {
            var shift = ShiftOf(previous, members[i], channels);
            aligned[i] = [.. Channels.Split(members[i], channels).Select(channel =>
                TrajectoryPreparation.Normalize(Shifted(channel, shift), TrajectoryNormalization.Standardize))];
        });
        var shapes = new double[channels][];
        var smaller = Math.Min(members.Count, previous.Length / channels);
        Work.Each(channels, 10.0 * smaller * smaller * smaller, c => shapes[c] = ShapeOf([.. aligned.Select(member => member[c])]));
        return [.. shapes.SelectMany(shape => shape)];
    }

    private static int ShiftOf(double[] x, double[] y, int channels) =>
        IsOutside(CrossCorrelation.Norm(x) * CrossCorrelation.Norm(y)) && LargestOf(x) > 0 && LargestOf(y) > 0
            ? CrossCorrelation.BestShift(Scaled(x), Scaled(y), channels).Shift : CrossCorrelation.BestShift(x, y, channels).Shift;

    /// <summary>The shape of one channel's aligned members.</summary>
    private static double[] ShapeOf(double[][] aligned)
    {
        if (aligned.All(row => row.All(x => x == 0))) return new double[aligned[0].Length];
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

    private static double[] Shifted(double[] y, int shift)
    {
        var moved = new double[y.Length];
        for (int t = Math.Max(0, shift), to = Math.Min(y.Length, y.Length + shift); t < to; t++)
            moved[t] = y[t - shift];
        return moved;
    }

    // Outside, squares of values or products of sizes leave the range of numbers.
    private static bool IsOutside(double size) => !(size > 1e-250 && size < 1e250);

    private static double LargestOf(ReadOnlySpan<double> x)
    {
        var largest = 0.0;
        foreach (var value in x) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    private static double[] Scaled(ReadOnlySpan<double> x)
    {
        var (scaled, largest) = (x.ToArray(), LargestOf(x));
        for (var i = 0; i < scaled.Length; i++) scaled[i] /= largest;
        return scaled;
    }
}
