using System.Text;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Tests.Core.Files;

/// <summary>One hash of content, however it comes.</summary>
public sealed class ContentHashTests
{
    // FIPS 180-2, appendix B.1.
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Text_HasThePublishedHash() => Assert.Equal(OfAbc, ContentHash.OfText("abc"));

    [Fact]
    public void SameContent_HasTheSameHash_HoweverItComes()
    {
        var bytes = Encoding.UTF8.GetBytes("abc");
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        using var pieces = new ContentHasher();
        pieces.AddText("a");
        pieces.Add<byte>(bytes.AsSpan(1));
        Span<byte> written = stackalloc byte[ContentHash.Size];
        ContentHash.Write(bytes, written);
        Assert.Equal([OfAbc, OfAbc, OfAbc, OfAbc, OfAbc],
            [
                ContentHash.OfBytes(bytes),
                ContentHash.OfStream(new MemoryStream(bytes)),
                ContentHash.OfFile(path),
                pieces.Value,
                Convert.ToHexStringLower(written),
            ]);
        File.Delete(path);
    }

    [Fact]
    public void Values_AreHashedAsTheyLieInMemory()
    {
        using var pieces = new ContentHasher();
        pieces.Add<int>([0x64636261]);
        Assert.Equal(ContentHash.OfText("abcd"), pieces.Value);
    }
}
