using System.Text.Json;
using CsvHelper;
using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Runs;

/// <summary>Reads what a run wrote, which may have been damaged or edited since.</summary>
internal static class RunFiles
{
    /// <summary>The files of a folder in the order of their names; none where there is no folder.</summary>
    public static IEnumerable<string> In(string folder, string pattern = "*") => !Directory.Exists(folder) ? []
        : Directory.GetFiles(folder, pattern).Where(IsOfTheRun).Order(StringComparer.Ordinal);

    /// <summary>Whether a file may be one that a run wrote and keeps.</summary>
    /// <remarks>One whose name begins with a dot is not: macOS leaves a <c>._NAME</c> beside each file on disks of other systems, and
    /// a <c>.DS_Store</c> where a folder was looked at.</remarks>
    public static bool IsOfTheRun(string path) => !Path.GetFileName(path).StartsWith('.');

    /// <summary>What <paramref name="read"/> makes of a file.</summary>
    /// <exception cref="PipelineException">The file is not what a run writes; the message names it.</exception>
    public static T ReadWhole<T>(string path, Func<T> read)
    {
        try { return read(); }
        catch (Exception e) when (e is CsvHelperException or JsonException or InvalidDataException or KeyNotFoundException
            or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new PipelineException(
                "this is damaged, or no run wrote it. Run the study again: it makes what is damaged anew and keeps the rest.", path)
                .About(ErrorPage.DamagedFile);
        }
    }
}
