using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;

namespace MlNetRllc.Tests.Core.Sampling.Observables;

/// <summary>Probe sets observed beside a sampler.</summary>
public sealed class ProbeObservationTests
{
    private static readonly TransformerConfig Small = new()
    {
        VocabularySize = 40, ContextLength = 12, Layers = 2, Heads = 2, ModelWidth = 16, HeadWidth = 8,
    };

    private static readonly SgldOptions Options = new() { Chains = 2, Draws = 6, BurnIn = 2, Thinning = 2, BatchSize = 2 };

    [Fact]
    public void Observing_ChangesNoBitOfTheTrace()
    {
        var (plain, observed) = (Sampler().Sample(["l0h1", "l1h0"], Options), Sampler(Probe()).Sample(["l0h1", "l1h0"], Options));
        foreach (var (a, b) in plain.Zip(observed))
        {
            Assert.Null(a.Observations);
            Assert.Equal(a.Losses, b.Losses);
            Assert.Equal(a.BaselineLosses, b.BaselineLosses);
        }
    }

    [Fact]
    public void Row_ObservesTheSameBesideOthersAndOtherSets()
    {
        var alone = Sampler(Probe()).Sample(["l1h0"], Options)[0].Observations!.Single();
        var beside = Sampler(Probe("other", 7), Probe()).Sample(["l0h1", "full", "l1h0"], Options)[2].Observations![1];
        Assert.Equal(alone.Differences, beside.Differences);
        Assert.Equal(alone.ContextSums, beside.ContextSums);
    }

    [Fact]
    public void BothEngines_ObserveAlike()
    {
        var lockStep = Sampler(Probe()).Sample(["l0h1"], Options)[0].Observations![0];
        var autograd = Sampler(Probe()).Sample(["l0h1"], Options with { Engine = SamplingEngine.Autograd })[0].Observations![0];
        Assert.Equal(autograd.Differences, lockStep.Differences, (a, b) => Math.Abs(a - b) < 2e-5);
    }

    [Fact]
    public void ContextSums_AreWhatTheDrawsSayOnTheMean()
    {
        var probe = Sampler(Probe()).Sample(["l1h0"], Options)[0].Observations![0];
        Assert.Equal(probe.Differences.Take(12).Average(), probe.ContextSums.Where((_, i) => i % 3 == 0).Sum() / probe.Tokens[0], 1e-9);
    }

    [Theory]
    [InlineData(KeptTokens.Batches, 4)]
    [InlineData(KeptTokens.Draws, 6)]
    public void KeptTokens_AddUpToTheDraws(KeptTokens kept, int batches)
    {
        var sink = new Sink();
        var sampler = Sampler([Probe()], new() { Tokens = kept, Batches = 4 }, sink);
        var probe = sampler.Sample(["l0h1", "l1h0"], Options)[1].Observations![0];
        foreach (var chain in Enumerable.Range(0, 2))
        {
            var own = sink.Records.Where(r => r.Row == 1 && r.Chain == chain).ToList();
            Assert.Equal(batches, own.Count);
            Assert.Equal(Enumerable.Range(0, 6), own.SelectMany(r => Enumerable.Range(r.First, r.Draws)));
            foreach (var record in own)
                Assert.Equal(probe.Differences.Skip(chain * 6 + record.First).Take(record.Draws).Average(), record.Tokens.Average(), 1e-6);
        }
    }

    [Fact]
    public void SharedContext_IsRefusedByName()
    {
        var text = TinyModels.Contexts(Small, 9, 1);
        var shared = new ProbeSet("mine", new("mine", text[4].ToArray(), Small.ContextLength));
        var refused = Assert.Throws<ArgumentException>(() => Sampler(shared).Sample(["l0h0"], Options));
        Assert.Contains(
            "Context 0 of the probe set 'mine' is context 4 of the sampled dataset 'text'", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(Sampler([shared], new() { AllowShared = true }).Sample(["l0h0"], Options)[0].Observations);
    }

    [Fact]
    public void TwoSetsWithOneContext_AreRefused()
    {
        var refused = Assert.Throws<ArgumentException>(() => Sampler(Probe("a"), Probe("b")).Sample(["l0h0"], Options));
        Assert.Contains("is context 0 of the probe set 'a' too", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeOfAnotherVocabulary_IsRefused()
    {
        var wide = new ProbeSet("wide", new("wide", new int[] { 1, 99, 3 }, 3));
        var refused = Assert.Throws<ArgumentException>(() => Sampler(wide).Sample(["l0h0"], Options));
        Assert.Contains("'wide' holds the token id 99", refused.Message, StringComparison.Ordinal);
    }

    private static ProbeSet Probe(string name = "probe", int seed = 5)
    {
        var contexts = TinyModels.Contexts(Small, 4, seed, "probe");
        return new(name, contexts,
        [
            new MlNetRllc.Core.Patterns.PickedTokens("even", "even ids", contexts, (tokens, position) => tokens[position] % 2 == 0),
            new MlNetRllc.Core.Patterns.LossRange("hard", "above 3", 3, double.PositiveInfinity),
        ]);
    }

    private static SgldSampler Sampler(params ProbeSet[] probes) => Sampler(probes, new());

    private static SgldSampler Sampler(ProbeSet[] probes, ObservableOptions options, ITokenSink? sink = null) =>
        new(Small, TinyModels.Weights(Small, 1), TinyModels.Contexts(Small, 9, 1))
        {
            Probes = probes, Observation = options, TokenSink = sink,
        };

    private sealed class Sink : ITokenSink
    {
        public List<(int Row, int Chain, int First, int Draws, float[] Tokens)> Records { get; } = [];

        public void Write(in TokenRecord record) =>
            Records.Add((record.Row, record.Chain, record.FirstDraw, record.Draws, record.Differences.ToArray()));
    }
}
