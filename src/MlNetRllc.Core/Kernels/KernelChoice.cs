using System.Diagnostics;

namespace MlNetRllc.Core.Kernels;

/// <summary>Which kernels a process uses: the fastest of those that the processor has, measured at
/// the start, or the one that the environment names. Results do not depend on it.</summary>
internal static unsafe class KernelChoice
{
    /// <summary>The environment variable that names a set.</summary>
    public const string Variable = "MLNETRLLC_KERNELS";

    // A strip of logits as the engine forms them, small enough for the second-level cache.
    private const int Rows = 8, Columns = 480, Inner = 64;
    private const int Windows = 12, ProductsAWindow = 8;

    /// <summary>Chooses.</summary>
    /// <exception cref="PlatformNotSupportedException">The environment names a set that there is
    /// not, or that this processor lacks.</exception>
    public static KernelSet Make() => Make(Environment.GetEnvironmentVariable(Variable));

    /// <inheritdoc cref="Make()"/>
    /// <param name="name">What the environment names; null or empty for nothing.</param>
    internal static KernelSet Make(string? name)
    {
        if (!string.IsNullOrEmpty(name)) return Named(name);
        var known = KernelSet.All.Where(set => set.IsSupported).ToList();
        // The narrowest runs everywhere, in software where the processor has no fused multiply-add.
        var candidates = known.Where(set => set.Width > 128).ToList();
        return candidates.Count switch
        {
            0 => known[0],
            1 => candidates[0],
            _ => candidates.MinBy(SecondsOf)!,
        };
    }

    /// <summary>Seconds of a product, the least of several short windows.</summary>
    internal static double SecondsOf(KernelSet set)
    {
        using var arena = new NativeArena();
        float* a = arena.Floats(Rows * Inner), b = arena.Floats(Inner * Columns), c = arena.Floats(Rows * Columns);
        var product = new Product
        {
            Inner = Inner,
            A = a, RowStrideA = Inner, InnerStrideA = 1,
            B = b, StrideB = Columns,
            C = c, StrideC = Columns,
        };
        var least = double.PositiveInfinity;
        for (var window = 0; window < Windows; window++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < ProductsAWindow; i++) set.Multiply(Rows, Columns, product);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds / ProductsAWindow);
        }
        return least;
    }

    /// <summary>Floating-point operations of the product that <see cref="SecondsOf"/> times.</summary>
    internal const double OperationsOfProduct = 2.0 * Rows * Columns * Inner;

    private static KernelSet Named(string name)
    {
        var names = string.Join(", ", KernelSet.All.Select(set => set.Name));
        var named = KernelSet.All.FirstOrDefault(set => set.Name == name)
            ?? throw new PlatformNotSupportedException($"{Variable} is '{name}'; there are {names}.");
        if (named.IsSupported) return named;
        var known = string.Join(", ", KernelSet.All.Where(set => set.IsSupported).Select(set => set.Name));
        throw new PlatformNotSupportedException(
            $"{Variable} is '{name}', whose instructions this processor lacks; it has {known}.");
    }
}
