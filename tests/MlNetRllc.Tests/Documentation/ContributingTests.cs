using System.Text.RegularExpressions;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Documentation;

public sealed partial class ContributingTests
{
    [Fact]
    public void FilesAndFolders_ThatTheChecklistsName_AreThere()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, ".github", "CONTRIBUTING.md"));
        var named = Place().Matches(page).Select(m => m.Groups["path"].Value).Distinct().ToList();
        Assert.InRange(named.Count, 25, 100);
        Assert.All(named, path =>
            Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"CONTRIBUTING.md names {path}, which is not there."));
    }

    [Fact]
    public void Workflow_RunsTheOneCheck()
    {
        var workflow = File.ReadAllText(Path.Combine(Repository.Root, ".github", "workflows", "ci.yml"));
        Assert.Matches(@"- run: .*\.ci/run\s", workflow);
        Assert.True(File.Exists(Path.Combine(Repository.Root, ".ci", "run")));
    }

    [GeneratedRegex("`(?<path>(src|tests|pipelines)/[A-Za-z0-9_./]+)`")]
    private static partial Regex Place();
}
