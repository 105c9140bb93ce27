using System.Collections.Concurrent;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Planning;

/// <summary>The content of a study's input files, each looked at once for each of these objects: one is made
/// whenever keys are wanted.</summary>
/// <remarks>
/// A file below <see cref="Large"/> is hashed once a process, and again whenever its <see cref="FileStamp"/>
/// (length, times, inode, and when the inode was changed) is another than before and after it was hashed.
/// Of a larger one such a hash is kept in the user's cache as well.
/// </remarks>
/// <param name="large">From how many bytes on a kept hash may serve.</param>
/// <param name="tick">Two changes within one tick of a file system's clock leave one time,
/// so of a file changed as lately as that no hash is kept; 4 s when null, twice the coarsest in use.</param>
/// <param name="read">Gives the SHA-256 of a file by reading it; <see cref="ContentHash.OfFile"/> when null.</param>
internal sealed class InputHashes(long large = InputHashes.Large, TimeSpan? tick = null, Func<string, string>? read = null)
{
    public const long Large = 1L << 30;

    private static readonly ConcurrentDictionary<string, (FileStamp Stamp, string Sha256)> InThisProcess = new(StringComparer.Ordinal);

    private readonly TimeSpan tick = tick ?? TimeSpan.FromSeconds(4);
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly List<string> kept = [];

    /// <summary>Files that were not read, for their kept hash served.</summary>
    public IReadOnlyList<string> Kept => kept;

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string OfFile(string path)
    {
        var full = Path.GetFullPath(path);
        if (known.TryGetValue(full, out var hash)) return hash;
        return known[full] = LengthOf(full) < large ? OfSmallFile(full) : OfLargeFile(full);
    }

    /// <summary>Bytes of a file, or of what it links to: a link's own length is that of its target's path.</summary>
    public static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;
    }

    // Once a process, while the file's stamp stands: the combinations of a matrix,
    // and the checks before and after a step, ask for the same files.
    private string OfSmallFile(string path)
    {
        var before = FileStamp.StampOf(path);
        if (before is not null && InThisProcess.TryGetValue(path, out var earlier) && earlier.Stamp == before) return earlier.Sha256;
        var (hash, stamp) = HashOf(path, before);
        if (stamp is not null) InThisProcess[path] = (stamp, hash);
        return hash;
    }

    private string OfLargeFile(string path)
    {
        var before = FileStamp.StampOf(path);
        var name = $"hashes/{ContentHash.OfText(path)[..32]}.json";
        var noted = before is null ? null : UserCache.Find<Note>(name);
        if (noted is { Stamp: not null, Sha256.Length: ContentHash.Digits } earlier && earlier.Stamp == before)
        {
            kept.Add(path);
            return earlier.Sha256;
        }
        var (hash, stamp) = HashOf(path, before);
        if (stamp is null) return hash;
        UserCache.Keep(name, new Note(path, stamp, hash));
        return hash;
    }

    /// <summary>The hash, and the stamp under which it may be kept; none where the file may have changed while it was read,
    /// or may yet change without another stamp.</summary>
    private (string Sha256, FileStamp? Stamp) HashOf(string path, FileStamp? before)
    {
        var hash = (read ?? ContentHash.OfFile)(path);
        return (hash, before is not null && HasRested(before) && FileStamp.StampOf(path) == before ? before : null);
    }

    private bool HasRested(FileStamp stamp) =>
        Math.Max(stamp.Changed, stamp.Written) <= (DateTime.UtcNow - tick - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private sealed record Note(string Path, FileStamp Stamp, string Sha256);
}
