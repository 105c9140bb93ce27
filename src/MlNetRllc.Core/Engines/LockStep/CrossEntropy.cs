using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Logits, softmax, cross-entropy (or divergence from a teacher) and their gradients,
/// fused over blocks of rows that stay in cache.</summary>
/// <remarks>
/// The exponentials are taken of logits less a known estimate of their log-sum-exp (that of the
/// unperturbed weights), so that no pass for the maximum is needed; normalisation is folded into
/// one factor a row. A block whose sums are not finite that way, or that has no estimate, is done
/// again with its true maxima. One instance belongs to one thread.
/// </remarks>
internal sealed unsafe partial class CrossEntropy : IDisposable
{
    /// <summary>Rows of the largest block of logits.</summary>
    public const int MostRows = 256;

    private static readonly KernelSet Kernels = KernelSet.Used;
    private const int CacheFloats = 1024 * 1024 / sizeof(float), WideInner = 128;
    private readonly NativeArena arena = new();
    private readonly int vocabulary, stride, widestInner;
    private readonly float* block, scaledX;
    private ushort* roundedX, roundedBlock, roundedScaledX; // bfloat16 copies of left factors
    private uint* blockPairs;
    private readonly double[] sums = new double[MostRows], weighted = new double[MostRows], teacherDots = new double[MostRows];
    private readonly float[] targetLogits = new float[MostRows], shifts = new float[MostRows];

    /// <summary>Buffers for a vocabulary (padded to 16) whose rows of logits are
    /// <paramref name="stride"/> apart.</summary>
    public CrossEntropy(int vocabulary, int stride, int widestInner)
    {
        (this.vocabulary, this.stride) = (vocabulary, stride);
        block = arena.Floats((long)MostRows * stride);
        scaledX = arena.Floats((long)MostRows * widestInner);
        this.widestInner = widestInner;
    }

    /// <summary>Loss summed over the rows that count; gradients are those of <paramref name="weight"/> times
    /// that sum.</summary>
    /// <remarks>Of rows that do not count the gradient is 0, and the log-sum-exp may be left out.</remarks>
    public double Run(in LogitMap map, in LossRows rows, double weight, in LossResults results)
    {
        var loss = 0.0;
        var blockRows = BlockRows(map);
        if (map.TransposedPairs != null) AllocateRounded();
        if (rows.Counted != null) ClearRowGradients(map, rows, results);
        for (int first = NextCounted(rows, 0), count; first < rows.Count; first = NextCounted(rows, first + count))
        {
            count = CountedFrom(rows, first, Math.Min(blockRows, rows.Count - first));
            var quick = rows.Shift != null && rows.Teacher == null;
            if (!quick || !QuickBlock(map, rows, first, count, results))
                SafeBlock(map, rows, first, count, results);
            loss += Finish(map, rows, first, count, weight, results);
        }
        return loss;
    }

    // A block begins at a tile of rows in which one counts and ends before a tile in which none does: of a rare pattern most
    // rows meet no vocabulary.
    private static int NextCounted(in LossRows rows, int first)
    {
        while (first < rows.Count && !AnyCounts(rows, first)) first += Gemm.RowTile;
        return first;
    }

    private static int CountedFrom(in LossRows rows, int first, int most)
    {
        if (rows.Counted == null) return most;
        var count = Gemm.RowTile;
        while (count < most && AnyCounts(rows, first + count)) count += Gemm.RowTile;
        return Math.Min(count, most);
    }

    private static bool AnyCounts(in LossRows rows, int first) => rows.Counted == null
        || new ReadOnlySpan<bool>(rows.Counted + first, Math.Min(Gemm.RowTile, rows.Count - first)).Contains(true);

    /// <summary>Logits, exponentials and the input's gradient in one sweep over strips of the
    /// vocabulary; false if a sum left the finite range.</summary>
    private bool QuickBlock(in LogitMap map, in LossRows rows, int first, int count, in LossResults results)
    {
        Array.Clear(sums);
        Array.Clear(weighted);
        ClearInputGradient(map, first, count, results);
        if (results.AreLossesAlone && map.MapPairs == null) return ForwardBlock(map, rows, first, count);
        if (map.TransposedPairs != null) return RoundedBlock(map, rows, first, count, results);
        var strip = StripWidth(map);
        for (var start = 0; start < vocabulary; start += strip)
        {
            var width = Math.Min(strip, vocabulary - start);
            for (var tile = 0; tile < count; tile += Gemm.RowTile)
            {
                Logits(map, rows, first + tile, tile, start, width);
                ExponentiateTile(map, rows, first, tile, count, start, width);
                if (results.X != null) AddInputGradient(map, results, first + tile, tile, start, width);
            }
        }
        return SumsAreFinite(count);
    }

