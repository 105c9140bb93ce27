namespace MlNetRllc.Core.Files;

/// <summary>Puts files aside whose content is not what was written: nothing of them is used, and
/// nothing of them is lost.</summary>
public static class DamagedFile
{
    /// <summary>What such a file's name ends in; a number follows where there are several.</summary>
    public const string Ending = ".damaged";

    private const string Why = "MlNetRllc.Why";

    private const string Says = " is damaged: ", Again = ", and made again.";

    /// <summary>Renames a file, or a folder that is worth nothing without it, in its place.</summary>
    /// <returns>Its path now; null where it is gone already, or cannot be renamed and stays where
    /// it is.</returns>
    public static string? PutAside(string path)
    {
        for (var n = 1; ; n++)
        {
            var aside = path + Ending + (n == 1 ? "" : $"{n}");
            if (Path.Exists(aside)) continue;
            try
            {
                FileMover.Here.MoveFolder(path, aside);
                return aside;
            }
            catch (IOException) when (Path.Exists(aside) && Path.Exists(path))
            {
                // Another process put one aside under this name meanwhile.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Puts a file aside that could not be read, and tells of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="found">What reading it threw.</param>
    /// <param name="warn">Told the sentence.</param>
    public static void Refuse(string path, Exception found, Action<string>? warn) => Refuse(path, WhyOf(found), warn);

    /// <summary>That a file is not what was written, in a sentence for who cannot make it again.</summary>
    /// <param name="why">What is wrong with it, for who can.</param>
    /// <param name="message">The sentence.</param>
    public static InvalidDataException ExceptionFor(string why, string message) => new(message) { Data = { [Why] = why } };

    /// <summary>What is wrong with a file that could not be read.</summary>
    /// <param name="found">What reading it threw.</param>
    public static string WhyOf(Exception found) => found?.Data[Why] as string ?? found?.Message ?? "";

    /// <summary>Puts a file aside and tells of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="why">What is wrong with it; a full stop at its end is left out.</param>
    /// <param name="warn">Told the sentence.</param>
    public static void Refuse(string path, string why, Action<string>? warn)
    {
        ArgumentNullException.ThrowIfNull(why);
        var aside = PutAside(path);
        warn?.Invoke(Sentence(path, why.TrimEnd('.'), aside));
    }

    /// <summary>Whether a message is such a sentence.</summary>
    public static bool IsSentence(string message) => message?.Contains(Says, StringComparison.Ordinal) == true
        && message.EndsWith(Again, StringComparison.Ordinal);

    /// <summary>A sentence on a file that was put aside, or could not be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="why">What is wrong with it, without a full stop.</param>
    /// <param name="aside">Where it is now, such as <see cref="PutAside"/> gave; null where it
    /// could not be moved.</param>
    public static string Sentence(string path, string why, string? aside)
    {
        var name = Path.IsPathRooted(aside) ? Path.GetFileName(aside) : aside;
        return $"{Path.GetFullPath(path)}{Says}{why}. "
            + (aside is null ? $"It is not used{Again}" : $"It was put aside as {name}{Again}");
    }
}
