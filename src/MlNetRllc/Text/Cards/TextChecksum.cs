using System.Text;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Text.Cards;

/// <summary>Counts and hashes documents as they pass.</summary>
internal sealed class TextChecksum : IDisposable
{
    private readonly ContentHasher hash = new();
    private byte[] buffer = new byte[1 << 12];

    public long Documents { get; private set; }

    public long Bytes { get; private set; }

    public void Add(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        if (buffer.Length < most) buffer = new byte[most];
        var length = Encoding.UTF8.GetBytes(text, buffer);
        buffer[length] = 0;
        hash.Add<byte>(buffer.AsSpan(0, length + 1));
        (Documents, Bytes) = (Documents + 1, Bytes + length);
    }

    public string Value => hash.Value;

    public void Dispose() => hash.Dispose();
}
