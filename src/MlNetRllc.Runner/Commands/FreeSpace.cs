namespace MlNetRllc.Runner.Commands;

/// <summary>How much room there is where something will be written.</summary>
internal static class FreeSpace
{
    /// <summary>Bytes that are free for this user; null where the system does not tell: on Windows a drive has a letter, and
    /// <c>\\server\share</c> and <c>\\wsl$\Debian</c> have none.</summary>
    /// <param name="folder">A folder that is there.</param>
    /// <param name="read">Asks the system; <see cref="DriveInfo"/> when null.</param>
    public static long? In(string folder, Func<string, long>? read = null)
    {
        try { return (read ?? OfDrive)(Path.GetFullPath(folder)); }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    private static long OfDrive(string folder) => new DriveInfo(folder).AvailableFreeSpace;
}
