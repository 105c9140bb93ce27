namespace MlNetRllc.Core.Files;

/// <summary>Tries again what fails for another program has a file open: an editor, a spreadsheet, an indexer,
/// a reader of tables. Most of them let go within moments.</summary>
/// <param name="isWindows">Whether being denied may be such a moment: elsewhere it is a right that is
/// missing, and stays so.</param>
/// <param name="wait">Waits; <see cref="Thread.Sleep(TimeSpan)"/> when null.</param>
internal sealed class HeldFiles(bool isWindows, Action<TimeSpan>? wait = null)
{
    // Of Windows (winerror.h), as .NET reports them.
    private const int AccessDenied = unchecked((int)0x80070005), SharingViolation = unchecked((int)0x80070020),
        LockViolation = unchecked((int)0x80070021), FolderNotEmpty = unchecked((int)0x80070091),
        MappedByUser = unchecked((int)0x800704c8);

    // EBUSY and ETXTBSY of Linux and macOS: a file on a share of Windows, a program that runs.
    private const int Busy = 16, ProgramRuns = 26;

    // EWOULDBLOCK, of a lock.
    private const int WouldBlockOnLinux = 11, WouldBlockOnMacOs = 35;

    /// <summary>Milliseconds between tries, two seconds in all.</summary>
    private static readonly int[] Pauses = [10, 20, 40, 80, 150, 200, 250, 250, 250, 250, 250, 250];

    /// <summary>Those of this system.</summary>
    public static HeldFiles Here { get; } = new(OperatingSystem.IsWindows());

    /// <summary>How often something is tried.</summary>
    public static int Tries => Pauses.Length + 1;

    /// <summary>Whether another program has a file open that was to be moved, replaced or deleted.</summary>
    public bool IsHeld(Exception e) => isWindows
        ? e is IOException or UnauthorizedAccessException
            && e.HResult is AccessDenied or SharingViolation or LockViolation or FolderNotEmpty or MappedByUser
        : e is IOException && e.HResult is Busy or ProgramRuns;

    /// <summary>Whether a file could not be opened for another program has it open and shares it with nobody.</summary>
    public static bool IsLocked(Exception e) =>
        e is IOException && e.HResult is SharingViolation or LockViolation or WouldBlockOnLinux or WouldBlockOnMacOs;

    /// <summary>Does something, again and again for two seconds while a file is held.</summary>
    /// <exception cref="IOException">What the last try threw.</exception>
    public void Try(Action act)
    {
        foreach (var pause in Pauses)
        {
            try
            {
                act();
                return;
            }
            catch (Exception e) when (IsHeld(e)) { (wait ?? Thread.Sleep)(TimeSpan.FromMilliseconds(pause)); }
        }
        act();
    }
}
