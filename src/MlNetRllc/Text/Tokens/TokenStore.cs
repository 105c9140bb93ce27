using System.Text.Json;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;

namespace MlNetRllc.Text.Tokens;

/// <summary>A tokenized corpus on disk: a folder with <c>train.tokens</c>, <c>validation.tokens</c> (Int32, [context, pos], little-endian)
/// and <c>store.json</c>. Its contexts are read when they are asked for, so it may be larger than memory.</summary>
/// <remarks>Safe for any number of threads and cursors: a split is one open file, shared by all of them and
/// given back on disposal or with the store.</remarks>
public sealed class TokenStore : IDisposable
{
    internal const int Version = 1;
    internal const string ManifestFile = "store.json";

    private readonly string folder;
    private readonly Dictionary<string, TokenFile> files = new(StringComparer.Ordinal);

    private TokenStore(string folder, TokenStoreManifest manifest) => (this.folder, Manifest) = (folder, manifest);

    /// <summary>Where the store lies.</summary>
    internal string Folder => folder;

    /// <summary>What the store says of itself.</summary>
    public TokenStoreManifest Manifest { get; }

    /// <summary>Opens a store and checks it whole: sizes and checksums.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <param name="tokenizer">The tokenizer whose ids are wanted; null takes any.</param>
    /// <exception cref="InvalidDataException">The store is damaged, of another version, or made by another tokenizer.</exception>
    public static TokenStore Open(string folder, TextTokenizer? tokenizer = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var path = Path.Combine(folder, ManifestFile);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"There is no token store in {Path.GetFullPath(folder)}: {ManifestFile} is missing.", path);
        var store = new TokenStore(folder, ReadManifest(path));
        if (tokenizer is not null && tokenizer.Fingerprint != store.Manifest.Tokenizer)
            throw new InvalidDataException(
                $"The token store {Path.GetFullPath(folder)} was made by another tokenizer "
                + $"({store.Manifest.Tokenizer[..12]}, not {tokenizer.Fingerprint[..12]}): its ids mean other text. "
                + "Use the tokenizer that made it, or tokenize the text into another folder.");
        try
        {
            foreach (var split in store.Manifest.Splits) store.OpenSplit(split.Key, split.Value);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Number of contexts of a split, train or validation.</summary>
    public long Count(string split) => Manifest.Splits.GetValueOrDefault(split)?.Contexts ?? 0;

    /// <summary>The contexts of a split, read from the disk as they are asked for; null when it has none.</summary>
    /// <param name="name">The dataset's name.</param>
    /// <param name="split">train or validation.</param>
    public ContextSet? Contexts(string name, string split) =>
        files.TryGetValue(split, out var file) ? new ContextSet(name, file, Manifest.ContextLength) : null;

    /// <summary>Closes the store's files; contexts of it can no longer be read, those that were read stay as they are.</summary>
    public void Dispose()
    {
        foreach (var file in files.Values) file.Dispose();
    }

    internal IEnumerable<(int[] Tokens, string Split)> Rows()
    {
        foreach (var split in (string[])[ContextPacker.Train, ContextPacker.Validation])
        {
            if (Contexts(split, split) is not { } contexts) continue;
            for (var i = 0; i < contexts.Count; i++) yield return (contexts[i].ToArray(), split);
        }
    }

    internal static string PathOf(string folder, string split) => Path.Combine(folder, split + ".tokens");

    private void OpenSplit(string split, TokenSplit expected)
    {
        var path = PathOf(folder, split);
        var bytes = expected.Contexts * Manifest.ContextLength * sizeof(int);
        if (!File.Exists(path)) throw Damaged(path, "the file is missing");
        using var stream = SharedFile.OpenRead(path);
        if (stream.Length != bytes) throw Damaged(path, $"it has {stream.Length:N0} bytes, not {bytes:N0}");
        var found = ContentHash.OfStream(stream);
        if (found != expected.Sha256) throw Damaged(path, $"its SHA-256 is {found}, not {expected.Sha256}");
        if (bytes > 0) files[split] = new TokenFile(path);
    }

    private static TokenStoreManifest ReadManifest(string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(SharedFile.ReadAllText(path), TokensJson.Default.Kept<TokenStoreManifest>())
                ?? throw new JsonException("null instead of an object");
            if (manifest.Version != Version)
                throw new InvalidDataException(
                    $"{path}: the token store is of version {manifest.Version}; "
                    + $"this library reads version {Version}. Delete its folder to tokenize anew.");
            if (manifest.ContextLength < 2 || manifest.Tokenizer is not { Length: 64 }
                || manifest.Splits is not { } splits || !splits.All(IsPossible))
                throw Damaged(path, "its values are out of range");
            return manifest;
        }
        catch (JsonException e)
        {
            throw Damaged(path, e.Message);
        }
    }

    private static bool IsPossible(KeyValuePair<string, TokenSplit> split) =>
        split.Key is ContextPacker.Train or ContextPacker.Validation && split.Value is { Contexts: >= 0 and < 1L << 40 };

    private static InvalidDataException Damaged(string path, string reason) => DamagedFile.ExceptionFor(
        $"{Path.GetFileName(path)}: {reason.TrimEnd('.')}",
        $"The token store is damaged: {Path.GetFullPath(path)}: {reason}. Delete its folder to tokenize anew.");
}

/// <summary>The content of a token store's <c>store.json</c>.</summary>
/// <param name="Version">The store's version.</param>
/// <param name="Tokenizer">SHA-256 of the tokenizer.</param>
/// <param name="Text">SHA-256 of the documents that were tokenized.</param>
/// <param name="VocabularySize">Tokens in the tokenizer's vocabulary.</param>
/// <param name="ContextLength">Tokens in each context.</param>
/// <param name="Splits">What each split holds.</param>
public sealed record TokenStoreManifest(
    int Version,
    string Tokenizer,
    string Text,
    int VocabularySize,
    int ContextLength,
    IReadOnlyDictionary<string, TokenSplit> Splits);

/// <summary>One split of a token store.</summary>
/// <param name="Contexts">Number of contexts.</param>
/// <param name="Sha256">SHA-256 of the file of tokens.</param>
public sealed record TokenSplit(long Contexts, string Sha256);
