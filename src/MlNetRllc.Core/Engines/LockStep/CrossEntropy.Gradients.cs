using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Engines.LockStep;

/// <summary>Gradients of the inputs, the map and the bias from a block's exponentials.</summary>
internal sealed unsafe partial class CrossEntropy
{
    private static void ClearRowGradients(in LogitMap map, in LossRows rows, in LossResults results)
    {
        if (results.X != null) new Span<float>(results.X, rows.Count * map.Inner).Clear();
        if (results.Scale != null) new Span<float>(results.Scale, rows.Count).Clear();
    }

    /// <summary>Takes a row that does not count out of every gradient, whatever its logits are.</summary>
    private void ClearRow(in LogitMap map, int i, int row, in LossResults results)
    {
        if (results.X != null) new Span<float>(results.X + (nint)row * map.Inner, map.Inner).Clear();
        if (results.Map == null) return;
        new Span<float>(block + (nint)i * stride, vocabulary).Clear();
        new Span<float>(scaledX + (nint)i * map.Inner, map.Inner).Clear();
    }

    private void AddMapGradient(in LogitMap map, int count, in LossResults results)
    {
        if (map.TransposedPairs == null)
        {
            Gemm.MultiplyAdd(
                map.Inner, vocabulary, count,
                Factor.Columns(scaledX, map.Inner),
                block, stride,
                results.Map, map.Stride);
            return;
        }
        var even = (count + 1) / 2 * 2;
        if (even > count)
        {
            new Span<float>(block + (nint)count * stride, vocabulary).Clear();
            new Span<float>(scaledX + (nint)count * map.Inner, map.Inner).Clear();
        }
        BFloat16.PairRows(block, stride, even, blockPairs, stride, vocabulary);
        for (var row = 0; row < even; row++)
            for (var k = 0; k < map.Inner; k++)
                roundedScaledX[k * MostRows + row] = BFloat16.Round(scaledX[(nint)row * map.Inner + k]);
        var strip = StripWidth(map);
        for (var start = 0; start < vocabulary; start += strip)
            BFloat16.Multiply(map.Inner, Math.Min(strip, vocabulary - start), even, roundedScaledX, MostRows, blockPairs + start, stride,
                results.Map + start, map.Stride, add: true);
    }

    private void FinishGradients(
        in LogitMap map,
        in LossRows rows,
        int i,
        int row,
        int target,
        double weight,
        in LossResults results)
    {
        var scale = rows.Scale[row];
        var coefficient = (float)(weight * scale / sums[i]);
        if (results.X != null)
        {
            var dx = results.X + (nint)row * map.Inner;
            if (rows.Teacher == null)
                Kernels.Blend(
                    map.Transposed + (nint)target * map.Inner, -(float)(weight * scale), dx, coefficient, map.Inner);
            else Kernels.Blend(dx, coefficient, dx, 0, map.Inner);
        }
        if (results.Map == null && results.Bias == null) return;
        var e = block + (nint)i * stride;
        if (rows.Teacher == null) e[target] -= (float)sums[i];
        if (results.Map != null)
        {
            float* from = rows.X + (nint)row * map.Inner, to = scaledX + (nint)i * map.Inner;
            for (var k = 0; k < map.Inner; k++) to[k] = from[k] * coefficient;
        }
        if (results.Bias != null) Kernels.AddScaled(e, (float)(weight / sums[i]), results.Bias, vocabulary);
    }

    private void AddInputGradient(
        in LogitMap map,
        in LossResults results,
        int row,
        int tile,
        int start,
        int width) =>
        Gemm.MultiplyAdd(Gemm.RowTile, map.Inner, width, Factor.Rows(block + (nint)tile * stride + start, stride),
            map.Transposed + (nint)start * map.Inner, map.Inner, results.X + (nint)row * map.Inner, map.Inner);

    private static void ClearInputGradient(in LogitMap map, int first, int count, in LossResults results)
    {
        if (results.X != null)
            new Span<float>(results.X + (nint)first * map.Inner, Padded(count) * map.Inner).Clear();
    }
}
