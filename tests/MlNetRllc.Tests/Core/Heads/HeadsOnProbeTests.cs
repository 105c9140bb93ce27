using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Patterns;

namespace MlNetRllc.Tests.Core.Heads;

/// <summary>A model written by hand on contexts whose second half repeats the first: l1h0 completes what it has seen.</summary>
public sealed class HeadsOnProbeTests
{
    private const int Half = 16;

    private static readonly ContextSet Contexts = InductionModel.Repeating(12);

    private static readonly PickedTokens Second = new("second", "Tokens of the second half.", Contexts, (_, t) => t > Half);
    private static readonly PickedTokens Never = new("never", "No token.", Contexts, (_, _) => false);

    private static readonly HeadsOnProbe Probe = new(InductionModel.Config, InductionModel.Weights, Contexts);

    private static readonly IReadOnlyList<PatternAblation> Ablated = Probe.Ablate(Second, Never);

    [Fact]
    public void EveryHead_HasTheWholeSetAndEachPattern() =>
        Assert.Equal(
            from head in new[] { "l0h0", "l0h1", "l0h2", "l0h3", "l1h0", "l1h1", "l1h2", "l1h3" }
            from pattern in new[] { ("all", 12 * 31), ("second", 12 * 15), ("never", 0) }
            select (head, pattern.Item1, pattern.Item2),
            Ablated.Select(a => (a.Head, a.Pattern, a.Tokens)));

    [Fact]
    public void InductionHead_CountsOnTheSecondHalf()
    {
        var all = Of("l1h0", "all");
        var second = Of("l1h0", "second");
        Assert.True(second.Rise.Value > 0.5);
        Assert.Equal(second.Rise.Value / all.Rise.Value, second.Profile, 12);
        Assert.True(second.Profile > 1.5);
        Assert.Equal(1, all.Profile, 12);
    }

    /// <summary>The rises of single tokens are those that examples show.</summary>
    [Fact]
    public void Rises_AreMeansOfTheTokensRises()
    {
        var shown = new HeadExamples(InductionModel.Config, InductionModel.Weights, Contexts).Look(["l1h0"], 12, 32);
        Assert.Equal(shown.Average(e => e.Heads[0].LossChange.Skip(Half + 1).Average()), Of("l1h0", "second").Rise.Value, 5);
    }

    [Fact]
    public void WholeSetsError_IsThatOfContextMeans()
    {
        var shown = new HeadExamples(InductionModel.Config, InductionModel.Weights, Contexts).Look(["l1h0"], 12, 32);
        var expected = Statistics.Mean([.. shown.Select(e => (double)e.Heads[0].LossChange.Skip(1).Average())]);
        Assert.Equal(expected.StdErr, Of("l1h0", "all").Rise.StdErr, 5);
    }

    [Fact]
    public void IdleHead_HasNoProfile()
    {
        Assert.Equal(0, Of("l1h3", "second").Rise.Value, 5);
        Assert.True(double.IsNaN(Of("l1h3", "second").Profile));
    }

    [Fact]
    public void PatternWithoutTokens_IsMissing()
    {
        Assert.Equal(Measured.Missing, Of("l1h0", "never").Rise);
        Assert.True(double.IsNaN(Of("l1h0", "never").Profile));
    }

    [Fact]
    public void WholeSet_HasOneNameEverywhere() => Assert.Equal(ProbeTrace.WholeSet, HeadsOnProbe.WholeSet);

    [Fact]
    public void ParticipationRatios_AreWithinWhatHeadsCanTake()
    {
        var ratios = Probe.ParticipationRatios();
        Assert.Equal(8, ratios.Count);
        // Heads that write nothing to the stream have no directions.
        Assert.All(["l0h1", "l0h2", "l1h3"], head => Assert.True(double.IsNaN(ratios[head])));
        Assert.All(["l0h0", "l1h0"], head => Assert.InRange(ratios[head], 1, InductionModel.Config.HeadWidth));
    }

    [Fact]
    public void ContextsBeyondTheModel_AreRefused() => Assert.Throws<ArgumentException>(() =>
        new HeadsOnProbe(InductionModel.Config, InductionModel.Weights, new("long", new int[2 * 64], 64)).ParticipationRatios());

    [Fact]
    public void NoTensor_IsLeft()
    {
        Probe.Ablate(Second);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Probe.Ablate(Second);
        Probe.ParticipationRatios();
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static PatternAblation Of(string head, string pattern) => Ablated.Single(a => a.Head == head && a.Pattern == pattern);
}
