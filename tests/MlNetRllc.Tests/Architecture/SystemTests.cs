using System.Text.RegularExpressions;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Architecture;

/// <summary>Tests that need Unix bear the trait <c>System=Unix</c>, so that the others can be run elsewhere.</summary>
public sealed partial class SystemTests
{
    /// <summary>What only Unix has: its shell, its signals, its devices, its libraries; links, which Windows gives to few.</summary>
    [GeneratedRegex("""
        "bash"|/bin/|RunShell\(|Start\("kill"|mkfifo|CreateSymbolicLink|"/proc/|\.so\b|/dev/|unshare
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OfUnix();

    [GeneratedRegex(@"^    \[.*\b(Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex Test();

    private const string Mark = """Trait("System", "Unix")""";

    [Fact]
    public void TestThatNeedsUnix_SaysSo()
    {
        var folder = Path.Combine(Repository.Root, "tests", "MlNetRllc.Tests");
        var silent = Directory.EnumerateFiles(folder, "*Tests.cs", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(nameof(SystemTests) + ".cs", StringComparison.Ordinal))
            .Where(f => NeedsUnixUnsaid(File.ReadAllText(f)))
            .Select(f => Path.GetRelativePath(folder, f));
        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("    [Fact]\n    public void A_B() => RunShell(x);\n", true)]
    [InlineData("    [Fact, Trait(\"System\", \"Unix\")]\n    public void A_B() => RunShell(x);\n", false)]
    [InlineData("[Trait(\"System\", \"Unix\")]\npublic sealed class C\n    [Fact]\n    public void A_B() => RunShell(x);\n", false)]
    [InlineData("    [Fact]\n    public void A_B() => Run(x);\n", false)]
    public void Rule_SeesWhatIsUnsaid(string text, bool unsaid) => Assert.Equal(unsaid, NeedsUnixUnsaid(text));

    // A class that says it speaks for all its tests; else each test speaks for itself.
    private static bool NeedsUnixUnsaid(string text)
    {
        if (Regex.IsMatch(text, $"^\\[.*{Regex.Escape(Mark)}", RegexOptions.Multiline)) return false;
        var starts = Test().Matches(text).Select(m => m.Index).Append(text.Length).ToList();
        return OfUnix().IsMatch(WithoutComments(text[..starts[0]]))
            || starts.Zip(starts.Skip(1)).Select(s => text[s.First..s.Second])
                .Any(test => OfUnix().IsMatch(WithoutComments(test)) && !test.Contains(Mark, StringComparison.Ordinal));
    }

    // A name among a test's values opens nothing.
    private static string WithoutComments(string text) => Regex.Replace(text, @"^ *(//|\[InlineData).*$", "", RegexOptions.Multiline);
}
