using System.Text.Json;
using Microsoft.ML.Tokenizers;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using MlNetRllc.Foundation;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Text.Tokens;

/// <summary>A tokenizer of Microsoft.ML.Tokenizers.</summary>
/// <remarks>Given by its files (<see cref="TokenizerFiles"/>), it is saved with a model, files and all. Given as an object, it works
/// alike but cannot be saved, since the library offers no way to write one.</remarks>
public sealed class LibraryTokenizer : TextTokenizer
{
    // Letters, marks, white space, scripts and bytes of every kind: where two tokenizers differ, they differ on some of these.
    private const string Probe =
        "The quick brown fox's 1234567 jumps\tover\r\n\n  the lazy dogs; it'll re-read x_1 += {0}."
        + "\u00A0Äpfel, naïve, ДОМ, 日本語の文章, عربي, \ud83d\ude00\ufffd\0\u0001";

    // What Save writes beside the files: which they are, and of what kind.
    private const string SavedAs = "tokenizer.json";

    private readonly Tokenizer tokenizer;
    private readonly TokenizerFiles? files;
    private readonly IReadOnlyList<(string Name, byte[] Content)> contents;

    private LibraryTokenizer(
        Tokenizer tokenizer, int vocabularySize, int? bosId,
        TokenizerFiles? files, IReadOnlyList<(string, byte[])> contents)
    {
        (this.tokenizer, this.files, this.contents) = (tokenizer, files, contents);
        (VocabularySize, BosId) = (vocabularySize, bosId ?? vocabularySize - 1);
        if (BosId >= vocabularySize)
            throw new ArgumentOutOfRangeException(
                nameof(bosId), bosId, $"The id {bosId} of BOS lies outside the vocabulary of {vocabularySize}.");
        var largest = Math.Max(LargestKnown(tokenizer), Encoded(Probe).DefaultIfEmpty().Max());
        var needed = bosId is null ? largest + 2 : largest + 1;
        if (needed > vocabularySize)
            throw new ArgumentOutOfRangeException(nameof(vocabularySize), vocabularySize,
                $"VocabularySize is {vocabularySize}, but the tokenizer has ids up to {largest}"
                + $"{(bosId is null ? " and needs one more for BOS" : "")}: set VocabularySize to {needed} or more.")
                .About(ErrorPage.VocabularyTooSmall);
        Fingerprint = FingerprintOf();
    }

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    public override int BosId { get; }

    /// <summary>The files it was read from; null when it was given as an object.</summary>
    internal TokenizerFiles? Files => files;

    internal override string Fingerprint { get; }

    /// <summary>Wraps a tokenizer object. It should add no tokens of its own at the beginning or end of a text.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="vocabularySize">Tokens in the vocabulary, BOS included.</param>
    /// <param name="bosId">The tokenizer's own token that begins documents; null takes the last id.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tokenizer has more ids; the message says how many.</exception>
    public static LibraryTokenizer Wrap(Tokenizer tokenizer, int vocabularySize, int? bosId = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new(tokenizer, vocabularySize, bosId, null, []);
    }

    /// <summary>Reads a tokenizer from its files.</summary>
    /// <param name="files">Which they are.</param>
    /// <param name="vocabularySize">Tokens in the vocabulary, BOS included.</param>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is not what its kind asks for; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tokenizer has more ids; the message says how many.</exception>
    public static LibraryTokenizer Load(TokenizerFiles files, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(files);
        var contents = new[] { files.File, files.Merges }.OfType<string>()
            .Select(path => (Name: PortableName.Fit(Path.GetFileName(path)), Content: ReadFile(path))).ToList();
        // Saved side by side, files from two folders must not have one name, nor that of the note beside them.
        for (var i = 0; i < contents.Count; i++)
            while (contents.Take(i).Select(c => c.Name).Append(SavedAs)
                .Contains(contents[i].Name, StringComparer.OrdinalIgnoreCase))
                contents[i] = ("_" + contents[i].Name, contents[i].Content);
        return Create(files, contents, vocabularySize);
    }

