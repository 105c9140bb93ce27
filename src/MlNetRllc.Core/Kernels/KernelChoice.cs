namespace MlNetRllc.Core.Kernels;

/// <summary>Which kernels a process uses: the fastest of those that the processor has, measured at
/// the start, or the one that the environment names. Results do not depend on it.</summary>
internal static class KernelChoice
{
    /// <summary>The environment variable that names a set.</summary>
    public const string Variable = "MLNETRLLC_KERNELS";

    /// <summary>The set that the environment asks for; null when it leaves the choice.</summary>
    public static string? Asked => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : null;

    /// <summary>Windows of each set, of some hundredths of a millisecond.</summary>
    private const int Windows = 12;

    /// <summary>Chooses.</summary>
    /// <exception cref="PlatformNotSupportedException">The environment names a set that there is
    /// not, or that this processor lacks.</exception>
    public static KernelSet Make() => Make(Asked);

    /// <summary>Sees that what the environment names is there, before any work is begun.</summary>
    /// <exception cref="PlatformNotSupportedException">It is not.</exception>
    public static void CheckNamed()
    {
        if (Asked is { } name) Named(name);
    }

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
            _ => candidates.MaxBy(set => KernelRate.OfProducts(set, Windows))!,
        };
    }

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
