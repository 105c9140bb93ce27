using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Architecture;

/// <summary>Tests that need Unix bear the trait <c>System=Unix</c>, those that need Linux <c>System=Linux</c>, so that the others can be
/// run elsewhere.</summary>
public sealed class SystemTests
{
    private const string Helper = "internal static class H\n{\n    public static void Link() => File.CreateSymbolicLink(a, b);\n\n"
        + "    public static (int, int) Twice()\n    {\n        Link();\n    }\n\n    public static void Other() => Go();\n}\n";

    [Fact]
    public void TestThatNeedsASystem_SaysSo()
    {
        var needs = new SystemNeeds(Source());
        string[] found = [.. needs.Unsaid(), .. needs.UnknownPrograms()];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("    [Fact]\n    public void A_B() => Process.Start(\"bash\", x);\n", "T.A_B: Unix")]
    [InlineData("    [Fact]\n    public void A_B() => File.ReadAllText(\"/proc/self/maps\");\n", "T.A_B: Linux")]
    [InlineData("    [Fact, Trait(\"System\", \"Unix\")]\n    public void A_B() => Read(\"/proc/self/maps\");\n", "T.A_B: Linux")]
    [InlineData("    [Fact]\n    public void A_B()\n    {\n        Own();\n    }\n\n    private void Own() => H.Twice();\n", "T.A_B: Unix")]
    [InlineData("    [Fact]\n    public void A_B() => H.Link();\n\n    [Fact]\n    public void C_D() => H.Other();\n", "T.A_B: Unix")]
    public void UnsaidNeed_IsFound(string tests, string expected) =>
        Assert.Equal([expected], new SystemNeeds([Helper, $"public sealed class T\n{{\n{tests}}}\n"]).Unsaid());

    [Theory]
    [InlineData("", "    [Fact, Trait(\"System\", \"Unix\")]\n    public void A_B() => H.Link();\n")]
    [InlineData("", "    [Fact, Trait(\"System\", \"Linux\")]\n    public void A_B() => H.Link();\n")]
    [InlineData("[Trait(\"System\", \"Unix\")]\n", "    [Fact]\n    public void A_B() => H.Link();\n")]
    [InlineData("", "    [Theory]\n    [InlineData(\"/proc/x\")]\n    public void A_B() => Go(\"Twice\");\n")]
    public void NeedThatIsSaidOrNone_IsNot(string mark, string tests) =>
        Assert.Empty(new SystemNeeds([Helper, $"{mark}public sealed class T\n{{\n{tests}}}\n"]).Unsaid());

    [Theory]
    [InlineData("Process.Start(\"truncate\", x)", "truncate")]
    [InlineData("StartProgram(\"env\", all)", "env")]
    [InlineData("Process.Start(program, all)", "H.A")]
    [InlineData("new ProcessStartInfo(\"sed\", all)", "sed")]
    [InlineData("Process.Start(\"dotnet\", x)", null)]
    public void ProgramOfWhichNobodySaidWhereItIs_IsFound(string call, string? expected)
    {
        var found = new SystemNeeds([$"internal static class H\n{{\n    public static void A() => {call};\n}}\n"]).UnknownPrograms();
        Assert.Equal(expected is null ? [] : [expected], found);
    }

    private static IEnumerable<string> Source() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "MlNetRllc.Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith("System", StringComparison.Ordinal)) // of the rule itself
            .Select(file => File.ReadAllText(file).ReplaceLineEndings("\n"));
}
