using CsCheck;
using MlNetRllc.Core.Heads;

namespace MlNetRllc.Tests.Core.Heads;

public sealed class HeadClassifierTests
{
    [Fact]
    public void HandBuiltModel_IsClassifiedAsBuilt()
    {
        var scores = new HeadScorer(InductionModel.Repeating(16)).Score(InductionModel.Config, InductionModel.Weights);
        var types = HeadClassifier.Classify(scores).Select(c => c.Type).ToArray();
        Assert.Equal([HeadType.PreviousToken, HeadType.CurrentToken, HeadType.Unclear, HeadType.Unclear,
            HeadType.Induction, HeadType.Unclear, HeadType.Unclear, HeadType.Unclear], types);
    }

    [Fact]
    public void ThePapersLowScores_AreEnoughToStandOut()
    {
        // Previous-token 0.29 and prefix matching 0.08 among heads near even attention.
        var classes = HeadClassifier.Classify(Scores(
            (0.29, 0.03, 0.011), (0.04, 0.03, 0.012), (0.03, 0.04, 0.010), (0.05, 0.03, 0.013), (0.04, 0.03, 0.08), (0.03, 0.04, 0.014)));
        Assert.Equal(HeadType.PreviousToken, classes[0].Type);
        Assert.Equal(HeadType.Induction, classes[4].Type);
        Assert.All((int[])[1, 2, 3, 5], i => Assert.Equal(HeadType.Multigram, classes[i].Type));
        Assert.Equal(1, classes[0].Standings[0].Rank);
    }

    [Fact]
    public void HeadsThatNeverDiffer_AreOfNoAttentionType() =>
        Assert.All(HeadClassifier.Classify(Scores([.. Enumerable.Repeat((0.5, 0.2, 0.4), 8)])), c => Assert.Equal(HeadType.Multigram, c.Type));

    [Fact]
    public void StandingOutTwice_IsUnclear()
    {
        var classes = HeadClassifier.Classify(Scores((0.5, 0.5, 0.01), (0.03, 0.03, 0.01), (0.03, 0.03, 0.01), (0.03, 0.03, 0.01)));
        Assert.Equal(HeadType.Unclear, classes[0].Type);
        Assert.Contains("nearly as much", classes[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingScores_AreUnclear() =>
        Assert.All(HeadClassifier.Classify(Scores((double.NaN, double.NaN, double.NaN), (double.NaN, double.NaN, double.NaN))), c => Assert.Equal(HeadType.Unclear, c.Type));

    [Fact]
    public void TypeOfAHead_DoesNotDependOnTheOrderOfHeads()
    {
        Gen.Select(Gen.Double[0.01, 1], Gen.Double[0.01, 1], Gen.Double[0.01, 1]).Array[2, 10].Sample(scores =>
        {
            var forward = HeadClassifier.Classify(Scores(scores)).Select(c => c.Type);
            var backward = HeadClassifier.Classify(Scores([.. scores.Reverse()])).Select(c => c.Type).Reverse();
            return forward.SequenceEqual(backward);
        }, iter: 300);
    }

    [Fact]
    public void TokensOfOtherHeads_AreRefused() => Assert.Throws<ArgumentException>(() => HeadClassifier.Classify(Scores((0.1, 0.1, 0.1)), tokens: []));

    private static HeadScores Scores(params (double Previous, double Current, double Prefix)[] heads) => new()
    {
        Model = new()
        {
            Loss = new(3, 0.1), InContextLearning = new(-0.3, 0.1), BigramCrossEntropy = 5, BigramEntropy = 4, NGrams = [0, 0, 0], PositionAblation = new(0.1, 0.01),
        },
        Heads = [.. heads.Select((h, i) => new HeadScore
        {
            Layer = 0, Head = i, PreviousToken = h.Previous, CurrentToken = h.Current, PrefixMatching = h.Prefix,
            ZeroAblation = new(0.1, 0.01), MeanAblation = new(0.1, 0.01), ResampleAblation = new(0.1, 0.01), PositionAblation = new(0, 0.01),
            QComposition = [], KComposition = [], VComposition = [], PathAblation = [],
        })],
        Chance = new(0.028, 0.011),
        Notes = [],
    };
}
