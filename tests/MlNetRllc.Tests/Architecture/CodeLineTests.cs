using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Architecture;

/// <summary>Lines are short on the whole, not only below a limit.</summary>
public sealed class CodeLineTests
{
    private const double MostColumns = 60;

    [Theory, InlineData("MlNetRllc.Core"), InlineData("MlNetRllc"), InlineData("MlNetRllc.Runner")]
    public void MeanLineOfCode_IsBelow60Columns(string project)
    {
        var lengths = CodeLines.LengthsBelow(new(Path.Combine(Repository.Root, "src", project))).ToList();
        Assert.InRange(lengths.Count, 3000, int.MaxValue);
        var mean = lengths.Average();
        Assert.True(mean < MostColumns, $"{project}: {lengths.Count} lines of code have {mean:F2} columns on average.");
    }

    [Fact]
    public void BlankLinesCommentsAndBrackets_DoNotCount() => Assert.Equal([10, 7], CodeLines.LengthsOf(
    [
        "", "   ", "{", "    }", "    ]);", "// why", "    /// <summary>What.</summary>", "    var a = 1;", "return;",
    ]));
}
