using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Contexts;

/// <summary>A dataset of packed contexts: token ids, [context, pos], row-major.</summary>
public sealed class ContextSet
{
    private readonly ReadOnlyMemory<int> tokens;
    private readonly TokenFile? file;
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

    /// <summary>The dataset's name.</summary>
    public string Name { get; }

    private string Title => $"The dataset '{Name}'";

    /// <summary>Tokens in each context (<c>pos</c>).</summary>
    public int ContextLength { get; }

    /// <summary>Number of contexts.</summary>
    public int Count => file is null ? tokens.Length / ContextLength : (int)(file.Count / ContextLength);

    /// <summary>The largest token id that occurs; it must lie below the model's vocabulary size.</summary>
    public int LargestToken { get; }

    /// <summary>The tokens of one context, [pos]: a part of the array that was given, or a copy out
    /// of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such context.</exception>
    public ReadOnlySpan<int> this[int context]
    {
        get
        {
            if (file is null) return tokens.Span.Slice(checked(context * ContextLength), ContextLength);
            var row = new int[ContextLength];
            file.Read((long)context * ContextLength, row);
            return row;
        }
    }

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

    /// <summary>SHA-256 of the tokens and the context length, in lower-case hexadecimal.</summary>
    public string Key
    {
        get
        {
            if (key is not null) return key;
            using var hash = new ContentHasher();
            hash.AddText($"contexts of {ContextLength}");
            foreach (var piece in file?.Pieces() ?? [tokens]) hash.Add(piece.Span);
            return key = hash.Value;
        }
    }
}