    /// <summary>The quick block where nothing but losses is wanted: no logit outlives its tile, which stays in the first-level
    /// cache.</summary>
    private bool ForwardBlock(in LogitMap map, in LossRows rows, int first, int count)
    {
        var strip = StripWidth(map);
        for (var start = 0; start < vocabulary; start += strip)
        {
            var width = Math.Min(strip, vocabulary - start);
            for (var tile = 0; tile < count; tile += Gemm.RowTile)
            {
                LogitsInto(block, map, rows, first + tile, start, width);
                for (var i = tile; i < Math.Min(tile + Gemm.RowTile, count); i++)
                {
                    var a = block + (nint)(i - tile) * stride;
                    var (row, target) = (first + i, rows.Targets[first + i] - start);
                    if ((uint)target < (uint)width) targetLogits[i] = a[target];
                    shifts[i] = rows.Shift[row];
                    sums[i] += Kernels.ExponentialSum(a, map.Bias + start, rows.Scale[row] * KernelSet.Log2E, shifts[i], width);
                }
            }
        }
        return SumsAreFinite(count);
    }

    /// <summary>The quick block with bfloat16 factors: the logits (unless the map's are kept in
    /// float32) and the input's gradient.</summary>
    private bool RoundedBlock(in LogitMap map, in LossRows rows, int first, int count, in LossResults results)
    {
        var (strip, padded) = (StripWidth(map), Padded(count));
        if (map.MapPairs != null)
            for (var i = 0; i < padded; i++)
                BFloat16.Round(
                    rows.X + (nint)(first + i) * map.Inner, roundedX + (nint)i * map.Inner, map.Inner);
        for (var start = 0; start < vocabulary; start += strip)
        {
            var width = Math.Min(strip, vocabulary - start);
            if (map.MapPairs != null)
            {
                for (var i = 0; i < padded; i++)
                    new Span<float>(rows.Frozen + (nint)(first + i) * stride + start, width)
                        .CopyTo(new Span<float>(block + (nint)i * stride + start, width));
                BFloat16.Multiply(
                    padded, width, map.Inner,
                    roundedX, map.Inner,
                    map.MapPairs + start, map.Stride,
                    block + start, stride,
                    add: true);
            }
            for (var tile = 0; tile < count; tile += Gemm.RowTile)
            {
                if (map.MapPairs == null) Logits(map, rows, first + tile, tile, start, width);
                ExponentiateTile(map, rows, first, tile, count, start, width);
            }
            if (results.X == null) continue;
            for (var i = 0; i < padded; i++)
                BFloat16.Round(
                    block + (nint)i * stride + start, roundedBlock + (nint)i * stride + start, width);
            BFloat16.Multiply(
                padded, map.Inner, width,
                roundedBlock + start, stride,
                map.TransposedPairs + (nint)(start / 2) * map.Inner, map.Inner,
                results.X + (nint)first * map.Inner, map.Inner,
                add: true);
        }
        return SumsAreFinite(count);
    }

    private bool SumsAreFinite(int count)
    {
        for (var i = 0; i < count; i++) if (!(sums[i] > 1e-30 && sums[i] < 1e30)) return false;
        return true;
    }

    private void AllocateRounded()
    {
        if (roundedX != null) return;
        roundedX = (ushort*)arena.Words((long)MostRows * widestInner / 2);
        roundedScaledX = (ushort*)arena.Words((long)MostRows * widestInner / 2);
        roundedBlock = (ushort*)arena.Words((long)MostRows * stride / 2);
        blockPairs = arena.Words((long)MostRows / 2 * stride);
    }

    /// <summary>The same in separate sweeps, with each row's true maximum; with a teacher,
    /// exponentials become differences of probabilities.</summary>
    private void SafeBlock(in LogitMap map, in LossRows rows, int first, int count, in LossResults results)
    {
        var strip = StripWidth(map);
        for (var start = 0; start < vocabulary; start += strip)
            for (var tile = 0; tile < count; tile += Gemm.RowTile)
                Logits(map, rows, first + tile, tile, start, Math.Min(strip, vocabulary - start));

        for (var i = 0; i < Padded(count); i++)
        {
            var a = block + (nint)i * stride;
            if (i >= count)
            {
                new Span<float>(a, vocabulary).Clear();
                continue;
            }
            var (row, scale) = (first + i, rows.Scale[first + i] * KernelSet.Log2E);
            targetLogits[i] = a[rows.Targets[row]];
            if (rows.Teacher != null)
                teacherDots[i] = Kernels.Dot(rows.Teacher + (nint)row * stride, a, vocabulary);
            shifts[i] = Kernels.Largest(a, map.Bias, scale, vocabulary);
            (sums[i], weighted[i]) = Kernels.Exponentials(a, map.Bias, scale, shifts[i], vocabulary);
            if (rows.Teacher != null)
                Kernels.AddScaled(rows.Teacher + (nint)row * stride, -(float)sums[i], a, vocabulary);
        }
        if (results.X == null) return;
        ClearInputGradient(map, first, count, results);
        for (var start = 0; start < vocabulary; start += strip)
            for (var tile = 0; tile < count; tile += Gemm.RowTile)
                AddInputGradient(map, results, first + tile, tile, start, Math.Min(strip, vocabulary - start));
    }

