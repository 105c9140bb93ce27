using System.Buffers.Binary;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Report;

/// <summary>A trace small enough for a page: nbeta (loss - baseline), averaged over blocks of draws, in 16-bit steps of a scale.</summary>
/// <param name="Row">Index of its estimate.</param>
/// <param name="Chains">Number of chains.</param>
/// <param name="Draws">Values a chain, after averaging.</param>
/// <param name="Block">Draws averaged into a value; running means at block ends are unchanged by it.</param>
/// <param name="Recorded">Draws a chain before averaging.</param>
/// <param name="Scale">What one step of the integers stands for.</param>
/// <param name="Data">Little-endian Int16, [chain, value], base64; -32768 stands for a value that is not finite.</param>
/// <param name="Acceptance">Mean Metropolis acceptance of each chain.</param>
internal sealed record PackedTrace(
    int Row, int Chains, int Draws, int Block, int Recorded, double Scale, string Data, IReadOnlyList<double> Acceptance)
{
    /// <summary>Packs a trace so that no chain has more than <paramref name="mostDraws"/> values.</summary>
    public static PackedTrace From(int row, EstimatedTrace trace, int mostDraws)
    {
        var block = Math.Max(1, (trace.Draws + mostDraws - 1) / mostDraws);
        var draws = trace.Draws / block;
        var values = new double[trace.Chains * draws];
        for (var chain = 0; chain < trace.Chains; chain++)
        for (var k = 0; k < draws; k++)
        {
            var sum = 0.0;
            for (var d = k * block; d < (k + 1) * block; d++)
                sum += trace.NBeta * (trace.Losses[chain * trace.Draws + d] - trace.BaselineLosses[d]);
            values[chain * draws + k] = sum / block;
        }
        var largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var scale = largest > 0 ? largest / short.MaxValue : 1;
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var packed = double.IsFinite(values[i]) ? (short)Math.Round(values[i] / scale) : short.MinValue;
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), packed);
        }
        return new(row, trace.Chains, draws, block, trace.Draws, scale, Convert.ToBase64String(bytes), trace.MalaAcceptance);
    }
}
