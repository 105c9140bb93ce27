using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MlNetRllc.Foundation;

namespace MlNetRllc.Text.Tokens;

/// <summary>How text becomes contexts of tokens.</summary>
public sealed record TokenizeTextOptions
{
    /// <summary>Tokens in the vocabulary: 256 bytes, merges, and the token that begins documents.</summary>
    [Description("Tokens in the vocabulary: 256 bytes, merges learned from the text, and one that begins documents.")]
    [Range(257, 1_000_000)]
    public int VocabularySize { get; init; } = 2048;

    /// <summary>Tokens in each context.</summary>
    [Description("Tokens in each context.")]
    [Range(2, 1_048_576)]
    public int ContextLength { get; init; } = 128;

    /// <summary>Share of the documents held out for validation, chosen by a hash of their text.</summary>
    [Description("Share of the documents held out for validation, chosen by a hash of their text.")]
    [Range(0.0, 0.9)]
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Begins every context with BOS, not only every document (as the paper's contexts are).</summary>
    [Description("Begins every context with the BOS token, not only every document.")]
    public bool BosAtContextStart { get; init; } = true;

    /// <summary>The vocabulary is learned from the whole text, or from whole documents drawn from all of it by
    /// <see cref="SampleSeed"/> when it has more characters than these; two bytes of memory each.</summary>
    [Description("Characters that the vocabulary is learned from at most: of a longer text, documents drawn from all of it by sampleSeed.")]
    [Range(1L, long.MaxValue)]
    public long SampleCharacters { get; init; } = 50_000_000;

    /// <summary>Seed of the draw of documents that the vocabulary is learned from.</summary>
    [Description("Seed of the draw of documents that the vocabulary is learned from.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SampleSeed { get; init; }

    /// <summary>A pair of tokens becomes a token only when it occurs this often in the sample.</summary>
    [Description("Times that a pair of tokens must occur in the sample to become a token.")]
    [Range(1, int.MaxValue)]
    public int MinimumPairCount { get; init; } = 2;

    /// <summary>A folder with <c>vocab.json</c> and <c>merges.txt</c> to use rather than to learn from the
    /// text, or one that <see cref="TextTokenizer.Save"/> wrote; null learns.</summary>
    /// <remarks>Of more entries than <see cref="VocabularySize"/> the first are taken, and the last id of the
    /// vocabulary begins documents. Else the vocabulary is whole and has ids beyond it that no text gives, as
    /// models have whose vocabulary is padded; documents begin with its own entry for that
    /// (<c>&lt;|bos|&gt;</c>, <c>&lt;s&gt;</c>, <c>&lt;|endoftext|&gt;</c> and the like, at any id), or with
    /// the id behind its last entry.</remarks>
    [Description("Folder with vocab.json and merges.txt, cut to the first vocabularySize entries, "
        + "or padded with rows that no text gives; when absent the vocabulary is learned from the text.")]
    [PathOption]
    public string? TokenizerFolder { get; init; }

    /// <summary>A published tokenizer to use rather than to learn one, whole; null learns.
    /// <see cref="VocabularySize"/> must hold all of its ids, and BOS.</summary>
    [Description("Published tokenizer to use rather than to learn one; vocabularySize must hold all of its ids and BOS.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenizerFiles? Tokenizer { get; init; }

    /// <summary>A folder for <see cref="TokenStore">token stores</see>: a text is tokenized into it once, and
    /// read from there afterwards; null tokenizes for every cursor. With a store the rows of train come before
    /// those of validation.</summary>
    [Description("Folder in which tokenized text is kept and found again; when absent the text is tokenized each time it is read.")]
    public string? StoreFolder { get; init; }
}
