using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>What must not change a chain by a single bit.</summary>
public sealed class InvarianceTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 30, ContextLength = 11, Layers = 2, Heads = 3, ModelWidth = 16, HeadWidth = 4,
    };

    private static readonly string[] Components = ["l0h0", "l1h2", "full", "l0h2+l1h0", "l1h1", "embed"];
    private static readonly SgldOptions Options = new()
    {
        Chains = 3,
        Draws = 6,
        BurnIn = 2,
        Thinning = 2,
        BatchSize = 5,
        GradientAccumulation = 2,
    };
    private static readonly SgldOptions Short = new() { Chains = 2, Draws = 3, BurnIn = 0, BatchSize = 4 };
    private static readonly WeightSet Weights = TinyModels.Weights(Config, seed: 1);
    private static readonly ContextSet Contexts = TinyModels.Contexts(Config, count: 12, seed: 1);
    private static readonly IReadOnlyList<LossTrace> Expected = Sample(Components);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NumberOfThreads_ChangesNoBit(int threads) =>
        Traces.AssertSame(Expected, Sample(Components, threads: threads));

    [Fact]
    public void OrderOfComponents_ChangesNoBit() =>
        Traces.AssertSame(Expected, Sample([.. Components.Reverse()]).Reverse());

    [Theory]
    [InlineData(SamplingEngine.LockStep)]
    [InlineData(SamplingEngine.Autograd)]
    public void ComponentAlone_GivesTheBitsItGivesInCompany(SamplingEngine engine)
    {
        var together = Sample(Components, Short with { Engine = engine });
        foreach (var component in (int[])[0, 1, 3])
            Traces.AssertSame(
                together[component],
                Sample([Components[component]], Short with { Engine = engine }).Single());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void NumberOfChains_ChangesNoBitOfAChain(int chains)
    {
        var other = Sample(Components, Options with { Chains = chains });
        for (var component = 0; component < Components.Length; component++)
            for (var chain = 0; chain < Math.Min(chains, Options.Chains); chain++)
                Assert.Equal(Expected[component].Chain(chain), other[component].Chain(chain));
    }

    [Fact]
    public void MoreDraws_BeginWithTheSameOnes()
    {
        var longer = Sample(Components, Options with { Draws = 9 });
        for (var component = 0; component < Components.Length; component++)
            Assert.Equal(Expected[component].Chain(1), longer[component].Chain(1)[..6]);
    }

    [Fact]
    public void SettingsSideBySide_GiveTheBitsOfEachAlone()
    {
        SgldOptions[] settings =
        [
            Options,
            Options with { StepSize = 1e-4, Chains = 2, Draws = 9 },
            Options with { NBeta = 100, Localization = 5, BurnIn = 0, Thinning = 1 },
        ];
        var together = new SgldSampler(Config, Weights, Contexts).SampleSettings(Components, settings, progress: null, default);
        for (var setting = 0; setting < settings.Length; setting++)
            Traces.AssertSame(Sample(Components, settings[setting]), together.Select(own => own[setting]));
    }

    [Theory]
    [InlineData(SamplingEngine.LockStep)]
    [InlineData(SamplingEngine.Autograd)]
    public void SecondRun_GivesTheSameBits(SamplingEngine engine) =>
        Traces.AssertSame(
            Sample(Components, Short with { Engine = engine }),
            Sample(Components, Short with { Engine = engine }));

    [Fact]
    public void AnotherSeedOrDatasetOrCheckpoint_GivesOtherDraws()
    {
        LossTrace[] others =
        [
            Sample(["l1h2"], Options with { Seed = 2 })[0],
            new SgldSampler(Config, Weights, TinyModels.Contexts(Config, count: 12, seed: 2)).Sample(["l1h2"], Options)[0],
            new SgldSampler(Config, TinyModels.Weights(Config, seed: 2), Contexts).Sample(["l1h2"], Options)[0],
        ];
        Assert.All(others, other => Assert.Empty(other.Losses.Intersect(Expected[1].Losses)));
    }

    /// <summary>Twice the loss at half the nbeta is the same energy; powers of two round nothing.</summary>
    [Theory]
    [InlineData(SamplingMethod.Sgld)]
    [InlineData(SamplingMethod.Sgnht)]
    public void TwiceTheLossAtHalfTheNBeta_IsTheSameChain(SamplingMethod method)
    {
        var options = new SgldOptions
        {
            Method = method,
            StepSize = 1e-3,
            NBeta = 40,
            Localization = 3,
            Chains = 2,
            Draws = 200, BurnIn = 0,
            BatchSize = 4,
        };
        LossTrace once = Run(1, options), twice = Run(2, options with { NBeta = 20 });
        Assert.Equal(once.Losses.Select(l => 2 * l), twice.Losses);
        Assert.Equal(once.BaselineLosses.Select(l => 2 * l), twice.BaselineLosses);
        Assert.Equal(once.MalaAcceptance, twice.MalaAcceptance);

        static LossTrace Run(double factor, SgldOptions options)
        {
            using var engine = new FunctionEngine([0.3, -1.2, 0.7], (rows, w, gradient) =>
            {
                double loss = 0, share = factor / rows.Length;
                gradient.Clear();
                foreach (var row in rows)
                {
                    var residual = w[row % 3] * w[(row + 1) % 3] - Math.Sin(row);
                    loss += share * residual * residual;
                    if (gradient.IsEmpty) continue;
                    gradient[row % 3] += 2 * share * residual * w[(row + 1) % 3];
                    gradient[(row + 1) % 3] += 2 * share * residual * w[row % 3];
                }
                return loss;
            }, rowCount: 16);
            return new LockStepRun<double>(engine, [new("scaled")], new(NamedRandom.Stream(1), 16, 4), options).Run()[0];
        }
    }

    private static IReadOnlyList<LossTrace> Sample(
        string[] components, SgldOptions? options = null, int? threads = null) =>
        new SgldSampler(Config, Weights, Contexts) { Threads = threads }.Sample(components, options ?? Options);
}