    /// <summary>The files of a tokenizer that <see cref="Save"/> wrote into a folder; null when the folder holds none.</summary>
    /// <exception cref="InvalidDataException">The folder's note on them is broken.</exception>
    internal static TokenizerFiles? SavedIn(string folder)
    {
        var path = Path.Combine(folder, SavedAs);
        if (!System.IO.File.Exists(path)) return null;
        try
        {
            using var note = JsonDocument.Parse(SharedFile.ReadAllBytes(path));
            // Other programs write a tokenizer.json too, of other content.
            if (note.RootElement.ValueKind != JsonValueKind.Object
                || !note.RootElement.TryGetProperty(nameof(TokenizerFiles.Kind), out _)) return null;
            TokenizerDigests.Check(folder);
            var files = note.Deserialize(TokensJson.Default.Kept<TokenizerFiles>())!;
            return files with { File = Within(files.File), Merges = Within(files.Merges) };

            string? Within(string? name) => name is null ? null : Path.Combine(folder, name);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is broken: {e.Message} Save the tokenizer anew.", e);
        }
    }

    /// <summary>The files that a tokenizer's folder is read from, those that are there.</summary>
    internal static IEnumerable<string> FilesIn(string folder) =>
        (SavedIn(folder) is { } saved
            ? new[] { saved.File, saved.Merges, Path.Combine(folder, SavedAs) }
            : [Path.Combine(folder, "merges.txt"), Path.Combine(folder, "vocab.json")])
        .OfType<string>().Where(System.IO.File.Exists).Order(StringComparer.Ordinal);

    /// <summary>Removes what <see cref="Save"/> wrote of another tokenizer, where one is about to take its place.</summary>
    internal static void Forget(string folder)
    {
        TokenizerDigests.Forget(folder);
        if (System.IO.File.Exists(Path.Combine(folder, SavedAs)) && SavedIn(folder) is not null)
            SharedFile.Delete(Path.Combine(folder, SavedAs));
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return tokenizer.Decode(tokens.Select(Known).Where(id => id != BosId)) ?? "";

        int Known(int id) => id >= 0 && id < VocabularySize ? id
            : throw new ArgumentOutOfRangeException(
                nameof(tokens), $"{id}", $"The token id {id} lies outside the vocabulary of {VocabularySize}.");
    }

    /// <inheritdoc/>
    public override Tokenizer ToTokenizer() => tokenizer;

