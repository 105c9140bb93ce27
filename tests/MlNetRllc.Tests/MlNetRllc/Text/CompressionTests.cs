using System.IO.Compression;
using System.Text;
using MlNetRllc.Text;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

/// <summary>Compressed files of several parts, and what is refused of them. What is given as bytes is from xz 5.4 and zstd 1.5.</summary>
public sealed class CompressionTests
{
    // "one\n" with CRC-64, "two\n" with SHA-256, "three\n" without a check, no text, and "one\n", "two\n" as two blocks with CRC-32.
    private const string One = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQADb25lCgD1XLtWH8b9hgABHARvLJzBH7bzfQEAAAAABFla";
    private const string Two =
        "/Td6WFoAAArh+wyhAgAhARYAAAB0L+WjAQADdHdvCgAn3Y7USoP/lNVX+f0EEu1ajLymnqBJItiMARhKBzAKWgABNATFgsGcGJtLmgEAAAAAClla";
    private const string Three = "/Td6WFoAAAD/EtlBAgAhARYAAAB0L+WjAQAFdGhyZWUKAAAAAAEWBsmlfdUGcp56AQAAAAAAWVo=";
    private const string Nothing = "/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo=";
    private const string Blocks =
        "/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQADb25lCgCfqBf4AgAhARYAAAB0L+WjAQADdHdvCgB0CBeWAAIYBBgEAADaPxx6PjANiwIAAAAAAVla";

    private const string Delta = "/Td6WFoAAATm1rRGAgEDAQMhAQztdhMBAQADb25lCgD1XLtWH8b9hgABHARvLJzBH7bzfQEAAAAABFla";
    private const string LongWindow = "KLUv/QSoIQAAb25lCt8WaAk=";

    private static readonly byte[] Skippable = [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, .. "skip"u8];

    private static byte[] Xz(string base64) => Convert.FromBase64String(base64);

    private static byte[] Part(string ending, string text)
    {
        if (ending == ".zst") return [.. Checked(text)];
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }

