using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Text;

/// <summary>Finds the store of a text, or tokenizes the text into one; memory stays bounded by a batch of documents.</summary>
/// <remarks>A store's folder is named by the SHA-256 of text, tokenizer and options, so what changed gets another and what did not is
/// used again. It is written beside its place and renamed, so a folder of that name is always whole.</remarks>
internal sealed class TokenStoreWriter(string root, ByteLevelTokenizer tokenizer, TokenizeTextOptions options)
{
    public TokenStore OpenOrCreate(Func<IEnumerable<ReadOnlyMemory<char>>> documents)
    {
        using var before = new TextKey();
        foreach (var document in documents()) before.Add(document.Span);
        var text = before.Value;
        var folder = Path.Combine(root, KeyOf(text)[..32]);
        if (!Directory.Exists(folder)) Create(folder, text, documents());
        return TokenStore.Open(folder, tokenizer);
    }

    private string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
        $"store {TokenStore.Version}; {text}; {tokenizer.Vocabulary.Fingerprint}; {options.ContextLength}; {options.ValidationFraction:R}; {options.BosAtContextStart}"))));

    private void Create(string folder, string text, IEnumerable<ReadOnlyMemory<char>> documents)
    {
        Directory.CreateDirectory(root);
        var part = Path.Combine(root, $".{Path.GetFileName(folder)}.{Path.GetRandomFileName()}.part");
        Directory.CreateDirectory(part);
        try
        {
            Write(part, text, documents);
            try
            {
                Directory.Move(part, folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // Another process was first; its store has the same content.
                Directory.Delete(part, recursive: true);
            }
        }
        catch
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            throw;
        }
    }

    private void Write(string part, string text, IEnumerable<ReadOnlyMemory<char>> documents)
    {
        using var train = new SplitFile(TokenStore.PathOf(part, ContextPacker.Train));
        using var validation = new SplitFile(TokenStore.PathOf(part, ContextPacker.Validation));
        using var seen = new TextKey();
        foreach (var (tokens, split) in new ContextPacker(tokenizer, options).Pack(seen.Passing(documents)))
            (split == ContextPacker.Train ? train : validation).Add(tokens);
        if (seen.Value != text) throw new InvalidOperationException("The text changed while it was tokenized: a second reading gave other documents. Run again when nobody writes to it.");
        var manifest = new TokenStoreManifest(TokenStore.Version, tokenizer.Vocabulary.Fingerprint, text, tokenizer.VocabularySize, options.ContextLength,
            new Dictionary<string, TokenSplit> { [ContextPacker.Train] = train.Finish(), [ContextPacker.Validation] = validation.Finish() });
        AtomicFile.Write(Path.Combine(part, TokenStore.ManifestFile), stream => JsonSerializer.Serialize(stream, manifest, ModelFile.Json));
    }

    /// <summary>The identity of a sequence of documents: the SHA-256 of lengths and UTF-16 text.</summary>
    private sealed class TextKey : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string Value => Convert.ToHexStringLower(hash.GetCurrentHash());

        public void Add(ReadOnlySpan<char> document)
        {
            var length = document.Length;
            hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
            hash.AppendData(MemoryMarshal.AsBytes(document));
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

    private sealed class SplitFile(string path) : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        private long contexts;

        public void Add(int[] tokens)
        {
            var bytes = MemoryMarshal.AsBytes(tokens.AsSpan());
            hash.AppendData(bytes);
            stream.Write(bytes);
            contexts++;
        }

        public TokenSplit Finish()
        {
            stream.Flush(flushToDisk: true);
            return new(contexts, Convert.ToHexStringLower(hash.GetCurrentHash()));
        }

        public void Dispose()
        {
            stream.Dispose();
            hash.Dispose();
        }
    }
}