    /// <inheritdoc/>
    public override void Save(string folder)
    {
        if (files is null) throw NotSaved();
        TokenizerDigests.Forget(folder);
        foreach (var (name, content) in contents) AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(content));
        var names = new Queue<string>(contents.Select(content => content.Name));
        AtomicFile.Write(Path.Combine(folder, SavedAs), stream => JsonSerializer.Serialize(stream, files with
        {
            File = files.File is null ? null : names.Dequeue(), Merges = files.Merges is null ? null : names.Dequeue(),
        }, TokensJson.Default.Kept<TokenizerFiles>()));
        TokenizerDigests.Write(folder, [.. contents.Select(content => content.Name), SavedAs]);
    }

    internal override ITextEncoder NewEncoder() => new Encoder(this);

    internal override void Write(BinaryWriter writer)
    {
        if (files is null) throw NotSaved();
        writer.Write(contents.Count);
        foreach (var (name, content) in contents)
        {
            writer.Write(name);
            writer.Write(content.Length);
            writer.Write(content);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static LibraryTokenizer Read(BinaryReader reader, TokenizerFiles files, int vocabularySize)
    {
        var contents = new (string, byte[])[reader.ReadInt32()];
        for (var i = 0; i < contents.Length; i++) contents[i] = (reader.ReadString(), reader.ReadBytes(reader.ReadInt32()));
        return Create(files, contents, vocabularySize);
    }

    private static LibraryTokenizer Create(TokenizerFiles files, IReadOnlyList<(string Name, byte[] Content)> contents, int vocabularySize)
    {
        if (files.File is null && !(files.Kind == TokenizerKind.Tiktoken && files.Model is not null))
            throw new ArgumentException($"A tokenizer of kind {files.Kind} needs its file; 'File' names none.", nameof(files));
        if (files.Kind != TokenizerKind.Bpe && files.Merges is not null)
            throw new ArgumentException($"A tokenizer of kind {files.Kind} has no merges; leave 'Merges' out.", nameof(files));
        if (files.Kind == TokenizerKind.Bpe && files.Merges is null)
            throw new ArgumentException("A tokenizer of kind Bpe needs merges.txt; 'Merges' names no file.", nameof(files));
        Tokenizer tokenizer;
        try
        {
            tokenizer = Create(files, [.. contents.Select(content => new MemoryStream(content.Content))]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException($"{files.File ?? files.Model} cannot be read as a tokenizer of kind {files.Kind}: {Why(e)}", e);
        }
        return new(tokenizer, vocabularySize, files.BosId, files, contents);
    }

    private static Tokenizer Create(TokenizerFiles files, MemoryStream[] streams) => files.Kind switch
    {
        TokenizerKind.Bpe => ByteLevel(streams[0], streams[1]),
        TokenizerKind.Tiktoken when streams.Length == 0 => TiktokenTokenizer.CreateForModel(files.Model!),
        TokenizerKind.Tiktoken when files.Model is not null => TiktokenTokenizer.CreateForModel(files.Model, streams[0]),
        TokenizerKind.Tiktoken => TiktokenTokenizer.Create(streams[0], new RegexPreTokenizer(PreTokens.Pattern, null), null),
        TokenizerKind.SentencePiece => SentencePieceTokenizer.Create(streams[0], addBeginningOfSentence: false, addEndOfSentence: false),
        TokenizerKind.WordPiece => WordPieceTokenizer.Create(streams[0]),
        var unknown => throw new ArgumentOutOfRangeException(nameof(files), unknown, $"There is no kind of tokenizer {unknown}."),
    };

    private static BpeTokenizer ByteLevel(Stream vocabulary, Stream merges)
    {
        var entries = JsonSerializer.Deserialize(vocabulary, TokensJson.Default.DictionaryStringInt32)
            ?? throw new InvalidDataException("the vocabulary is null.");
        using var reader = new StreamReader(merges);
        var lines = reader.ReadToEnd().Split('\n').Select(line => line.TrimEnd('\r'))
            .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        return BpeTokenizer.Create(new BpeOptions(entries)
        {
            Merges = lines.ToList(), ByteLevel = true, PreTokenizer = new RegexPreTokenizer(PreTokens.Pattern, null),
        });
    }

    private IReadOnlyList<int> Encoded(ReadOnlySpan<char> text)
    {
        try { return tokenizer.EncodeToIds(text); }
        catch (KeyNotFoundException e)
        {
            throw new InvalidDataException(
                $"{files?.File ?? "The tokenizer"} has no token for some of the text: "
                + "it does not hold every byte.", e);
        }
    }

    // What the library trips over says nothing to a user.
    private static string Why(Exception e) =>
        e is NullReferenceException or IndexOutOfRangeException or KeyNotFoundException or ArgumentException
            ? "its content has another form." : e.Message;

    private static byte[] ReadFile(string path) => System.IO.File.Exists(path) ? SharedFile.ReadAllBytes(path)
        : throw new FileNotFoundException($"There is no tokenizer file {Path.GetFullPath(path)}.", path);

    private static int LargestKnown(Tokenizer tokenizer) => tokenizer switch
    {
        BpeTokenizer bpe => bpe.Vocabulary.Values.DefaultIfEmpty().Max(),
        CodeGenTokenizer codeGen => codeGen.Vocabulary.Values.DefaultIfEmpty().Max(),
        EnglishRobertaTokenizer roberta => roberta.Vocabulary.Values.DefaultIfEmpty().Max(),
        SentencePieceTokenizer pieces => pieces.Vocabulary.Values.DefaultIfEmpty().Max(),
        _ => 0,
    };

    private string FingerprintOf()
    {
        using var hash = new ContentHasher();
        var probed = string.Join(' ', Encoded(Probe));
        hash.AddText(FormattableString.Invariant(
            $"{tokenizer.GetType().FullName}; {VocabularySize}; {BosId}; {files?.Kind}; {files?.Model}; {probed}"));
        Span<byte> own = stackalloc byte[ContentHash.Size];
        foreach (var (_, content) in contents)
        {
            ContentHash.Write(content, own);
            hash.Add<byte>(own);
        }
        return hash.Value;
    }

    private static InvalidOperationException NotSaved() => new(
        "This tokenizer was given as an object, which cannot be written to a file. "
        + "Give it by its files (TokenizeTextOptions.Tokenizer) to save it with a model.");

    private sealed class Encoder(LibraryTokenizer owner) : ITextEncoder
    {
        public void Encode(ReadOnlySpan<char> text, List<int> tokens)
        {
            foreach (var id in owner.Encoded(text))
            {
                if (id >= owner.VocabularySize)
                    throw new InvalidDataException(
                        $"The tokenizer gives the id {id}, outside the vocabulary of {owner.VocabularySize}: "
                        + $"set VocabularySize to {id + 2} or more.");
                tokens.Add(id);
            }
        }
    }
}
