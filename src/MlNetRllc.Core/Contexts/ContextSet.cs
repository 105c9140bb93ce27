using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Contexts;

/// <summary>A dataset of packed contexts: token ids, [context, pos], row-major.</summary>
public sealed class ContextSet
{
    private readonly ReadOnlyMemory<int> tokens;
    private readonly TokenFile? file;
    private readonly LossMask? mask;
    private string? key;

    /// <summary>Takes the tokens as they are; nothing is copied.</summary>
    /// <param name="name">The dataset's name, as it stands in the column <c>Dataset</c>.</param>
    /// <param name="tokens">Token ids, [context, pos], row-major.</param>
    /// <param name="contextLength">Tokens in each context.</param>
    /// <exception cref="ArgumentException">The tokens do not fill whole contexts, there are none,
    /// or one is negative.</exception>
    public ContextSet(string name, ReadOnlyMemory<int> tokens, int contextLength)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Limits.AtLeast(contextLength, 2);
        if (tokens.Length == 0 || tokens.Length % contextLength != 0)
            throw new ArgumentException(
                $"The dataset '{name}' has {tokens.Length} tokens, which do not fill whole contexts of {contextLength}.");
        var largest = -1;
        foreach (var token in tokens.Span)
        {
            if (token < 0)
                throw new ArgumentException(
                    $"The dataset '{name}' holds the token id {token}; ids start at 0.");
            largest = Math.Max(largest, token);
        }
        (Name, this.tokens, ContextLength, LargestToken) = (name, tokens, contextLength, largest);
    }

    /// <summary>Takes the tokens of a file, which are read when they are asked for.</summary>
    /// <param name="name">The dataset's name, as it stands in the column <c>Dataset</c>.</param>
    /// <param name="file">Token ids, [context, pos], row-major; it must stay open while the
    /// contexts are in use, and may be shared.</param>
    /// <param name="contextLength">Tokens in each context.</param>
    /// <exception cref="ArgumentException">The tokens do not fill whole contexts, or fill more than
    /// 2^31 - 1.</exception>
    /// <exception cref="InvalidDataException">A token is negative, or the file was cut.</exception>
    public ContextSet(string name, TokenFile file, int contextLength)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        if (file.Count % contextLength != 0 || file.Count / contextLength > int.MaxValue)
            throw new ArgumentException($"The dataset '{name}' has {file.Count} tokens, "
                + $"which do not fill 1 to {int.MaxValue} whole contexts of {contextLength}.");
        (Name, this.file, ContextLength, LargestToken) = (name, file, contextLength, file.LargestToken);
    }

    private ContextSet(ContextSet contexts, LossMask mask)
    {
        (Name, tokens, file, this.mask) = (contexts.Name, contexts.tokens, contexts.file, mask);
        (ContextLength, LargestToken) = (contexts.ContextLength, contexts.LargestToken);
        LeftOut = contexts.LeftOut + contexts.Count - mask.Contexts;
    }

    /// <summary>The dataset's name.</summary>
    public string Name { get; }

    private string Title => $"The dataset '{Name}'"
        + (LeftOut == 0 ? "" : $" (masked: without the {LeftOut} contexts in which no token counts)");

    /// <summary>Tokens in each context (<c>pos</c>).</summary>
    public int ContextLength { get; }

    /// <summary>Number of contexts; with a mask, of those in which a token counts.</summary>
    public int Count => mask?.Contexts ?? (file is null ? tokens.Length / ContextLength : (int)(file.Count / ContextLength));

    /// <summary>Whether only some tokens count in the loss (<see cref="WithMask"/>).</summary>
    public bool IsMasked => mask is not null;

    /// <summary>Contexts that a mask left out, since none of their tokens counts.</summary>
    public int LeftOut { get; }

    /// <summary>Mean number of tokens of a context that count in its loss: <c>pos - 1</c> without a mask.</summary>
    public double CountedPerContext => mask is null ? ContextLength - 1 : (double)mask.Counted / mask.Contexts;

    /// <summary>The largest token id that occurs, in contexts that were left out too; it must lie below the model's vocabulary
    /// size.</summary>
    public int LargestToken { get; }

    /// <summary>The tokens of one context, [pos]: a part of the array that was given, or a copy out
    /// of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such context.</exception>
    public ReadOnlySpan<int> this[int context]
    {
        get
        {
            if (mask is not null) context = mask.SourceOf(context);
            if (file is null) return tokens.Span.Slice(checked(context * ContextLength), ContextLength);
            var row = new int[ContextLength];
            file.Read((long)context * ContextLength, row);
            return row;
        }
    }

    /// <summary>Which tokens of a context count in the loss, [pos - 1]: entry t speaks of token t + 1. Empty without a mask: then
    /// all count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such context.</exception>
    public ReadOnlySpan<bool> MaskOf(int context) => mask is null ? [] : mask.Of(context);

    /// <summary>The same dataset, of whose tokens only some count in the loss: a pattern's, those of a chat's answers, all but
    /// padding. What does not count is still read by what comes behind it.</summary>
    /// <remarks>
    /// <para>The loss of a minibatch is the sum over its tokens that count, divided by the number of its contexts times
    /// <see cref="CountedPerContext"/>, the mean over the dataset and not over the minibatch: its expectation is then the
    /// dataset's mean over all tokens that count.</para>
    /// <para>Contexts in which no token counts are left out (<see cref="LeftOut"/>): no minibatch is spent on them. Of a masked
    /// dataset the tokens that both masks count remain. A mask that counts every token is none.</para>
    /// </remarks>
    /// <param name="counted">[context, pos - 1], row-major: the flag at (c, t) speaks of the prediction of token t + 1.</param>
    /// <exception cref="ArgumentException">The flags are not as many as tokens that are predicted, or no token counts.</exception>
    public ContextSet WithMask(ReadOnlySpan<bool> counted)
    {
        var width = ContextLength - 1;
        if (counted.Length != (long)Count * width)
            throw new ArgumentException($"The mask of the dataset '{Name}' has {counted.Length} flags; {(long)Count * width} are wanted, "
                + $"one for each token that is predicted ({Count} contexts of {ContextLength}).", nameof(counted));
        if (!counted.Contains(false)) return this;
        var both = counted.ToArray();
        for (var i = 0; mask is not null && i < both.Length; i++) both[i] &= mask.Of(i / width)[i % width];
        var found = LossMask.FromFlags(both, width, mask is null ? context => context : mask.SourceOf);
        return found.Contexts > 0 ? new(this, found) : throw new ArgumentException(
            $"No token of the dataset '{Name}' counts: its mask is false for all {both.Length} of {Count} contexts.", nameof(counted));
    }

    /// <summary>This dataset, for a reader whose loss has all tokens.</summary>
    /// <param name="reader">Who reads it, as it ends a sentence.</param>
    /// <exception cref="ArgumentException">It is masked.</exception>
    internal ContextSet Unmasked(string reader) => mask is null ? this : throw new ArgumentException(
        $"Only some tokens of the dataset '{Name}' count in its loss (it is masked), but all count in {reader}; give it without a mask.");

    /// <summary>What the sum of the losses of a minibatch's tokens that count is multiplied by: 1 / (contexts x
    /// <see cref="CountedPerContext"/>).</summary>
    internal double LossWeight(int batch) => 1.0 / (batch * CountedPerContext);

    /// <summary>Checks that a model can read these contexts.</summary>
    /// <exception cref="ArgumentException">A token id or the context length lies beyond the
    /// model's.</exception>
    public ContextSet CheckedAgainst(TransformerConfig config)
    {
        ContextFit.Tokens(Title, LargestToken, config);
        ContextFit.Length(Title, ContextLength, config);
        return this;
    }

    /// <summary>Checks that a model can read these contexts, and that they fill a batch.</summary>
    /// <exception cref="ArgumentException">A token id or the context length lies beyond the
    /// model's, or there are fewer contexts.</exception>
    public ContextSet CheckedAgainst(TransformerConfig config, int batchSize)
    {
        CheckedAgainst(config);
        ContextFit.Batch(Title, Count, batchSize);
        return this;
    }

    /// <summary>SHA-256 of the tokens and the context length, in lower-case hexadecimal; with a mask, of it and of the contexts that
    /// it leaves too.</summary>
    public string Key => key ??= mask is null ? KeyOfAll() : KeyOfMasked();

    private string KeyOfAll()
    {
        using var hash = new ContentHasher();
        hash.AddText($"contexts of {ContextLength}");
        foreach (var piece in file?.Pieces() ?? [tokens]) hash.Add(piece.Span);
        return hash.Value;
    }

    private string KeyOfMasked()
    {
        using var hash = new ContentHasher();
        hash.AddText($"contexts of {ContextLength}, masked");
        for (var context = 0; context < Count; context++)
        {
            hash.Add(this[context]);
            hash.Add(MaskOf(context));
        }
        return hash.Value;
    }
}