    private double Finish(
        in LogitMap map,
        in LossRows rows,
        int first,
        int count,
        double weight,
        in LossResults results)
    {
        var loss = 0.0;
        for (var i = 0; i < count; i++)
        {
            var (row, target, scale) = (first + i, rows.Targets[first + i], rows.Scale[first + i]);
            var logSum = ScalarFunctions.Log(sums[i]) + shifts[i] / (double)KernelSet.Log2E;
            if (rows.Counted != null && !rows.Counted[row])
            {
                if (results.LogSums != null) results.LogSums[row] = (float)(logSum * KernelSet.Log2E);
                ClearRow(map, i, row, results);
                continue;
            }
            var expected = rows.Teacher == null ? targetLogits[i] : teacherDots[i]; // the unscaled logit, under the targets
            var own = rows.Teacher == null
                ? logSum - (expected * scale + map.Bias[target] / (double)KernelSet.Log2E)
                : rows.TeacherEntropy[row] + logSum - expected * scale
                    - Kernels.Dot(rows.Teacher + (nint)row * stride, map.Bias, vocabulary) / (double)KernelSet.Log2E;
            loss += own;
            if (results.Losses != null) results.Losses[row] = own;
            if (results.LogSums != null) results.LogSums[row] = (float)(logSum * KernelSet.Log2E);
            if (results.Scale != null)
                results.Scale[row] = (float)(weight * (weighted[i] / sums[i] - expected));
            FinishGradients(map, rows, i, row, target, weight, results);
        }
        if (results.Map != null) AddMapGradient(map, count, results);
        return loss;
    }

    private void Logits(in LogitMap map, in LossRows rows, int row, int tile, int start, int width) =>
        LogitsInto(block + (nint)tile * stride + start, map, rows, row, start, width);

    private void LogitsInto(float* to, in LogitMap map, in LossRows rows, int row, int start, int width)
    {
        var frozen = rows.Frozen == null ? null : rows.Frozen + (nint)row * stride + start;
        Gemm.Multiply(Gemm.RowTile, width, map.Inner, Factor.Rows(rows.X + (nint)row * map.Inner, map.Inner), map.Map + start, map.Stride,
            frozen, stride, to, stride);
    }

    private void ExponentiateTile(
        in LogitMap map,
        in LossRows rows,
        int first,
        int tile,
        int count,
        int start,
        int width)
    {
        for (var i = tile; i < tile + Gemm.RowTile; i++)
        {
            var a = block + (nint)i * stride + start;
            if (i >= count)
            {
                new Span<float>(a, width).Clear();
                continue;
            }
            var (row, target) = (first + i, rows.Targets[first + i] - start);
            if ((uint)target < (uint)width) targetLogits[i] = a[target];
            shifts[i] = rows.Shift[row];
            var (sum, product) = Kernels.Exponentials(a, map.Bias + start, rows.Scale[row] * KernelSet.Log2E, shifts[i], width);
            sums[i] += sum;
            weighted[i] += product;
        }
    }

    // A narrow map is cheap to pass by again, so the block's logits had better stay in the
    // second-level cache; a wide one is read less often with more rows to a block.
    private int BlockRows(in LogitMap map) => map.Inner >= WideInner ? MostRows
        : Math.Clamp(CacheFloats / stride / Gemm.RowTile * Gemm.RowTile, Gemm.RowTile, MostRows);

    // Two strips of the map (one each way) stay in the second-level cache while the block's rows pass by.
    private static int StripWidth(in LogitMap map) =>
        Math.Clamp(64 * 1024 / Math.Max(map.Inner, 1) / 48 * 48, 48, 480);

    private static int Padded(int count) => (count + Gemm.RowTile - 1) / Gemm.RowTile * Gemm.RowTile;

    public void Dispose() => arena.Dispose();
}
