using System.Globalization;
using CsCheck;

namespace MlNetRllc.Tests;

/// <summary>
/// Properties that are held to generated cases, the same ones in every run: a commit passes or fails, whatever the day.
/// To search further, multiply the cases (<c>MLNETRLLC_CASES_TIMES=100</c>) or take others (<c>MLNETRLLC_CASES_SEED=7</c>).
/// </summary>
internal static class Cases
{
    /// <summary>How many times as many cases, or seeds, as usual.</summary>
    public static readonly long Times = Setting("MLNETRLLC_CASES_TIMES", 1);

    private static readonly ulong Seed = (ulong)Setting("MLNETRLLC_CASES_SEED", 1);

    /// <summary>Holds the property to so many cases; one that fails is told with its number and as small as it can be made.</summary>
    public static void ForAll<T>(this Gen<T> gen, Action<T> holds, int cases = 100, int? threads = null)
    {
        T Case(long index) => gen.Generate(new PCG((uint)index, Seed), null, out _);
        var together = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount };
        var run = Parallel.For(0, cases * Times, together, (index, loop) =>
        {
            try
            {
                holds(Case(index));
            }
            catch (Exception)
            {
                loop.Break();
            }
        });
        if (run.LowestBreakIteration is not { } failed) return;
        var pcg = new PCG((uint)failed, Seed);
        gen.Sample(holds, seed: pcg.ToString(pcg.State), iter: cases);
        holds(Case(failed));
        Assert.Fail($"Case {failed} of seed {Seed} failed beside others and passes alone: {Check.Print(Case(failed))}");
    }

    public static void ForAll<T>(this Gen<T> gen, Func<T, bool> holds, int cases = 100) =>
        gen.ForAll(value => { Assert.True(holds(value)); }, cases);

    public static void ForAll<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> holds, int cases = 100, int? threads = null) =>
        gen.ForAll(value => holds(value.Item1, value.Item2), cases, threads);

    public static void ForAll<T1, T2>(this Gen<(T1, T2)> gen, Func<T1, T2, bool> holds, int cases = 100) =>
        gen.ForAll(value => holds(value.Item1, value.Item2), cases);

    public static void ForAll<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> holds, int cases = 100) =>
        gen.ForAll(value => holds(value.Item1, value.Item2, value.Item3), cases);

    public static void ForAll<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, Action<T1, T2, T3, T4> holds, int cases = 100) =>
        gen.ForAll(value => holds(value.Item1, value.Item2, value.Item3, value.Item4), cases);

    public static void ForAll<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, Func<T1, T2, T3, T4, bool> holds, int cases = 100) =>
        gen.ForAll(value => holds(value.Item1, value.Item2, value.Item3, value.Item4), cases);

    private static long Setting(string variable, long otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