    private static byte[] Checked(string text)
    {
        using var compressor = new ZstdSharp.Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    // Two parts of the kind; what is asked lies between, behind or in them.
    private static (byte[] First, byte[] Second) Parts(string ending) =>
        ending == ".xz" ? (Xz(One), Xz(Two)) : (Part(ending, "one\n"), Part(ending, "two\n"));

    private static List<string> Lines(string ending, params byte[] bytes)
    {
        var file = new SourceFile($"a.txt{ending}", () => new MemoryStream(bytes));
        return [.. DocumentReader.Read(file, TextFormat.Auto, new() { Unit = DocumentUnit.Line }).Select(d => d.Text)];
    }

    private static string Refusal(string ending, params byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => Lines(ending, bytes)).Message;

    [Theory]
    [InlineData(".gzip", ".gz")]
    [InlineData(".zstd", ".zst")]
    public void LongEndings_AreReadAsTheShortOnes(string ending, string kind) => Assert.Equal(["one"], Lines(ending, Part(kind, "one\n")));

    [Theory]
    [InlineData(".txz")]
    [InlineData(".tbz2")]
    [InlineData(".Z")]
    [InlineData(".lz")]
    [InlineData(".lzo")]
    [InlineData(".snappy")]
    [InlineData(".sz")]
    [InlineData(".bz2")]
    public void OtherCompressions_AreNamed(string ending) =>
        Assert.Contains($"files that end in {ending.ToLowerInvariant()} are not read", Refusal(ending, 0xFF));

    [Fact]
    public void CompressedTwice_IsSaid() => Assert.Contains("compressed twice", Refusal(".gz.gz", Part(".gz", "one\n")));

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    [InlineData(".xz")]
    public void PartsBehindEachOther_AreAllRead(string ending)
    {
        var (first, second) = Parts(ending);
        Assert.Equal(["one", "two", "one"], Lines(ending, [.. first, .. second, .. first]));
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    [InlineData(".xz")]
    public void SecondPartCutAnywhere_IsRefused(string ending)
    {
        var (first, second) = Parts(ending);
        for (var length = 1; length < second.Length; length++)
            Assert.StartsWith($"a.txt{ending} is broken or cut off", Refusal(ending, [.. first, .. second[..length]]));
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    [InlineData(".xz")]
    public void BytesThatAreNoPart_AreRefused(string ending)
    {
        var (first, second) = Parts(ending);
        Assert.Contains("cut off after 4 decompressed bytes", Refusal(ending, [.. first, .. "garbage"u8]), StringComparison.Ordinal);
        Assert.Contains("cut off after 4 decompressed bytes", Refusal(ending, [.. first, (byte)'g', .. second]), StringComparison.Ordinal);
        Assert.Contains("cut off after 0 decompressed bytes", Refusal(ending, [0, 0, 0, 0, .. first]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".gz", 8)]
    [InlineData(".gz", 4)]
    [InlineData(".zst", 4)]
    [InlineData(".xz", 38)]
    [InlineData(".xz", 18)]
    [InlineData(".xz", 16)]
    public void NumberThatChecksThePart_IsChecked(string ending, int fromTheEnd)
    {
        // CRC and length of gzip, checksum of zstd; check of the block, index and the index's CRC of xz.
        var (first, second) = Parts(ending);
        second[^fromTheEnd] ^= 1;
        Assert.Contains("is broken or cut off", Refusal(ending, [.. first, .. second]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    [InlineData(".xz")]
    public void EmptyFile_IsNotACompressedOne(string ending) => Assert.Contains("is empty", Refusal(ending), StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    public void ZerosAroundMembersOfGzip_ArePadding(int zeros)
    {
        var (first, second) = Parts(".gz");
        var padding = new byte[zeros];
        Assert.Equal(["one", "two"], Lines(".gz", [.. first, .. padding, .. second, .. padding]));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(512)]
    public void ZerosAroundStreamsOfXz_ArePaddingInFours(int zeros)
    {
        var padding = new byte[zeros];
        Assert.Equal(["one", "two"], Lines(".xz", [.. Xz(One), .. padding, .. Xz(Two), .. padding]));
        Assert.Contains("padding comes in fours", Refusal(".xz", [.. Xz(One), .. padding, 0, .. Xz(Two)]), StringComparison.Ordinal);
    }

    [Fact]
    public void StreamsOfXz_MayDifferInTheirChecks()
    {
        var lines = Lines(".xz", [.. Xz(One), .. Xz(Two), .. Xz(Nothing), .. Xz(Three), .. Xz(Blocks)]);
        Assert.Equal(["one", "two", "three", "one", "two"], lines);
    }

    [Fact]
    public void MissingBlockOfXz_IsRefused()
    {
        // The header has 12 bytes and each block 24; both blocks by themselves are whole.
        const string sentence = "the index of a stream is not that of its blocks";
        var whole = Xz(Blocks);
        Assert.Contains(sentence, Refusal(".xz", [.. whole[..12], .. whole[36..]]), StringComparison.Ordinal);
        Assert.Contains(sentence, Refusal(".xz", [.. whole[..36], .. whole[60..]]), StringComparison.Ordinal);
    }

    [Fact]
    public void SkippableFramesOfZstd_HoldNoText()
    {
        var (first, second) = Parts(".zst");
        Assert.Equal(["one", "two"], Lines(".zst", [.. Skippable, .. first, .. Skippable, .. second, .. Skippable]));
        Assert.Contains("is broken or cut off", Refusal(".zst", [.. first, .. Skippable[..^1]]), StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderOfGzipWithEveryField_IsRead()
    {
        // Text, CRC of the header, extra field, name and comment: the CRC's low half stands behind them.
        byte[] header = [0x1F, 0x8B, 8, 0x1F, 0, 0, 0, 0, 0, 3, 2, 0, 1, 2, .. "name\0comment\0"u8];
        var crc = new ICSharpCode.SharpZipLib.Checksum.Crc32();
        crc.Update(header);
        var body = Part(".gz", "one\n")[10..];
        Assert.Equal(["one"], Lines(".gz", [.. header, (byte)crc.Value, (byte)(crc.Value >> 8), .. body]));
        var refusal = Refusal(".gz", [.. header, (byte)~crc.Value, (byte)(crc.Value >> 8), .. body]);
        Assert.Contains("its header has another CRC", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".zst", LongWindow, "a window of more than 128 MiB")]
    [InlineData(".xz", Delta, "uses what this reader lacks")]
    public void UnsupportedFeature_IsNotCalledBroken(string ending, string base64, string sentence)
    {
        var message = Refusal(ending, Xz(base64));
        Assert.StartsWith($"a.txt{ending} ", message, StringComparison.Ordinal);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.DoesNotContain("broken", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".tar", ".tar")]
    [InlineData(".tar.gz", ".tar")]
    [InlineData(".bz2", ".bz2")]
    public void ArchivesAndOtherCompressions_AreRefusedByTheirEndings(string ending, string named) =>
        Assert.Contains($"files that end in {named} are not read", Refusal(ending, [1]), StringComparison.Ordinal);
}
