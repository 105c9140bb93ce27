using Microsoft.ML.Tokenizers;

namespace MlNetRllc.Text.Tokens;

/// <summary>Turns text into tokens and back; one token, BOS, begins documents.</summary>
public abstract class TextTokenizer
{
    /// <summary>How labels write BOS.</summary>
    internal const string BosText = BytePairVocabulary.BosToken;

    /// <summary>Number of tokens, BOS included: every id lies below.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The id of the token that begins documents.</summary>
    public abstract int BosId { get; }

    /// <summary>SHA-256, in lower-case hexadecimal, of what decides the tokens of a text.</summary>
    internal abstract string Fingerprint { get; }

    /// <summary>Whether white space behind a word always ends a token, so that a long text may be encoded in parts.</summary>
    internal virtual bool EncodesInParts => false;

    /// <summary>The tokens of <paramref name="text"/>, without BOS.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<int>();
        NewEncoder().Encode(text, tokens);
        return tokens;
    }

    /// <summary>The text of <paramref name="tokens"/>; BOS gives nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id lies outside the vocabulary.</exception>
    public abstract string Decode(IEnumerable<int> tokens);

    /// <summary>The text of one token, for labels; <c>&lt;|bos|&gt;</c> for BOS.</summary>
    public string TokenText(int id) => id == BosId ? BosText : Decode([id]);

    /// <summary>The same as a tokenizer of Microsoft.ML.Tokenizers.</summary>
    public abstract Tokenizer ToTokenizer();

    /// <summary>Writes the files that the tokenizer can be read from again.</summary>
    /// <param name="folder">Where to; made when it is missing.</param>
    /// <exception cref="InvalidOperationException">The tokenizer was given as an object, which has no files.</exception>
    public abstract void Save(string folder);

    /// <summary>An encoder for one thread at a time.</summary>
    internal abstract ITextEncoder NewEncoder();

    internal abstract void Write(BinaryWriter writer);
}

/// <summary>Appends the tokens of texts; for one thread at a time.</summary>
internal interface ITextEncoder
{
    /// <summary>Appends the tokens of <paramref name="text"/>.</summary>
    void Encode(ReadOnlySpan<char> text, List<int> tokens);
}
