using CsCheck;
using MlNetRllc.Runner.Executors.Slurm;

namespace MlNetRllc.Tests.Runner.Executors;

public sealed class ArrayIndicesTests
{
    [Theory]
    [InlineData(new[] { 4 }, "4")]
    [InlineData(new[] { 0, 1, 2, 3, 7, 9, 10 }, "0-3,7,9,10")]
    [InlineData(new[] { 5, 3, 4, 3 }, "3-5")]
    public void Compact_WritesRanges(int[] indices, string expected) => Assert.Equal(expected, ArrayIndices.Compact(indices));

    [Theory]
    [InlineData("[0-3,7%2]", new[] { 0, 1, 2, 3, 7 })]
    [InlineData("0-8:4", new[] { 0, 4, 8 })]
    [InlineData("12", new[] { 12 })]
    [InlineData("N/A", new int[0])]
    [InlineData("3-1", new int[0])]
    [InlineData("1-2-3", new int[0])]
    [InlineData("", new int[0])]
    public void Parse_TakesWhatSlurmWrites(string text, int[] expected) => Assert.Equal(expected, ArrayIndices.Parse(text));

    [Fact]
    public void Parse_UndoesCompact() => Gen.Int[0, 60].Array[1, 40].ForAll(indices =>
        Assert.Equal(indices.Distinct().Order(), ArrayIndices.Parse(ArrayIndices.Compact(indices))));
}
