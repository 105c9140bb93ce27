namespace MlNetRllc.Core.Files;

/// <summary>Puts files aside whose content is not what was written: nothing of them is used, and nothing of them is lost.</summary>
public static class DamagedFile
{
    /// <summary>What such a file's name ends in; a number follows where there are several.</summary>
    public const string Ending = ".damaged";

    /// <summary>Renames a file in its folder.</summary>
    /// <returns>Its path now; null where it is gone already, or cannot be renamed and stays where it is.</returns>
    public static string? PutAside(string path)
    {
        for (var n = 1; ; n++)
        {
            var aside = path + Ending + (n == 1 ? "" : $"{n}");
            if (File.Exists(aside)) continue;
            try
            {
                File.Move(path, aside);
                return aside;
            }
            catch (IOException) when (File.Exists(aside) && File.Exists(path))
            {
                // Another process put one aside under this name meanwhile.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>A sentence on a file that was put aside, or could not be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="why">What is wrong with it, without a full stop.</param>
    /// <param name="aside">What <see cref="PutAside"/> gave.</param>
    public static string Sentence(string path, string why, string? aside) => $"{Path.GetFullPath(path)} is damaged: {why}. "
        + (aside is null ? "It is not used, and made again." : $"It was put aside as {Path.GetFileName(aside)}, and is made again.");
}
