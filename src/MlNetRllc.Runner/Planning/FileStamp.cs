using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MlNetRllc.Runner.Planning;

/// <summary>What the system changes whenever a file's content changes: while all of it is the same, so is the content.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Device">The disk.</param>
/// <param name="Inode">The file on it.</param>
/// <param name="Written">Time of the last writing, nanoseconds since 1970; a restored backup or <c>touch</c> sets it at will.</param>
/// <param name="Changed">Time of the last change (ctime), nanoseconds since 1970; nobody sets it but the system.</param>
internal sealed record FileStamp(long Length, ulong Device, ulong Inode, long Written, long Changed)
{
    private const int CurrentFolder = -100, BasicMask = 0x7ff, Size = 256;

    // STATX_MTIME, STATX_CTIME, STATX_INO, STATX_SIZE.
    private const uint Needed = 0x40 | 0x80 | 0x100 | 0x200;

    /// <summary>The stamp of a file, links followed;
    /// null where the system does not tell all of it (anywhere but on Linux) or there is no file.</summary>
    public static FileStamp? StampOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        // struct statx has one layout on every processor (statx(2)).
        var found = new byte[Size];
        try
        {
            if (Statx(CurrentFolder, path, 0, BasicMask, found) != 0) return null;
            // A file system may not have all of it.
            if ((BinaryPrimitives.ReadUInt32LittleEndian(found) & Needed) != Needed) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
        long Whole(int at) => BinaryPrimitives.ReadInt64LittleEndian(found.AsSpan(at));
        uint Half(int at) => BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(at));
        long Time(int at) => Whole(at) * 1_000_000_000 + Half(at + 8);
        return new(Whole(40), (ulong)Half(136) << 32 | Half(140), (ulong)Whole(32), Time(112), Time(96));
    }

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] found);
}
