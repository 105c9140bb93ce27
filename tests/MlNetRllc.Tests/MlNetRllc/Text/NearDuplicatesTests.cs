using CsCheck;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;

namespace MlNetRllc.Tests.Text;

public sealed class NearDuplicatesTests
{
    private static readonly Gen<string[]> Words = Gen.String[Gen.Char['a', 'z'], 4, 8].Array[200];

    [Fact]
    public void FewChangedWords_AreANearDuplicate() => Words.ForAll(words =>
    {
        var near = new NearDuplicates();
        Assert.True(near.Add(string.Join(' ', words)));
        // One word of 200 stands in 5 of 196 runs: a similarity of 0.95.
        words[100] = "Changed";
        Assert.False(near.Add(string.Join('\n', words)));
    }, cases: 200);

    [Fact]
    public void HalfTheText_IsKept() => Gen.Select(Words, Words).ForAll((words, other) =>
    {
        var near = new NearDuplicates();
        Assert.True(near.Add(string.Join(' ', words)));
        Assert.True(near.Add(string.Join(' ', [.. words[..100], .. other[..100]])));
    }, cases: 200);
}
