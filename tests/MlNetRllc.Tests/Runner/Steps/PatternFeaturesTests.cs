using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Steps;

public sealed class PatternFeaturesTests
{
    private static readonly PatternCell[] Cells =
    [
        new("l0h0", "prose", "all", 2, 0.1), new("l0h0", "prose", "digits", 3, 0.1),
        new("l0h0", "twice", "all", 9, 0.1), new("l0h0", "twice", "secondCopy", 8, 0.1),
        new("l0h1", "prose", "all", 0.5, 0.2), new("l0h1", "prose", "digits", 3, 0.1),
        new("l0h1", "twice", "all", 9, 0.1), new("l0h1", "twice", "secondCopy", 8, 0.1),
        new("l1h0", "prose", "all", -4, 0.1), new("l1h0", "prose", "digits", 2, 0.1),
        new("l1h0", "twice", "all", 9, 0.1), new("l1h0", "twice", "secondCopy", 1, double.NaN),
    ];

    [Fact]
    public void PatternOfNaturalText_IsOverTheWholeSet_AndOneOfAQuestionOverTheNaturalText()
    {
        var features = From("prose", 3);
        Assert.Equal(["prose/digits over prose", "twice/secondCopy over prose", "prose/all"], features.Select(f => f.Name));
        Assert.Equal((1.5, 4.0), (features[0]["l0h0"], features[1]["l0h0"]));
        Assert.Equal((-0.5, -0.25), (features[0]["l1h0"], features[1]["l1h0"]));
    }

    [Fact]
    public void DenominatorTooNearTo0_IsMissing()
    {
        Assert.All(From("prose", 3).Where(f => !f.IsWhole), f => Assert.True(double.IsNaN(f["l0h1"])));
        Assert.Equal([6.0, 16.0], From("prose", 2).Where(f => !f.IsWhole).Select(f => f["l0h1"]));
    }

    [Fact]
    public void WholeSetOfNaturalText_IsAsItIs()
    {
        var whole = Assert.Single(From("prose", 3), f => f.IsWhole);
        Assert.Equal([2, 0.5, -4], new[] { "l0h0", "l0h1", "l1h0" }.Select(h => whole[h]));
        Assert.True(whole.IsNamed("all") && whole.IsNamed("prose/all") && !whole.IsNamed("twice/all"));
    }

    [Fact]
    public void HeadThatLacks_IsMissing() => Assert.True(double.IsNaN(From("prose", 3)[0]["l1h1"]));

    [Fact]
    public void WithoutNaturalText_QuestionsHaveNoFeature() =>
        Assert.Empty(new PatternFeatures(new HashSet<string>(), null, 3).From(Cells));

    [Fact]
    public void Names_ArePatternsOrPatternsOfASet()
    {
        var feature = From("prose", 3)[1];
        Assert.True(feature.IsNamed("secondCopy") && feature.IsNamed("twice/secondCopy"));
        Assert.False(feature.IsNamed("prose/secondCopy") || feature.IsNamed("digits") || feature.IsNamed("twice"));
    }

    private static IReadOnlyList<HeadFeature> From(string reference, double errors) =>
        new PatternFeatures(new HashSet<string> { "prose" }, reference, errors).From(Cells);
}
