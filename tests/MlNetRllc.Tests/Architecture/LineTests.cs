using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Architecture;

/// <summary>A line says one thing and fits on a screen beside another file.</summary>
public sealed class LineTests
{
    private const int Columns = 140;

    private static readonly string[] Endings = [".cs", ".yaml", ".js", ".css"];

    [Theory, InlineData("src", 500), InlineData("tests", 200), InlineData("pipelines", 5)]
    public void EveryLine_FitsIn140Columns(string folder, int leastFiles)
    {
        var files = FilesOf(new DirectoryInfo(Path.Combine(Repository.Root, folder))).ToList();
        Assert.InRange(files.Count, leastFiles, int.MaxValue);
        var wide = files.SelectMany(WideLines).ToList();
        Assert.True(wide.Count == 0, $"Lines of more than {Columns} columns:\n{string.Join('\n', wide)}");
    }

    [Fact]
    public void LineOfOneColumnMore_IsSeen()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("mlnetrllc-lines-").FullName, "a.cs");
        File.WriteAllLines(file, [new string('a', Columns), new string('b', Columns + 1)]);
        var wide = WideLines(new FileInfo(file)).ToList();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        Assert.EndsWith("a.cs:2", Assert.Single(wide), StringComparison.Ordinal);
    }

    private static IEnumerable<string> WideLines(FileInfo file) => File.ReadLines(file.FullName)
        .Select((line, i) => (line.Length, Number: i + 1)).Where(line => line.Length > Columns)
        .Select(line => $"{Path.GetRelativePath(Repository.Root, file.FullName)}:{line.Number}");

    // What the compiler makes is not written by anyone.
    private static IEnumerable<FileInfo> FilesOf(DirectoryInfo folder)
    {
        var within = folder.EnumerateDirectories().Where(d => d.Name is not ("obj" or "bin" or "artifacts"));
        var own = folder.EnumerateFiles().Where(f => Endings.Contains(f.Extension));
        return own.Concat(within.SelectMany(FilesOf));
    }
}
