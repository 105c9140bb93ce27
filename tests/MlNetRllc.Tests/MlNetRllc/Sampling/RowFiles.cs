using MlNetRllc.Sampling;

namespace MlNetRllc.Tests.Sampling;

/// <summary>The files of a store of rows.</summary>
internal static class RowFiles
{
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.GetFiles(folder, "*.rows", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Rows in all files, those of earlier versions too.</summary>
    public static int Count(string folder) =>
        In(folder).Sum(f => RowFile.RowsIn(f).Count) + Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Length;

    /// <summary>Turns a store into one of an earlier version, with a file for each row.</summary>
    public static void SplitAsOnceKept(string folder)
    {
        foreach (var file in In(folder))
        {
            foreach (var row in RowFile.Open(file).Without(new HashSet<string>()))
            {
                Directory.CreateDirectory(Path.Combine(folder, row.Key[..2]));
                File.WriteAllBytes(Path.Combine(folder, row.Key[..2], $"{row.Key}.json"), row.Json);
            }
            File.Delete(file);
        }
    }
}
