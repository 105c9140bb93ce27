using Microsoft.ML.Tokenizers;

namespace MlNetRllc.Text.Tokens;

/// <summary>A byte-level BPE tokenizer with a token <c>&lt;|bos|&gt;</c> that begins documents. Any text comes
/// back exactly, except that a surrogate without its partner becomes U+FFFD.</summary>
public sealed class ByteLevelTokenizer : TextTokenizer
{
    private readonly BytePairVocabulary vocabulary;

    internal ByteLevelTokenizer(BytePairVocabulary vocabulary) => this.vocabulary = vocabulary;

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Size;

    /// <summary>The id of BOS: the last one, where the vocabulary was learned.</summary>
    public override int BosId => vocabulary.Bos;

    internal override string Fingerprint => vocabulary.Fingerprint;

    internal override bool EncodesInParts => true;

    /// <summary>Learns a tokenizer from documents.</summary>
    /// <param name="documents">The texts; read once, to the end.</param>
    /// <param name="vocabularySize">Tokens wanted, BOS included; at least 257.</param>
    /// <param name="sampleCharacters">Of more characters than these, a sample of documents is learned from; no
    /// more than the sample is held in memory.</param>
    /// <param name="minimumCount">A pair becomes a token only when it occurs this often in the sample.</param>
    /// <param name="sampleSeed">Seed of the draw of the sample.</param>
    /// <param name="cancellation">Stops the learning.</param>
    /// <exception cref="ArgumentException">The text supports only a smaller vocabulary; the message says which.</exception>
    public static ByteLevelTokenizer Train(IEnumerable<string> documents, int vocabularySize, long sampleCharacters = long.MaxValue,
        int minimumCount = 2, long sampleSeed = 0, CancellationToken cancellation = default) =>
        Train(documents, vocabularySize, sampleCharacters, minimumCount, sampleSeed, cancellation.ThrowIfCancellationRequested);

    /// <param name="goOn">Asked at every document and every merge; throws to stop.</param>
    /// <inheritdoc cref="Train(IEnumerable{string}, int, long, int, long, CancellationToken)"/>
#pragma warning disable CS1573 // The other parameters are documented there.
    internal static ByteLevelTokenizer Train(
        IEnumerable<string> documents, int vocabularySize,
        long sampleCharacters, int minimumCount, long sampleSeed,
        Action goOn)
#pragma warning restore CS1573
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (vocabularySize < 257)
            throw new ArgumentOutOfRangeException(nameof(vocabularySize), $"vocabularySize is {vocabularySize}; it must be at least 257.");
        if (minimumCount < 1)
            throw new ArgumentOutOfRangeException(nameof(minimumCount), $"minimumCount is {minimumCount}; it must be at least 1.");
        var trainer = new BytePairTrainer();
        foreach (var document in VocabularySample.Draw(Asking(documents, goOn), sampleCharacters, sampleSeed))
        {
            goOn();
            trainer.Add(document);
        }
        if (trainer.Characters == 0)
            throw new ArgumentException(
                "There is no text to learn a vocabulary from: every document is empty.", nameof(documents));
        var merges = trainer.Train(vocabularySize - 257, minimumCount, goOn);
        if (merges.Count < vocabularySize - 257)
            throw new ArgumentException(
                $"A vocabulary of {vocabularySize} is more than the text supports: "
                + $"no pair of tokens occurs {minimumCount} times any more after {merges.Count + 257}. "
                + $"The largest possible is {merges.Count + 257}; choose at most that, or give more text.", nameof(vocabularySize));
        return new(BytePairVocabulary.FromMerges(merges));
    }

    private static IEnumerable<string> Asking(IEnumerable<string> documents, Action goOn)
    {
        foreach (var document in documents)
        {
            goOn();
            yield return document;
        }
    }

    /// <summary>Reads a tokenizer from <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <param name="folder">The folder that holds both.</param>
    /// <param name="vocabularySize">Fewer than the entries cut the vocabulary to its first ones, the last of
    /// which is then BOS; more pad it with ids that no text gives, as models have whose vocabulary is padded;
    /// null keeps all. BOS is the vocabulary's own entry for it, at any id, where there is one.</param>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message names it and the line.</exception>
    public static ByteLevelTokenizer Load(string folder, int? vocabularySize = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        foreach (var name in (ReadOnlySpan<string>)["vocab.json", "merges.txt"])
            if (!File.Exists(Path.Combine(folder, name)))
                throw new FileNotFoundException(
                    $"There is no {name} in {Path.GetFullPath(folder)}; "
                    + "a tokenizer is two files, vocab.json and merges.txt.", Path.Combine(folder, name));
        TokenizerDigests.Check(folder);
        return new(BytePairFiles.Read(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"), vocabularySize));
    }

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> into <paramref name="folder"/>, in the form of
    /// GPT-2's files, and their SHA-256 beside them.</summary>
    public override void Save(string folder) => vocabulary.Save(folder);

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new BytePairEncoder(vocabulary).Decode(tokens);
    }

    /// <summary>The same vocabulary as a tokenizer of Microsoft.ML.Tokenizers.</summary>
    public override Tokenizer ToTokenizer()
    {
        var options = new BpeOptions(vocabulary.Entries)
        {
            Merges = vocabulary.WrittenMerges,
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(PreTokens.Pattern, null),
            SpecialTokens = new Dictionary<string, int> { [BytePairVocabulary.BosToken] = BosId },
        };
        return BpeTokenizer.Create(options);
    }

    internal BytePairVocabulary Vocabulary => vocabulary;

    internal override ITextEncoder NewEncoder() => new BytePairEncoder(vocabulary);

    internal override void Write(BinaryWriter writer) => vocabulary.Write(writer);
}
