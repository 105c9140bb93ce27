using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Patterns;

/// <summary>Counts what was asked for and nothing else: a text has far more n-grams than a few contexts.</summary>
internal sealed class AskedCounts<TKey> where TKey : notnull
{
    private readonly Dictionary<TKey, int> counts = [];

    /// <summary>How often one was counted that was asked for.</summary>
    public int this[TKey key] => counts[key];

    /// <summary>Asks for one.</summary>
    public void Ask(TKey key) => counts[key] = 0;

    /// <summary>Counts one, unless nobody asked for it.</summary>
    /// <returns>Whether somebody had.</returns>
    public bool Add(TKey key)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(counts, key);
        if (Unsafe.IsNullRef(ref count)) return false;
        count++;
        return true;
    }
}
