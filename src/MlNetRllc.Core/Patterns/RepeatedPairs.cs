using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Patterns;

/// <summary>How often each pair of neighbours, and its first token, stood earlier in a context.</summary>
internal sealed class RepeatedPairs
{
    private readonly int[] pairs;
    private readonly bool[] continued;

    /// <summary>Counts them; two pairs may share a token, as in a run of one token.</summary>
    public RepeatedPairs(ReadOnlySpan<int> tokens)
    {
        (pairs, continued) = (new int[tokens.Length], new bool[tokens.Length]);
        var seen = new Dictionary<(int, int), int>();
        var begun = new HashSet<int>();
        for (var t = 1; t < tokens.Length; t++)
        {
            pairs[t] = CollectionsMarshal.GetValueRefOrAddDefault(seen, (tokens[t - 1], tokens[t]), out _)++;
            continued[t] = !begun.Add(tokens[t - 1]);
        }
    }

    /// <summary>How often the pair that a token ends stood earlier.</summary>
    public int TimesBefore(int position) => pairs[position];

    /// <summary>Whether the token before stood earlier too, but never went on with this one.</summary>
    public bool WentOnOtherwise(int position) => continued[position] && pairs[position] == 0;
}
