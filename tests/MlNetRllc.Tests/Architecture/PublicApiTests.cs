using System.Reflection;
using MlNetRllc.Tests.Runner;
using PublicApiGenerator;

namespace MlNetRllc.Tests.Architecture;

/// <summary>What others may build on is changed on purpose, or not at all.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "MLNETRLLC_ACCEPT_API";

    [Theory, InlineData("MlNetRllc.Core"), InlineData("MlNetRllc")]
    public void PublicApi_IsTheApprovedOne(string assembly)
    {
        var approved = Path.Combine(Repository.Root, "tests", "MlNetRllc.Tests", "Architecture", "Approved", $"{assembly}.txt");
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var found = Assembly.Load(assembly).GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllText(approved, found);
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (expected == found) return;
        var (gone, come) = (expected.Split('\n').Except(found.Split('\n')), found.Split('\n').Except(expected.Split('\n')));
        Assert.Fail($"The public API of {assembly} is not the approved one. "
            + $"If it is meant to change, run this test with {Accept}=1 and commit {approved}.\n"
            + string.Join('\n', gone.Select(line => $"- {line.Trim()}").Concat(come.Select(line => $"+ {line.Trim()}"))));
    }
}
