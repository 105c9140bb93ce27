using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MlNetRllc.Core.Files;

/// <summary>The <see cref="ContentHash"/> of content that comes in pieces; where it is cut changes
/// nothing.</summary>
public sealed class ContentHasher : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The hash of all that was added so far.</summary>
    public string Value => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Adds the bytes of values as they lie in memory.</summary>
    public void Add<T>(ReadOnlySpan<T> values) where T : unmanaged =>
        hash.AppendData(MemoryMarshal.AsBytes(values));

    /// <summary>Adds the UTF-8 bytes of a text.</summary>
    public void AddText(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();
}
