using Mono.Cecil;
using MlNetRllc.Tests.Runner;
using NetArchTest.Rules;

namespace MlNetRllc.Tests.Architecture;

/// <summary>Arrows run only one way, between projects and between the rooms of each; a namespace is its folder.</summary>
public sealed class RoomTests
{
    // The catalog is one class with a part beside each component: it is the door, wherever its parts lie.
    private const string Catalog = "RllcCatalog";

    // Declares, in a namespace of the runtime, an attribute that the runtime knows by name.
    private const string OpenAssemblies = "OpenAssemblies.cs";

    public static TheoryData<string> Projects => [.. Rooms.Projects.Select(rooms => rooms.Project)];

    [Fact]
    public void Core_KnowsNothingOfMlNet() => AssertNoDependency(typeof(MlNetRllc.Core.Sampling.SgldSampler),
        "Microsoft.ML", "Microsoft.Data.Analysis", "Parquet", "YamlDotNet", "Spectre.Console", "System.CommandLine", "MlNetRllc.Runner");

    [Fact]
    public void Library_KnowsNothingOfTheRunner() =>
        AssertNoDependency(typeof(RllcCatalog), "MlNetRllc.Runner", "Spectre.Console", "System.CommandLine");

    [Theory, MemberData(nameof(Projects))]
    public void Room_UsesOnlyRoomsThatItMay(string project)
    {
        var rooms = Rooms.Projects.Single(r => r.Project == project);
        using var compiled = new CompiledProject(rooms);
        var against = from use in compiled.Uses
                      where !Path.GetFileName(use.File).StartsWith($"{Catalog}.", StringComparison.Ordinal)
                      let user = rooms.Of(FolderOf(use.File))
                      let used = use.Taken.Name == Catalog ? Rooms.Root : rooms.Of(FolderOf(compiled.FilesOf(use.Taken)[0]))
                      where user is null || used is null || !rooms.Allows(user, used)
                      let place = used switch { null => "a room that the table does not name", Rooms.Root => "the door", _ => used }
                      select $"{project}/{use.File} uses {use.Taken.Name} of {place}";
        AssertNone(against, "These arrows are not in the table of src/README.md; "
            + "a room that needs a higher one is handed an interface or a delegate");
    }

    [Fact]
    public void Table_NamesOnlyRoomsThatStandBefore() => Assert.All(Rooms.Projects, rooms =>
    {
        var before = new List<string>();
        foreach (var room in rooms.All)
        {
            Assert.All(room.MayUse.Where(used => used != Rooms.Root), used => Assert.Contains(used, before));
            before.Add(room.Name);
        }
    });

    // What only the body of a method names, what only a signature does, and an enumeration, which has no code.
    [Theory]
    [InlineData("Sampling/SgldSampler.cs", "LockStepEngine")]
    [InlineData("Engines/ILossEngine.cs", "Walker`1")]
    [InlineData("Heads/HeadExamples.cs", "Ablation")]
    public void Uses_AreSeen(string file, string taken)
    {
        using var core = new CompiledProject(Rooms.Core);
        Assert.Contains(core.Uses, use => use.File == file && use.Taken.Name == taken);
    }

    [Theory, MemberData(nameof(Projects))]
    public void Namespace_IsTheFolder(string project)
    {
        using var compiled = new CompiledProject(Rooms.Projects.Single(r => r.Project == project));
        var elsewhere = from type in compiled.Types
                        where type.DeclaringType is null && type.Name != Catalog
                        from file in compiled.FilesOf(type)
                        where Path.GetFileName(file) != OpenAssemblies
                        let expected = string.Join('.', ((string[])[project, .. FolderOf(file).Split('/')]).Where(part => part.Length > 0))
                        where type.Namespace != expected
                        select $"{project}/{file}: {type.Name} is in {type.Namespace}";
        AssertNone(elsewhere, "A namespace is its folder");
    }

    [Fact]
    public void TypeName_OccursOnce()
    {
        var names = from type in AllTypes()
                    group type by type.Type.Name.Split('`')[0] into same
                    where same.Count() > 1
                    select $"{same.Key}: {string.Join(", ", same.Select(s => s.Place).Order(StringComparer.Ordinal))}";
        AssertNone(names, "A name stands for one type, nested ones included");
    }

    [Fact]
    public void Factory_SaysWhatItMakes()
    {
        var nameless = from type in AllTypes()
                       from method in type.Type.Methods
                       where method is { IsStatic: true, Name: "Of" }
                       select $"{type.Place}: {type.Type.Name}.Of";
        AssertNone(nameless, "A factory's name is what it makes");
    }

    [Fact]
    public void TopLevel_HoldsWhatWasAgreed()
    {
        string[] folders = ["src", "tests", "pipelines", "datasets"];
        if (!Directory.Exists(Path.Combine(Repository.Root, ".git"))) return; // a source archive may be unpacked anywhere
        var tracked = Directory.GetDirectories(Repository.Root).Select(Path.GetFileName)
            .Where(n => n![0] != '.' && n is not ("artifacts" or "runs" or "TestResults"));
        Assert.Equal(folders.Order(), tracked.Order());
    }

    [Fact]
    public void NuGetConfig_NamesNoHost() =>
        Assert.DoesNotContain("://", File.ReadAllText(Path.Combine(Repository.Root, "nuget.config")));

    private static List<(string Place, TypeDefinition Type)> AllTypes() => [.. Rooms.Projects.SelectMany(rooms =>
    {
        var compiled = new CompiledProject(rooms);
        return compiled.Types.Select(type => ($"{rooms.Project}/{compiled.FilesOf(type)[0]}", type));
    })];

    private static string FolderOf(string file) => file.LastIndexOf('/') is > 0 and var end ? file[..end] : Rooms.Root;

    private static void AssertNone(IEnumerable<string> found, string rule)
    {
        var wrong = found.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(wrong.Count == 0, $"{rule}:\n{string.Join('\n', wrong)}");
    }

    private static void AssertNoDependency(Type inRoom, params string[] forbidden)
    {
        var result = Types.InAssembly(inRoom.Assembly).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, $"These use what lies above them: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }
}
