using NetArchTest.Rules;

namespace MlNetRllc.Tests.Architecture;

/// <summary>Arrows run only one way: Runner -> MlNetRllc -> Core; and the top level stays as agreed.</summary>
public sealed class RoomTests
{
    [Fact]
    public void Core_KnowsNothingOfMlNet() => AssertNoDependency(typeof(MlNetRllc.Core.Sampling.SgldSampler),
        "Microsoft.ML", "Microsoft.Data.Analysis", "Parquet", "YamlDotNet", "Spectre.Console", "System.CommandLine", "MlNetRllc.Runner");

    [Fact]
    public void Library_KnowsNothingOfTheRunner() => AssertNoDependency(typeof(RllcCatalog), "MlNetRllc.Runner", "Spectre.Console", "System.CommandLine");

    [Fact]
    public void TopLevel_HoldsWhatWasAgreed()
    {
        string[] folders = ["src", "tests", "pipelines", "datasets"];
        var root = Root();
        if (!Directory.Exists(Path.Combine(root, ".git"))) return; // a source archive may be unpacked anywhere
        var tracked = Directory.GetDirectories(root).Select(Path.GetFileName).Where(n => n![0] != '.' && n is not ("artifacts" or "runs" or "TestResults"));
        Assert.Equal(folders.Order(), tracked.Order());
    }

    [Fact]
    public void NuGetConfig_NamesNoHost() => Assert.DoesNotContain("://", File.ReadAllText(Path.Combine(Root(), "nuget.config")));

    private static void AssertNoDependency(Type inRoom, params string[] forbidden)
    {
        var result = Types.InAssembly(inRoom.Assembly).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, $"These use what lies above them: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MlNetRllc.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
