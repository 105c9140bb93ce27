using MlNetRllc.Core.Contexts;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Steps;

/// <summary>Contexts of probe sets are drawn so that nothing is sampled on that is observed.</summary>
public sealed class ProbeDrawTests
{
    private const int Length = 4;

    [Fact]
    public void LongText_GivesContextsBehindTheSampledOnes()
    {
        var (all, draw) = (Text(40), DrawOf(Text(40), most: 10));
        var drawn = Numbers(draw.Draw("a", Ask(12), all));
        Assert.Equal(12, drawn.Distinct().Count());
        Assert.All(drawn, number => Assert.InRange(number, 10, 39));
    }

    [Fact]
    public void ShortText_GivesOfTheSampledOnesWhatLacks()
    {
        var (all, draw) = (Text(40), DrawOf(Text(40), most: 35));
        var drawn = Numbers(draw.Draw("a", Ask(12), all));
        Assert.Equal(5, drawn.Count(number => number >= 35));
        Assert.Equal(7, Enumerable.Range(0, 35).Count(i => draw.Taken.Contains(ProbeDraw.TextOf(all[i]))));
    }

    [Fact]
    public void TwoSets_ShareNoContext()
    {
        var (all, draw) = (Text(40), DrawOf(Text(40), most: 0));
        Assert.Empty(Numbers(draw.Draw("a", Ask(20), all)).Intersect(Numbers(draw.Draw("b", Ask(20), all))));
    }

    [Fact]
    public void SharedOnes_AreDrawnWhereTheyAreAskedFor_AndTakeNothingOut()
    {
        var (all, draw) = (Text(40), new ProbeDraw(TextsOf(Text(40), 40), most: 0, allowShared: true));
        Assert.Equal(30, Numbers(draw.Draw("a", Ask(30), all)).Distinct().Count());
        Assert.NotEmpty(Numbers(draw.Draw("b", Ask(30), all)));
        Assert.Empty(draw.Taken);
    }

    [Fact]
    public void Draw_FollowsFromNameAndSeed()
    {
        var all = Text(40);
        List<int> Drawn(string name, int seed) => Numbers(DrawOf(all, most: 10).Draw(name, Ask(12) with { Seed = seed }, all));
        Assert.Equal(Drawn("a", 1), Drawn("a", 1));
        Assert.NotEqual(Drawn("a", 1), Drawn("a", 2));
        Assert.NotEqual(Drawn("a", 1), Drawn("b", 1));
    }

    [Fact]
    public void ContextsOfOneText_CountOnce()
    {
        // The same five contexts over and over; the first of them is sampled on.
        var all = new ContextSet("docs", Enumerable.Range(0, 40 * Length).Select(i => i / Length % 5).ToArray(), Length);
        var draw = new ProbeDraw(TextsOf(all, 1), most: 1, allowShared: false);
        Assert.Equal([1, 2, 3, 4], Numbers(draw.Draw("a", Ask(4), all)).Order());
    }

    [Fact]
    public void FewerContextsThanAsked_AreRefusedWithTheNumbers()
    {
        var (all, draw) = (Text(40), DrawOf(Text(40), most: 10));
        draw.Draw("a", Ask(30), all);
        var error = Assert.Throws<InvalidDataException>(() => draw.Draw("b", Ask(11), all));
        Assert.StartsWith(
            "the probe set 'b' asks for 11 contexts of 'docs', which has 10 that differ and are in no other set",
            error.Message, StringComparison.Ordinal);
    }

    private static ProbeOptions Ask(int contexts) => new() { Of = "docs", Contexts = contexts };

    // Every token of a context is its number.
    private static ContextSet Text(int contexts) =>
        new("docs", Enumerable.Range(0, contexts * Length).Select(i => i / Length).ToArray(), Length);

    private static ProbeDraw DrawOf(ContextSet all, int most) => new(TextsOf(all, most == 0 ? all.Count : most), most, allowShared: false);

    private static HashSet<string> TextsOf(ContextSet all, int first) =>
        [.. Enumerable.Range(0, first).Select(i => ProbeDraw.TextOf(all[i]))];

    private static List<int> Numbers(ContextSet drawn) => [.. Enumerable.Range(0, drawn.Count).Select(i => drawn[i][0])];
}
