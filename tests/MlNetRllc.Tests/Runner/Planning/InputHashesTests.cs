using System.Security.Cryptography;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Planning;

namespace MlNetRllc.Tests.Runner.Planning;

/// <summary>When a kept hash serves in the place of reading a large file; what is large is a kilobyte here.</summary>
public sealed class InputHashesTests : IDisposable
{
    private const int Large = 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.2);

    private readonly string folder = Directory.CreateTempSubdirectory("rllc-hashes-").FullName;

    private string Text => Path.Combine(folder, "large.txt");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact, Trait("System", "Linux")]
    public void LargeFileThatRested_IsNotReadAgain_AndIsTold()
    {
        Rested('a');
        var first = Hash(out var kept);
        Assert.Empty(kept);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Text))), first);
        Assert.Equal(first, Hash(out kept));
        Assert.Equal([Text], kept);
    }

    [Fact]
    public void LargeFileChangedWithItsLengthAndTimeRestored_IsReadAgain()
    {
        Rested('a');
        var (first, written) = (Hash(out _), File.GetLastWriteTimeUtc(Text));
        File.WriteAllText(Text, new string('b', Large));
        File.SetLastWriteTimeUtc(Text, written);
        Assert.NotEqual(first, Hash(out var kept));
        Assert.Empty(kept);
    }

    [Fact]
    public void LargeFileReplacedByAnotherOfTheSameLengthAndTimes_IsReadAgain()
    {
        Rested('a');
        var (first, written) = (Hash(out _), File.GetLastWriteTimeUtc(Text));
        File.WriteAllText(Text + "2", new string('b', Large));
        File.SetLastWriteTimeUtc(Text + "2", written);
        File.Move(Text + "2", Text, overwrite: true);
        Assert.NotEqual(first, Hash(out _));
    }

    [Fact]
    public void FileChangedAMomentAgo_HasNoKeptHash()
    {
        File.WriteAllText(Text, new string('a', Large));
        Hash(out _);
        Hash(out var kept);
        Assert.Empty(kept);
    }

    [Fact]
    public void SmallFile_HasNoKeptHash()
    {
        Rested('a', Large - 1);
        Hash(out _);
        Hash(out var kept);
        Assert.Empty(kept);
    }

    [Fact, Trait("System", "Linux")]
    public void SmallFileThatRested_IsReadOnceAProcess_AndAgainWhenItChanged()
    {
        Rested('a', Large - 1);
        var read = 0;
        string Hash() => new InputHashes(Large, Tick, path =>
        {
            read++;
            return ContentHash.OfFile(path);
        }).OfFile(Text);
        var first = Hash();
        Assert.Equal((first, first, 1), (Hash(), Hash(), read));
        Rested('b', Large - 1);
        Assert.NotEqual(first, Hash());
        Assert.Equal(2, read);
    }

    [Fact, Trait("System", "Linux")]
    public void Stamp_TellsWhatNobodySets()
    {
        File.WriteAllText(Text, "abc");
        File.SetLastWriteTimeUtc(Text, DateTime.UnixEpoch.AddSeconds(5));
        var stamp = FileStamp.StampOf(Text)!;
        Assert.Equal((3, 5_000_000_000), (stamp.Length, stamp.Written));
        static double Seconds(DateTime time) => (time - DateTime.UnixEpoch).TotalSeconds;
        var now = DateTime.UtcNow;
        Assert.InRange(stamp.Changed / 1e9, Seconds(now.AddMinutes(-1)), Seconds(now.AddMinutes(1)));
        Assert.NotEqual(0ul, stamp.Inode);
        Assert.Null(FileStamp.StampOf(Text + "-missing"));
    }

    private string Hash(out IReadOnlyList<string> kept)
    {
        var hashes = new InputHashes(Large, Tick);
        var hash = hashes.OfFile(Text);
        kept = hashes.Kept;
        return hash;
    }

    // Of a file changed a moment ago no hash is kept, so the test waits until it has rested.
    private void Rested(char content, int length = Large)
    {
        File.WriteAllText(Text, new string(content, length));
        Thread.Sleep(1.5 * Tick);
    }
}
