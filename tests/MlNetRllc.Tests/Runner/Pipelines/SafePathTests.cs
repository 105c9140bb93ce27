using CsCheck;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Pipelines;

/// <summary>Names that become parts of paths, and paths that stay in their folder.</summary>
public sealed class SafePathTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-paths-").FullName;

    private static readonly string[] Hard =
    [
        "", ".", "..", "a", "b", "c.d", "...", ".. ", "../x", "..\\x", "/x", "\\x", "C:", "C:\\x", "x\n", "\0",
        "link", "inner", "a/../..", "nul", "aux.csv", "x.", "x ", "a|b", "~", "é",
    ];

    private static readonly Gen<string> Segments = Gen.OneOf(
        Gen.Int[0, Hard.Length - 1].Select(i => Hard[i]), Gen.String[Gen.Char["./\\:ab\n"], 0, 6]);

    public static TheoryData<string> Unfit => [.. Bad];

    private static readonly string[] Bad =
    [
        "", ".", "..", ".hidden", "../x", "../../../x", "a/b", "a\\b", "/x", "C:x", "x\n", "x\r", "x\u2028", "\nx", "x y", "x\0",
        "x.", "-x", "nul", "NUL.txt", "con", "Com1", "lpt9.csv", "é", "a:b", "a*b", "a?b", "x\u202etxt", new('x', 101),
    ];

    /// <summary>Each place of a file that names something whose name becomes part of paths.</summary>
    private static readonly Dictionary<string, Func<string, string>> Places = new()
    {
        ["run"] = name => Study(name, "docs", "contexts", "seed"),
        ["dataset"] = name => Study("study", name, "contexts", "seed"),
        ["step"] = name => Study("study", "docs", name, "seed"),
        ["axis"] = name => Study("study", "docs", "contexts", name),
        ["part of an axis"] = name => Study("study", "docs", "contexts", $"contexts.{name}"),
        ["axis of a combination"] = name => Study("study", "docs", "contexts", "seed") + $"  include: [{{ {Quoted(name)}: 1 }}]\n",
    };

    public static TheoryData<string> Where => [.. Places.Keys];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Unfit))]
    public void NameUnfitForAFile_IsNoName(string name) => Assert.False(SafePath.IsName(name));

    [Theory]
    [InlineData("a")]
    [InlineData("_")]
    [InlineData("0")]
    [InlineData("traces.drllc-2_x")]
    [InlineData("console")]
    [InlineData("nul1")]
    [InlineData("com10")]
    public void NameOfLettersDigitsDashesAndDots_IsOne(string name) => Assert.True(SafePath.IsName(name));

    [Theory]
    [MemberData(nameof(Where))]
    public void UnfitNameInAFile_IsRefusedWithItsPlace(string place)
    {
        foreach (var name in Bad.Where(b => !b.Contains('\0')))
        {
            // An axis of no name, or with a dot at its end, is one of several parts.
            var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(YamlFile.Parse("p.yaml", Places[place](name))));
            Assert.StartsWith("p.yaml:", error.Located, StringComparison.Ordinal);
            Assert.Contains(": use letters, digits", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Theory]
    [InlineData("docs: dotnet-docs", "docs: dotnet-docs, Docs: dotnet-code", "3:32: the dataset 'Docs' differs from 'docs' in case only")]
    [InlineData("held: { of: docs }", "held: { of: docs }, HELD: { of: docs }", "4:31: the probe set 'HELD' differs from 'held'")]
    [InlineData("steps:", "steps:\n  Contexts: { tokenize: { text: docs } }", "7:3: the step 'contexts' differs from 'Contexts'")]
    public void NamesThatDifferInCaseOnly_AreRefused_WithPlaceAndRemedy(string from, string to, string expected)
    {
        const string study = "version: 1\nname: x\ndatasets: { docs: dotnet-docs }\nprobes: { held: { of: docs } }\n"
            + "steps:\n  contexts: { tokenize: { text: docs } }\n";
        var text = study.Replace(from, to, StringComparison.Ordinal);
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(YamlFile.Parse("p.yaml", text)));
        Assert.StartsWith($"p.yaml:{expected}", error.Located, StringComparison.Ordinal);
        Assert.EndsWith("give it another name.", error.Message, StringComparison.Ordinal);
    }

    // Some steps write tables under names of their own with an ending.
    [Theory]
    [InlineData("h", "score: { model: m, text: docs }", "h-pairs", "estimate: { traces: t }", "h-pairs")]
    [InlineData("H-Pairs", "estimate: { traces: t }", "h", "score: { model: m, text: docs }", "h-pairs")]
    [InlineData("g", "cluster: { rllc: r }", "g-counts", "cluster: { rllc: r }", "g-counts")]
    public void StepsWithATableOfOneName_AreRefused(string first, string body, string second, string other, string table)
    {
        var study = "version: 1\nname: x\ndatasets: { docs: dotnet-docs }\nsteps:\n  c: { tokenize: { text: docs } }\n"
            + "  m: { train: { contexts: c } }\n  t: { sample: { model: m, components: [heads], datasets: [docs] } }\n"
            + $"  r: {{ estimate: {{ traces: t }} }}\n  {first}: {{ {body} }}\n  {second}: {{ {other} }}\n";
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(YamlFile.Parse("p.yaml", study)));
        Assert.Equal(
            $"p.yaml:10:3: the steps '{first}' and '{second}' would both write the table '{table}': give one of them another name.",
            error.Located);
    }

    // A step of tokens has no table; a run has one page.
    [Theory]
    [InlineData("g-counts", "tokenize: { text: docs }", null)]
    [InlineData("g-curves", "report: { rllc: r }", null)]
    [InlineData("page", "report: { rllc: r }", "the steps 'one' and 'page' would both write the run's report.html: leave one of them out.")]
    public void StepsOfOtherFiles_AreRead_ButNoTwoPages(string name, string body, string? expected)
    {
        var study = "version: 1\nname: x\ndatasets: { docs: dotnet-docs }\nsteps:\n  c: { tokenize: { text: docs } }\n"
            + "  m: { train: { contexts: c } }\n  t: { sample: { model: m, components: [heads], datasets: [docs] } }\n"
            + "  r: { estimate: { traces: t } }\n  g: { cluster: { rllc: r } }\n"
            + (expected is null ? "" : "  one: { report: { rllc: r } }\n") + $"  {name}: {{ {body} }}\n";
        var error = Record.Exception(() => StepKinds.Reader.ReadMatrix(YamlFile.Parse("p.yaml", study)));
        Assert.Equal(expected, (error as PipelineException)?.Message);
    }

    [Fact]
    public void FitNamesInAFile_AreRead()
    {
        var file = YamlFile.Parse("p.yaml", Study("study.2", "docs_1", "contexts-1", "contexts-1.vocabularySize"));
        var matrix = StepKinds.Reader.ReadMatrix(file);
        Assert.Equal("study.2", matrix.Name);
        Assert.All(matrix.Cells, cell => Assert.True(SafePath.IsName(cell.Name)));
    }

    [Fact, Trait("System", "Unix")]
    public void Path_IsBelowItsRoot_OrRefused()
    {
        Directory.CreateDirectory(Path.Combine(folder, "root", "inner"));
        Directory.CreateDirectory(Path.Combine(folder, "outside"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "root", "link"), Path.Combine("..", "outside"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "root", "inner", "b"), Path.Combine(folder, "root"));
        var (below, refused) = (0, 0);
        Segments.Array[1, 4].ForAll(parts =>
        {
            try
            {
                var path = SafePath.Within(Path.Combine(folder, "root"), parts);
                Interlocked.Increment(ref below);
                Assert.Equal(Path.Combine([folder, "root", .. parts]), path);
                Assert.Equal(path, Path.GetFullPath(path));
                Assert.NotEqual("link", parts[0]);
                Assert.All(parts, part => Assert.True(PortableName.IsFit(part)));
            }
            catch (IOException)
            {
                Interlocked.Increment(ref refused);
            }
        }, cases: 5_000);
        Assert.True(below > 100 && refused > 100, $"The parts are too mild or too wild: {below} below, {refused} refused.");
    }

    [Fact, Trait("System", "Unix")]
    public void LinkOutOfTheRoot_IsRefused_AlsoToWhatIsNotThereYet()
    {
        Directory.CreateDirectory(Path.Combine(folder, "root"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "root", "tables"), Path.Combine(folder, "not-there"));
        var error = Assert.Throws<IOException>(() => SafePath.Within(Path.Combine(folder, "root"), "tables", "rllc.csv"));
        Assert.Contains(Path.Combine(RealPath.Resolve(folder), "not-there", "rllc.csv"), error.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("System", "Unix")]
    public void LinkOutAndBackIn_IsFollowedToItsEnd()
    {
        Directory.CreateDirectory(Path.Combine(folder, "root", "real"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "back"), Path.Combine(folder, "root", "real"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "root", "tables"), Path.Combine(folder, "back"));
        SafePath.Within(Path.Combine(folder, "root"), "tables", "rllc.csv");
    }

    [Fact, Trait("System", "Unix")]
    public void RootThatIsALink_HoldsWhatLiesWhereItLeads()
    {
        Directory.CreateDirectory(Path.Combine(folder, "disk", "tables"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "root"), Path.Combine(folder, "disk"));
        Assert.Equal(Path.Combine(folder, "root", "tables"), SafePath.Within(Path.Combine(folder, "root"), "tables"));
    }

    [Fact]
    public void FolderWhoseNameBeginsAsTheRoots_IsOutside()
    {
        Directory.CreateDirectory(Path.Combine(folder, "root-2"));
        Assert.False(SafePath.Contains(Path.Combine(folder, "root"), Path.Combine(folder, "root-2")));
        Assert.True(SafePath.Contains(Path.GetPathRoot(folder)!, Path.Combine(folder, "root-2")));
    }

    [Fact, Trait("System", "Unix")]
    public void LinksInACircle_AreSaid()
    {
        Directory.CreateDirectory(Path.Combine(folder, "root"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "root", "a"), Path.Combine(folder, "root", "b"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "root", "b"), Path.Combine(folder, "root", "a"));
        var error = Assert.Throws<IOException>(() => SafePath.Within(Path.Combine(folder, "root"), "a", "x"));
        Assert.Contains("circle", error.Message, StringComparison.Ordinal);
    }

    private static string Quoted(string name) => System.Text.Json.JsonSerializer.Serialize(name);

    private static string Study(string run, string dataset, string step, string axis) => $$"""
        version: 1
        name: {{Quoted(run)}}
        datasets: { {{Quoted(dataset)}}: dotnet-docs }
        steps:
          {{Quoted(step)}}:
            tokenize: { text: {{Quoted(dataset)}}, vocabularySize: 300 }
        matrix:
          {{Quoted(axis)}}: [300, 301]

        """;
}
