using System.Runtime.CompilerServices;
using MlNetRllc.Core.Kernels.Vectors;

namespace MlNetRllc.Core.Randomness;

/// <summary>Standard normals from a counter, sixteen at a time.</summary>
/// <typeparam name="TWords">Eight counters.</typeparam>
/// <typeparam name="T">Sixteen numbers.</typeparam>
internal static unsafe class NormalNoise<TWords, T>
    where TWords : struct, IWords<TWords, T>
    where T : struct, IVector<T>
{
    /// <summary>Fills a span by the method of Box and Muller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(Span<float> normals, ulong key, ulong index)
    {
        var tail = stackalloc float[2 * T.Count];
        fixed (float* target = normals)
        {
            var done = 0;
            for (var block = 0ul; done < normals.Length; block += (ulong)TWords.Count, done += 2 * T.Count)
            {
                Philox.Blocks<TWords, T>(key, block, index, out var w0, out var w1, out var w2, out var w3);
                // (word / 2 + 1/2) 2^-31 lies in (0, 1]; the conversion rounds the top words to 1, whose radius is 0.
                var half = T.FromIntegers(T.ShiftRightLogical(TWords.Narrow(w0, w1), 1));
                var uniform = (half + T.Create(0.5f)) * T.Create(1f / 2147483648f);
                var radius = T.Sqrt(T.Create(-2f) * VectorFunctions.Log(uniform));
                var (sin, cos) = VectorFunctions.SinCosOfTurns(TWords.Narrow(w2, w3));
                var isWhole = normals.Length - done >= 2 * T.Count;
                var to = isWhole ? target + done : tail;
                (radius * cos).Store(to);
                (radius * sin).Store(to + T.Count);
                if (!isWhole) new Span<float>(tail, normals.Length - done).CopyTo(normals[done..]);
            }
        }
    }
}
