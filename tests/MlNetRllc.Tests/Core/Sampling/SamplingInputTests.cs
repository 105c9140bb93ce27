using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Bad input is refused before anything is computed, with what was found and what to do.</summary>
public sealed class SamplingInputTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 30, ContextLength = 9, Layers = 2, Heads = 2, ModelWidth = 16, HeadWidth = 8,
    };

    private static readonly SgldOptions Options = new() { Chains = 1, Draws = 2, BurnIn = 0, BatchSize = 4 };

    [Theory]
    [InlineData("l2h0")]
    [InlineData("l0h2")]
    [InlineData("head 3")]
    [InlineData("l0h0+l0 mlp")]
    public void UnknownComponent_IsNamedBesideTheValidOnes(string name)
    {
        var message = Refusal(() => Sample([name]));
        Assert.Contains($"'{name.Split('+')[^1]}'", message);
        Assert.Contains(
            "full, embed, pos, unembed, ln_final, l0, l0 attn, l0h0, l0h1, l1, l1 attn, l1h0, l1h1",
            message);
    }

    public static TheoryData<string, SgldOptions> OutOfRange => new()
    {
        { "NBeta", new() { NBeta = 0 } },
        { "NBeta", new() { NBeta = -30 } },
        { "NBeta", new() { NBeta = double.NaN } },
        { "NBeta", new() { NBeta = double.PositiveInfinity } },
        { "StepSize", new() { StepSize = 0 } },
        { "StepSize", new() { StepSize = 11 } },
        { "Draws", new() { Draws = 0 } },
        { "Draws", new() { Draws = int.MaxValue } },
        { "Chains", new() { Chains = 0 } },
        { "BurnIn", new() { BurnIn = -1 } },
        { "Thinning", new() { Thinning = 0 } },
        { "BatchSize", new() { BatchSize = 0 } },
        { "GradientAccumulation", new() { GradientAccumulation = 0 } },
        { "Localization", new() { Localization = -1 } },
        { "TargetStandardError", new() { TargetStandardError = 0 } },
        { "BoundingBox", new() { BoundingBox = -1 } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void OptionOutOfRange_IsRefusedByName(string property, SgldOptions options)
    {
        Assert.Contains(
            $"SgldOptions.{property} is ",
            Assert.Throws<ArgumentOutOfRangeException>(() => options.Validated()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample(["l0h0"], options));
    }

    [Fact]
    public void DatasetSmallerThanABatch_IsNamedWithBothNumbers()
    {
        var scraps = TinyModels.Contexts(Config, 3, 1, "scraps");
        Assert.Matches(
            "'scraps' has 3 contexts.*batch of 4.*more text or a smaller BatchSize",
            Refusal(() => Sample(["l0h0"], contexts: scraps)));
    }

    [Fact]
    public void TokenBeyondTheVocabulary_IsNamedBesideTheVocabulary()
    {
        var wide = TinyModels.Contexts(Config with { VocabularySize = 400 }, 8, 1, "foreign");
        Assert.Matches(
            $"'foreign' holds the token id {wide.LargestToken}.*vocabulary has 30 tokens.*Tokenize",
            Refusal(() => Sample(["l0h0"], contexts: wide)));
    }

    [Fact]
    public void ContextsTooLong_AreNamedWithBothLengths()
    {
        var longer = TinyModels.Contexts(Config with { ContextLength = 12 }, 8, 1, "long");
        Assert.Matches(
            "'long' has contexts of 12 tokens; the model reads 9",
            Refusal(() => Sample(["l0h0"], contexts: longer)));
    }

    [Fact]
    public void WeightsOfAnotherModel_NameTheWeight()
    {
        var (other, contexts) = (TinyModels.Weights(Config with { Layers = 1 }, 1), TinyModels.Contexts(Config, 8, 1));
        Assert.Contains("blocks.1.",
            Refusal(() => new SgldSampler(Config, other, contexts).Sample(["l0h0"], Options)));
    }

    [Fact]
    public void RowsThatDifferInBatchSize_CannotShareARun()
    {
        using var engine = new FunctionEngine([0.0], (_, w, _) => w[0]);
        Assert.Contains("BatchSize", Refusal(() => new LockStepRun<double>(engine,
            [new(new("a"), 0, Options), new(new("b"), 0, Options with { BatchSize = 2 })], new(NamedRandom.Stream(1), 8, 2)).Run()));
    }

    [Fact]
    public void NoComponents_GiveNoTraces() => Assert.Empty(Sample([]));

    [Fact]
    public void CancelledRun_StopsBetweenSteps()
    {
        using var source = new CancellationTokenSource();
        var steps = 0;
        var sampler = new SgldSampler(Config, TinyModels.Weights(Config, 1), TinyModels.Contexts(Config, 8, 1));
        var reporter = new Reporter(p =>
        {
            steps = p.Step;
            if (p.Step == 3) source.Cancel();
        });
        var options = Options with { Draws = 1000 };
        Assert.Throws<OperationCanceledException>(() => sampler.Sample(["l0h0"], options, reporter, source.Token));
        Assert.Equal(3, steps);
    }

    private static string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static IReadOnlyList<LossTrace> Sample(
        string[] components, SgldOptions? options = null, ContextSet? contexts = null) =>
        new SgldSampler(Config, TinyModels.Weights(Config, 1), contexts ?? TinyModels.Contexts(Config, 8, 1))
            .Sample(components, options ?? Options);

    private sealed class Reporter(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => report(value);
    }
}
