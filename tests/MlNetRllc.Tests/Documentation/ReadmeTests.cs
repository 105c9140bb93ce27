using System.Text.Json;
using System.Text.RegularExpressions;
using MlNetRllc.Tests.Packages;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Documentation;

/// <summary>What the READMEs and docstrings show is true: their C# compiles and runs, the READMEs' tree is the tree there is, their
/// links lead somewhere.</summary>
[Collection(SdkBuilds.Name)]
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string[] Pages =
    [
        "README.md", "src/MlNetRllc/README.md", "src/MlNetRllc/for-theorists.md", "src/MlNetRllc/when-two-numbers-disagree.md",
        "src/MlNetRllc.Core/README.md",
    ];
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-readme-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Every C# block of every page and docstring is a scope of one program; sizes are made small, and texts short, so that it takes
    // seconds.
    [Fact]
    public async Task EveryExample_CompilesAndRuns()
    {
        var examples = Pages.SelectMany(page => Fence().Matches(Read(page))).Where(m => m.Groups["language"].Value == "csharp");
        var ofDocstrings = RowTypes.Assemblies.SelectMany(assembly => new Docstrings(assembly).Examples).ToList();
        var blocks = examples.Select(m => Reduced(m.Groups["body"].Value)).Concat(ofDocstrings).ToList();
        var usings = blocks.SelectMany(b => Using().Matches(b).Select(m => m.Value));
        Assert.True(ofDocstrings.Count >= 3 && blocks.Count >= 6);
        File.WriteAllLines(Path.Combine(folder, "examples.cs"),
        [
            $"#:project {Path.Combine(Repository.Root, "src", "MlNetRllc", "MlNetRllc.csproj")}",
            "#:property PublishAot=false",
            "#:property ImplicitUsings=enable",
            .. usings.Append("using Microsoft.ML;").Append("using MlNetRllc;").Distinct(),
            $"Directory.SetCurrentDirectory({JsonSerializer.Serialize(folder)});",
            .. blocks.Select(b => $"{{\n{Types().Replace(Using().Replace(b, ""), "")}\n}}"),
            "Console.WriteLine(\"all ran\");",
            .. blocks.Select(b => Types().Match(b).Value),
        ]);
        Assert.EndsWith("all ran\n", await DotnetCommand.RunIn(folder, "dotnet", "run", "examples.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tree_NamesEveryFolderOfTheSource_AndNoOther()
    {
        var fences = Fence().Matches(Read(Path.Combine("src", "README.md"))).Select(m => m.Groups["body"].Value);
        var tree = fences.Single(b => b.StartsWith("src/", StringComparison.Ordinal));
        var (named, path) = (new List<string>(), new List<string>());
        foreach (var line in tree.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (depth, name) = ((line.Length - line.TrimStart().Length) / 2, line.Trim().Split(' ')[0].TrimEnd('/'));
            path.RemoveRange(depth, path.Count - depth);
            path.Add(name);
            named.Add(string.Join('/', path));
            Assert.True(line.Trim().Length > name.Length + 1 || depth == 0, $"The tree says nothing of {named[^1]}.");
        }
        var source = Path.Combine(Repository.Root, "src");
        var there = Directory.GetDirectories(source, "*", SearchOption.AllDirectories)
            .Select(d => Path.GetRelativePath(Repository.Root, d).Replace('\\', '/'))
            .Where(d => !d.Contains("/bin", StringComparison.Ordinal) && !d.Contains("/obj", StringComparison.Ordinal))
            .Where(d => Directory.EnumerateFiles(Path.Combine(Repository.Root, d)).Any());
        var ofSource = named.Where(n => n.StartsWith("src", StringComparison.Ordinal));
        Assert.Equal(there.Append("src").Order(StringComparer.Ordinal), ofSource.Order(StringComparer.Ordinal));
        Assert.All(named, n => Assert.True(Directory.Exists(Path.Combine(Repository.Root, n)), $"The tree names {n}, which is not there."));
    }

    [Fact]
    public void FirstPage_IsShort()
    {
        var lines = Read("README.md").TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 20, 110);
        Assert.All(lines, line => Assert.True(line.Length <= 120, $"{line.Length} columns: {line}"));
    }

    [Fact]
    public void FirstPage_TellsTheCommandsOfTheOneCheck()
    {
        var commands = Fence().Match(Read("README.md")).Groups["body"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Contains(command, Read(".ci/run"), StringComparison.Ordinal));
    }

    [Fact]
    public void Links_LeadSomewhere()
    {
        var pages = EveryPage().ToList();
        Assert.InRange(pages.Count, 12, 200);
        Assert.All(pages, page => Assert.All(Targets(page), to =>
        {
            var target = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, to.Split('#')[0]));
            Assert.True(Path.Exists(target), $"{page} links to {to}, which is not there.");
        }));
    }

    private static IEnumerable<string> EveryPage() =>
        Directory.EnumerateFiles(Repository.Root, "*.md", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(page => !page.Split('/').Intersect(["artifacts", "runs", ".git", "bin", "obj", "node_modules"]).Any());

    private static IEnumerable<string> Targets(string page) => Link().Matches(Read(page)).Select(m => m.Groups["to"].Value)
        .Where(to => !to.Contains("://", StringComparison.Ordinal) && !to.StartsWith('#'));

    private static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");

    private static string Reduced(string block)
    {
        (string Long, string Short)[] sizes =
        [
            (@"vocabularySize: \d+", "vocabularySize: 300"), (@"contextLength: \d+", "contextLength: 16"), (@"\bSteps = \d+", "Steps = 4"),
            (@"ModelWidth = \d+", "ModelWidth = 16"), (@"HeadWidth = \d+", "HeadWidth = 8"),
            (@"Draws = \d+", "Draws = 4"), (@"\bChains = \d+", "Chains = 2"),
            (@"ml\.Rllc\.LoadText\(""([a-z-]+)""\)\.View", "ml.Data.TakeRows(ml.Rllc.LoadText(\"$1\").View, 200)"),
        ];
        return sizes.Aggregate(block, (text, size) => Regex.Replace(text, size.Long, size.Short));
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^using [^(]*?;$", RegexOptions.Multiline)]
    private static partial Regex Using();

    // Types come last in a block, as in a program.
    [GeneratedRegex(@"^internal sealed class .*\z", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Types();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();
}
