namespace MlNetRllc.Core.Contexts;

/// <summary>Which tokens of a dataset count in its loss, of the contexts in which any does.</summary>
internal sealed class LossMask
{
    private readonly bool[] flags; // [kept context, pos - 1]
    private readonly int[] kept;
    private readonly int width;

    private LossMask(bool[] flags, int[] kept, int width)
    {
        (this.flags, this.kept, this.width) = (flags, kept, width);
        Counted = flags.LongCount(counts => counts);
    }

    /// <summary>Contexts in which a token counts.</summary>
    public int Contexts => kept.Length;

    /// <summary>Tokens that count, in all of them.</summary>
    public long Counted { get; }

    /// <summary>The number that a kept context has in the unmasked dataset.</summary>
    public int SourceOf(int context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(context, kept.Length);
        return kept[context];
    }

    /// <summary>The flags of a kept context, [pos - 1].</summary>
    public ReadOnlySpan<bool> Of(int context) => flags.AsSpan(checked(context * width), width);

    /// <summary>Keeps the contexts in which a token counts.</summary>
    /// <param name="counted">[context, pos - 1], row-major.</param>
    /// <param name="width">Tokens of a context that are predicted.</param>
    /// <param name="sources">Numbers of the contexts in the unmasked dataset.</param>
    public static LossMask FromFlags(ReadOnlySpan<bool> counted, int width, Func<int, int> sources)
    {
        var (flags, kept) = (new List<bool>(), new List<int>());
        for (var context = 0; context < counted.Length / width; context++)
        {
            var own = counted.Slice(context * width, width);
            if (!own.Contains(true)) continue;
            flags.AddRange(own);
            kept.Add(sources(context));
        }
        return new([.. flags], [.. kept], width);
    }
}
