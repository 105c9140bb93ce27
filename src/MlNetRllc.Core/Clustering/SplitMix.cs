namespace MlNetRllc.Core.Clustering;

/// <summary>A small generator whose numbers follow from its seeds alone (SplitMix64, Steele, Lea
/// and Flood 2014).</summary>
internal sealed class SplitMix
{
    private ulong _state;

    public SplitMix(params ReadOnlySpan<int> seeds)
    {
        foreach (var seed in seeds) _state = Mix(_state + 0x9E3779B97F4A7C15 + unchecked((uint)seed));
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Unit() * limit);

    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
