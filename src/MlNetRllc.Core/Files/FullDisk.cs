using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Files;

/// <summary>Tells that no room is left from other faults of files, by each system's codes.</summary>
internal static class FullDisk
{
    // Errors of Windows (winerror.h) come as 0x8007nnnn, those of Unix (errno.h) as they are.
    private const int OfWindows = unchecked((int)0x80070000);

    // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED, ERROR_NOT_ENOUGH_QUOTA (of shares).
    private static readonly int[] Windows = [OfWindows | 39, OfWindows | 112, OfWindows | 1295, OfWindows | 1816];

    // ENOSPC, EDQUOT.
    private static readonly int[] Linux = [28, 122], MacOs = [28, 69];

    /// <summary>Whether a disk is full, or a quota on it reached.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="system">Whose codes it has; this system's when null.</param>
    public static bool Is(Exception e, OSPlatform? system = null) =>
        e is IOException && CodesOf(system ?? HostPlatform.This).Contains(e.HResult);

    /// <summary>What was thrown for want of room, by this system's codes, below whatever was wrapped around
    /// it; null where it was for anything else.</summary>
    public static Exception? CauseOf(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException) if (Is(cause)) return cause;
        return null;
    }

    private static int[] CodesOf(OSPlatform system) =>
        system == OSPlatform.Windows ? Windows : system == OSPlatform.OSX ? MacOs : Linux;
}
