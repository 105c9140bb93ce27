namespace MlNetRllc.Tests.Architecture;

/// <summary>Lines of C# that say something: no blank lines, no comments, no lines of nothing but braces and brackets.</summary>
internal static class CodeLines
{
    private const string Brackets = "{}[]();,";

    /// <summary>Columns that each line of code takes without its indentation, in order.</summary>
    public static IEnumerable<int> LengthsOf(IEnumerable<string> lines) =>
        lines.Select(line => line.Trim()).Where(IsCode).Select(line => line.Length);

    /// <summary>The same, of every file of a folder and those below it, generated ones left out.</summary>
    public static IEnumerable<int> LengthsBelow(DirectoryInfo folder) => folder.EnumerateFiles("*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder.FullName, file.FullName).Split(Path.DirectorySeparatorChar).Any(IsGenerated))
        .SelectMany(file => LengthsOf(File.ReadLines(file.FullName)));

    private static bool IsCode(string line) =>
        !line.StartsWith("//", StringComparison.Ordinal) && line.Any(c => !Brackets.Contains(c, StringComparison.Ordinal));

    private static bool IsGenerated(string folder) => folder is "obj" or "bin";
}
