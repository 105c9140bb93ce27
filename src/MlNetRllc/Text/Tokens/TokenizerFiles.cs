using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Foundation;

namespace MlNetRllc.Text.Tokens;

/// <summary>A published tokenizer: its kind and its files, in the form that Microsoft.ML.Tokenizers reads.</summary>
public sealed record TokenizerFiles
{
    /// <summary>The kind of tokenizer.</summary>
    [Description("Kind of tokenizer: bpe, tiktoken, sentencePiece or wordPiece.")]
    public TokenizerKind Kind { get; init; }

    /// <summary>The main file: <c>vocab.json</c> (bpe), a <c>.tiktoken</c> file, <c>tokenizer.model</c>
    /// (sentencePiece) or <c>vocab.txt</c> (wordPiece).</summary>
    [Description("Path of the main file: vocab.json (bpe), a .tiktoken file, tokenizer.model (sentencePiece) or vocab.txt (wordPiece).")]
    [PathOption]
    public string? File { get; init; }

    /// <summary>Path of <c>merges.txt</c>, for bpe.</summary>
    [Description("Path of merges.txt, for bpe.")]
    [PathOption]
    public string? Merges { get; init; }

    /// <summary>For tiktoken, the model whose cut into words is used, such as <c>gpt-4</c>; absent cuts as
    /// GPT-2 does. Without <see cref="File"/> the vocabulary comes from that model's package
    /// (Microsoft.ML.Tokenizers.Data.*), which the application must reference.</summary>
    [Description("For tiktoken: the model (gpt-4, ...) whose cut into words is used; without file, its data package must be referenced.")]
    public string? Model { get; init; }

    /// <summary>The id of the tokenizer's own token that begins documents; null adds one, the last id of the vocabulary.</summary>
    [Description("Id of the tokenizer's own token that begins documents; when absent one is added, the last id of the vocabulary.")]
    [Range(0, int.MaxValue)]
    public int? BosId { get; init; }
}

/// <summary>The kinds of tokenizer that can be read from files.</summary>
public enum TokenizerKind
{
    /// <summary>Byte-level byte pairs as GPT-2's, by <c>vocab.json</c> and <c>merges.txt</c>, whole. (A cut of
    /// them: <see cref="TokenizeTextOptions.TokenizerFolder"/>.)</summary>
    Bpe,

    /// <summary>Ranked bytes, as OpenAI publishes them.</summary>
    Tiktoken,

    /// <summary>A SentencePiece model. It normalizes text, so text does not come back exactly.</summary>
    SentencePiece,

    /// <summary>Word pieces, as BERT's. White space and unknown characters do not come back.</summary>
    WordPiece,
}
