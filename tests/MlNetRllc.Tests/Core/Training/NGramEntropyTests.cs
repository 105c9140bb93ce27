using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Tests.Core.Training;

public sealed class NGramEntropyTests
{
    [Fact]
    public void AlternatingTokens_HaveOneBitAloneAndNoneInPairs()
    {
        var entropy = NGramEntropy.Measure(new ContextSet("t", new[] { 0, 1, 0, 1, 0 }, 5));
        Assert.Equal(Math.Log(2), entropy.Unigram, 12);
        Assert.Equal(0, entropy.Bigram, 12);
    }

    [Fact]
    public void PairsAcrossContexts_AreNotCounted()
    {
        // Predicted tokens: 1, 1 (after 0) and 2, 2 (after 0): one bit alone, one bit after 0.
        var entropy = NGramEntropy.Measure(new ContextSet("t", new[] { 0, 1, 0, 1, 0, 2, 0, 2 }, 2));
        Assert.Equal(Math.Log(2), entropy.Unigram, 12);
        Assert.Equal(Math.Log(2), entropy.Bigram, 12);
    }

    [Fact]
    public void FittedModel_IsSmoothedAsStated()
    {
        // Train predicts 1, 0, 1: p(0) = 2/6, p(1) = 3/6, p(2) = 1/6 over a vocabulary of 3;
        // validation asks for 2 after 1.
        var (train, validation) = (new ContextSet("t", new[] { 0, 1, 0, 1 }, 4), new ContextSet("v", new[] { 1, 2 }, 2));
        var entropy = NGramEntropy.Predicting(train, validation, 3, strength: 2);
        Assert.Equal(Math.Log(6), entropy.Unigram, 12);
        Assert.Equal(-Math.Log(2 / 6.0 / (1 + 2)), entropy.Bigram, 12);
    }

    [Fact]
    public void TokenOutsideVocabulary_IsRefused()
    {
        var text = new ContextSet("t", new[] { 0, 7 }, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => NGramEntropy.Predicting(text, text, 7));
    }
}
