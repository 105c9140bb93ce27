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
    public void ScoresOfATrainedModel_AreReadAsByEye()
    {
        // 2 layers of 8 heads after 33 million tokens of prose and code: several previous-token
        // heads, scores in between, values over many powers of ten.
        var classes = HeadClassifier.Classify(Scores(
            (0.164, 0.257, 0.00074), (0.029, 0.054, 0.00227), (0.094, 0.877, 0.00011), (0.295, 0.495, 0.00043),
            (0.102, 0.838, 0.00029), (0.264, 0.235, 0.00079), (0.305, 0.187, 0.00021), (0.336, 0.490, 0.00141),
            (0.034, 0.127, 0.01962), (0.038, 0.113, 0.08181), (0.058, 0.159, 0.00629), (0.068, 0.148, 0.00088),
            (0.032, 0.090, 0.05837), (0.040, 0.148, 0.00722), (0.177, 0.260, 0.00042), (0.235, 0.324, 0.00016)));
        Assert.Equal("?mCPCPPPmImmIm?P", string.Concat(classes.Select(c => c.Type switch
        {
            HeadType.PreviousToken => 'P', HeadType.CurrentToken => 'C', HeadType.Induction => 'I', HeadType.Multigram => 'm', _ => '?',
        })));
    }

    [Fact]
    public void ThreeTimesEvenAttention_IsUnclear_HoweverLowTheOthers()
    {
        var classes = HeadClassifier.Classify(Scores(
            (0.03, 0.03, 0.032),
            (0.03, 0.03, 1e-5),
            (0.03, 0.03, 1e-6),
            (0.03, 0.03, 1e-5),
            (0.03, 0.03, 0.03)));
        const HeadType unclear = HeadType.Unclear, multigram = HeadType.Multigram;
        Assert.Equal([unclear, multigram, multigram, multigram, unclear], classes.Select(c => c.Type));
    }

    [Fact]
    public void Reference_IsTheLowerQuartileOfTheOthers()
    {
        // The others: 0.1, 0.2, 0.3, 0.4, 0.5, whose lower quartile is 0.2.
        var scores = Scores(
            (0.6, 0.01, 0), (0.1, 0.01, 0), (0.2, 0.01, 0), (0.3, 0.01, 0), (0.4, 0.01, 0), (0.5, 0.01, 0));
        var standing = HeadClassifier.Classify(scores)[0].Standings[0];
        Assert.Equal((0.2, 3.0), (standing.Reference, Math.Round(standing.Margin, 12)));
    }

    [Fact]
    public void HeadsThatNeverDiffer_AreOfNoAttentionType() =>
        Assert.All(
            HeadClassifier.Classify(Scores([.. Enumerable.Repeat((0.5, 0.2, 0.4), 8)])),
            c => Assert.Equal(HeadType.Multigram, c.Type));

    [Fact]
    public void StandingOutTwice_IsUnclear()
    {
        var classes = HeadClassifier.Classify(Scores((0.5, 0.5, 0.01), (0.03, 0.03, 0.01), (0.03, 0.03, 0.01), (0.03, 0.03, 0.01)));
        Assert.Equal(HeadType.Unclear, classes[0].Type);
        Assert.Contains("nearly as much", classes[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingScores_AreUnclear() =>
        Assert.All(
            HeadClassifier.Classify(Scores([.. Enumerable.Repeat((double.NaN, double.NaN, double.NaN), 2)])),
            c => Assert.Equal(HeadType.Unclear, c.Type));

    [Fact]
    public void TypeOfAHead_DoesNotDependOnTheOrderOfHeads()
    {
        Gen.Select(Gen.Double[0.01, 1], Gen.Double[0.01, 1], Gen.Double[0.01, 1]).Array[2, 10].ForAll(scores =>
        {
            var forward = HeadClassifier.Classify(Scores(scores)).Select(c => c.Type);
            var backward = HeadClassifier.Classify(Scores([.. scores.Reverse()])).Select(c => c.Type).Reverse();
            return forward.SequenceEqual(backward);
        }, cases: 300);
    }

    [Fact]
    public void TokensOfOtherHeads_AreRefused() =>
        Assert.Throws<ArgumentException>(() => HeadClassifier.Classify(Scores((0.1, 0.1, 0.1)), tokens: []));

    private static HeadScores Scores(params (double Previous, double Current, double Prefix)[] heads) => new()
    {
        Model = new()
        {
            Loss = new(3, 0.1),
            InContextLearning = new(-0.3, 0.1),
            BigramCrossEntropy = 5,
            BigramEntropy = 4,
            NGrams = [0, 0, 0],
            PositionAblation = new(0.1, 0.01),
        },
        Heads = [.. heads.Select((h, i) => new HeadScore
        {
            Layer = 0,
            Head = i,
            PreviousToken = h.Previous,
            CurrentToken = h.Current,
            PrefixMatching = h.Prefix,
            ZeroAblation = new(0.1, 0.01),
            MeanAblation = new(0.1, 0.01),
            ResampleAblation = new(0.1, 0.01),
            PositionAblation = new(0, 0.01),
            QComposition = [],
            KComposition = [],
            VComposition = [],
            PathAblation = [],
        })],
        Chance = new(0.028, 0.011),
        Notes = [],
    };
}
