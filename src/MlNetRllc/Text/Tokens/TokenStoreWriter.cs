using System.Runtime.InteropServices;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;

namespace MlNetRllc.Text.Tokens;

/// <summary>Finds the store of a text, or tokenizes the text into one; memory stays bounded by a batch of documents.</summary>
/// <remarks>A store's folder is named by the SHA-256 of text, tokenizer and options, so what changed gets another and what did not is
/// used again. It is written beside its place and renamed, so a folder of that name is always whole.</remarks>
internal sealed class TokenStoreWriter(
    string root, TextTokenizer tokenizer, TokenizeTextOptions options, Stopping? stopping = null, Action<string>? warn = null)
{
    /// <summary>The store of <paramref name="documents"/>.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left of the attempt.</exception>
    public TokenStore OpenOrCreate(Func<IEnumerable<ReadOnlyMemory<char>>> documents)
    {
        string? text = null;
        // While there is no store at all, none can be found again, and the text need not be read to know its name.
        if (Directory.Exists(root) && Directory.EnumerateDirectories(root).Any(folder => !Path.GetFileName(folder).StartsWith('.')))
        {
            using var before = new TextKey();
            foreach (var document in documents()) before.Add(document.Span);
            text = before.Value;
        }
        var folder = text is null ? null : FolderOf(text);
        return (Directory.Exists(folder) ? Whole(folder) : null)
            ?? TokenStore.Open(Create(text, documents()), tokenizer);
    }

    /// <summary>The store in a folder; null where it is damaged, and put aside as a whole.</summary>
    private TokenStore? Whole(string folder)
    {
        try
        {
            return TokenStore.Open(folder, tokenizer);
        }
        catch (InvalidDataException e)
        {
            var aside = DamagedFile.PutAside(folder);
            if (aside is null) throw;
            warn?.Invoke(DamagedFile.Sentence(folder, DamagedFile.WhyOf(e), aside));
            return null;
        }
    }

    private string FolderOf(string text) => Path.Combine(root, KeyOf(text)[..32]);

    private string KeyOf(string text) => StoredWorkKey.Tokens(TokenStore.Version, text, tokenizer.Fingerprint,
        options.ContextLength, options.ValidationFraction, options.BosAtContextStart);

    private string Create(string? text, IEnumerable<ReadOnlyMemory<char>> documents)
    {
        try
        {
            Directory.CreateDirectory(root);
            Sweep();
            var part = Path.Combine(root, $".{Path.GetRandomFileName()}.part");
            // Held while the part is written: whoever can open it knows that its owner is gone.
            using var owned = Lock(part, FileMode.CreateNew);
            try
            {
                Directory.CreateDirectory(part);
                var folder = FolderOf(Write(part, text, documents));
                Move(part, folder);
                return folder;
            }
            catch
            {
                SharedFile.Delete(part);
                throw;
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(
                $"The token store cannot be written into {Path.GetFullPath(root)}: "
                + $"{e.Message} Choose another StoreFolder.", e);
        }
    }

    // Another process may have been first; its store has the same content.
    private static void Move(string part, string folder)
    {
        try
        {
            AtomicFile.MoveFolder(part, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            SharedFile.Delete(part);
        }
    }

    /// <summary>Deletes what processes that were killed had begun to write. A folder that holds anything else
    /// than a store's files is somebody's own.</summary>
    private void Sweep()
    {
        var locks = Directory.EnumerateFiles(root, ".*.part.lock").Select(path => path[..^".lock".Length]);
        foreach (var part in Directory.EnumerateDirectories(root, ".*.part").Union(locks).Where(IsOurs).ToList())
        {
            try
            {
                using var abandoned = Lock(part, FileMode.OpenOrCreate);
                if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its owner lives, or another process sweeps.
            }
        }
    }

    private static FileStream Lock(string part, FileMode mode) =>
        new(part + ".lock", mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    private static bool IsOurs(string part) => !Directory.Exists(part) || new DirectoryInfo(part).LinkTarget is null
        && Directory.EnumerateFileSystemEntries(part).All(entry => Path.GetFileName(entry) is var name
            && (name.StartsWith('.') || name == TokenStore.ManifestFile || Path.GetExtension(name) == ".tokens") && File.Exists(entry));

    private string Write(string part, string? expected, IEnumerable<ReadOnlyMemory<char>> documents)
    {
        using var seen = new TextKey();
        using var train = new SplitFile(TokenStore.PathOf(part, ContextPacker.Train), root);
        using var validation = new SplitFile(TokenStore.PathOf(part, ContextPacker.Validation), root);
        foreach (var (tokens, split) in new ContextPacker(tokenizer, options, stopping).Pack(seen.Passing(documents)))
            (split == ContextPacker.Train ? train : validation).Add(tokens);
        if (expected is not null && seen.Value != expected)
            throw new InvalidOperationException(
                "The text changed while it was tokenized: a second reading gave other documents. "
                + "Run again when nobody writes to it.");
        var splits = new Dictionary<string, TokenSplit>
        {
            [ContextPacker.Train] = train.Finish(), [ContextPacker.Validation] = validation.Finish(),
        };
        var manifest = new TokenStoreManifest(
            TokenStore.Version, tokenizer.Fingerprint, seen.Value,
            tokenizer.VocabularySize, options.ContextLength, splits);
        AtomicFile.Write(
            Path.Combine(part, TokenStore.ManifestFile),
            stream => JsonSerializer.Serialize(stream, manifest, TokensJson.Default.Kept<TokenStoreManifest>()));
        return seen.Value;
    }

    /// <summary>The identity of a sequence of documents: the SHA-256 of lengths and UTF-16 text.</summary>
    private sealed class TextKey : IDisposable
    {
        private readonly ContentHasher hash = new();

        public string Value => hash.Value;

        public void Add(ReadOnlySpan<char> document)
        {
            var length = document.Length;
            hash.Add(new ReadOnlySpan<int>(in length));
            hash.Add(document);
        }

        public IEnumerable<ReadOnlyMemory<char>> Passing(IEnumerable<ReadOnlyMemory<char>> documents)
        {
            foreach (var document in documents)
            {
                Add(document.Span);
                yield return document;
            }
        }

        public void Dispose() => hash.Dispose();
    }

    /// <summary>One split's file of tokens, hashed as it grows.</summary>
    private sealed class SplitFile(string path, string root) : IDisposable
    {
        private readonly ContentHasher hash = new();
        private readonly FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        private readonly int[] buffer = new int[1 << 18];
        private int waiting;
        private long contexts;

        public void Add(int[] tokens)
        {
            contexts++;
            for (var rest = tokens.AsSpan(); rest.Length > 0;)
            {
                var taken = Math.Min(rest.Length, buffer.Length - waiting);
                rest[..taken].CopyTo(buffer.AsSpan(waiting));
                rest = rest[taken..];
                waiting += taken;
                if (waiting == buffer.Length) Flush();
            }
        }

        public TokenSplit Finish()
        {
            Flush();
            stream.Flush(flushToDisk: true);
            return new(contexts, hash.Value);
        }

        public void Dispose()
        {
            stream.Dispose();
            hash.Dispose();
        }

        private void Flush()
        {
            var bytes = MemoryMarshal.AsBytes(buffer.AsSpan(0, waiting));
            hash.Add(bytes);
            try
            {
                stream.Write(bytes);
            }
            // A limit on the size of files comes as an argument out of range.
            catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
            {
                throw new IOException(
                    $"The token store cannot be written into {Path.GetFullPath(root)}: {e.Message} "
                    + "Nothing of it is kept. Free space on the disk, or choose another StoreFolder.", e);
            }
            waiting = 0;
        }
    }
}
