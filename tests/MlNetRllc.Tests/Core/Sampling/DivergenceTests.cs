using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>A chain that leaves the finite numbers stops and is reported; nothing else notices.</summary>
public sealed class DivergenceTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 30, ContextLength = 9, Layers = 2, Heads = 2, ModelWidth = 16, HeadWidth = 8,
    };

    private static readonly SgldOptions Sound = new() { Chains = 2, Draws = 12, BurnIn = 0, BatchSize = 4 };
    private static readonly SgldOptions Wild = Sound with { StepSize = 10, NBeta = 1e12, Localization = 1e12 };

    [Fact]
    public void WildRow_DivergesAndLeavesTheOthersBitUnchanged()
    {
        var (weights, contexts) = (TinyModels.Weights(Config, 1), TinyModels.Contexts(Config, 8, 1));
        string[] names = ["l0h1", "l1h0", "full"];
        var alone = Run(names.Select(n => (n, Sound)));
        var beside = Run([(names[0], Sound), ("full", Wild), (names[1], Sound), ("l1h0", Wild), ("l0h1", Wild), (names[2], Sound)]);

        Traces.AssertSame(alone, [beside[0], beside[2], beside[5]]);
        Assert.All((int[])[1, 3, 4], wild =>
        {
            Assert.All(beside[wild].DivergedAt, at => Assert.InRange(at, 1, 11));
            Assert.Equal(RllcStatus.Diverged, RllcEstimation.Estimate(beside[wild], new()).Status);
            Assert.All(beside[wild].BaselineLosses, loss => Assert.True(double.IsFinite(loss)));
        });

        IReadOnlyList<LossTrace> Run(IEnumerable<(string Name, SgldOptions Options)> rows)
        {
            var list = rows.ToList();
            Component[] components = [.. list.Select(r => Component.Parse(r.Name, Config))];
            using var engine = new LockStepEngine(Config, weights, components, contexts, threads: 2);
            SampledRow[] sampled = [.. list.Select((r, i) => new SampledRow(new(r.Name, r.Name), i, r.Options))];
            return new LockStepRun<float>(engine, sampled, new(NamedRandom.Stream(5), 8, 4)).Run();
        }
    }

    [Fact]
    public void OneDivergingChain_LeavesTheOtherChainsOfItsRow()
    {
        // On w^4 this step size explodes from about |w| = 2.2 on, which some chains reach.
        var options = new SgldOptions { StepSize = 0.2, NBeta = 1, Localization = 0, Chains = 40, Draws = 400, BurnIn = 0, BatchSize = 1 };
        var trace = Quartic(options);
        int[] lost = [.. Enumerable.Range(0, 40).Where(c => trace.DivergedAt[c] >= 0)], kept = [.. Enumerable.Range(0, 40).Except(lost)];
        Assert.NotEmpty(lost);
        Assert.NotEmpty(kept);
        Assert.All(lost, c =>
        {
            Assert.All(trace.Chain(c)[..trace.DivergedAt[c]], loss => Assert.True(double.IsFinite(loss)));
            Assert.All(trace.Chain(c)[(trace.DivergedAt[c] + 1)..], loss => Assert.True(double.IsNaN(loss)));
        });
        var survivor = kept.First(c => c > 0);
        Assert.Equal(Quartic(options with { Chains = survivor + 1 }).Chain(survivor), trace.Chain(survivor));

        static LossTrace Quartic(SgldOptions options)
        {
            using var engine = new FunctionEngine([0.0], (_, w, gradient) =>
            {
                if (!gradient.IsEmpty) gradient[0] = 4 * Math.Pow(w[0], 3);
                return Math.Pow(w[0], 4);
            });
            return new LockStepRun<double>(engine, [new("quartic")], new(NamedRandom.Stream(1), 1, 1), options).Run()[0];
        }
    }

    [Fact]
    public void ChainThatDivergesInTheBurnIn_IsReportedAtDrawZero()
    {
        var (weights, contexts) = (TinyModels.Weights(Config, 1), TinyModels.Contexts(Config, 8, 1));
        var trace = new SgldSampler(Config, weights, contexts).Sample(["full"], Wild with { BurnIn = 50 })[0];
        Assert.Equal([0, 0], trace.DivergedAt);
        Assert.All(trace.Losses, loss => Assert.True(double.IsNaN(loss)));
    }

    [Theory]
    [InlineData(SamplingEngine.LockStep)]
    [InlineData(SamplingEngine.Autograd)]
    public void Sampling_LeavesTheCheckpointUntouched(SamplingEngine engine)
    {
        var (weights, copy) = (TinyModels.Weights(Config, 1), TinyModels.Weights(Config, 1));
        new SgldSampler(Config, weights, TinyModels.Contexts(Config, 8, 1)).Sample(["l0h0", "full"], Sound with { Engine = engine });
        Assert.All(weights, weight => Assert.Equal(copy[weight.Name].Values, weight.Values));
    }

    [Fact]
    public void AutogradOnAModule_GivesItBackAsItWas()
    {
        using var model = new AttentionOnlyTransformer(Config);
        model.Load(TinyModels.Weights(Config, 1));
        var before = model.ToWeights();
        var flags = model.parameters().Select(p => p.requires_grad).ToList();
        var ids = TorchSharp.torch.tensor(
            TinyModels.Contexts(Config, 1, 1)[0].ToArray().Select(t => (long)t).ToArray(), [1, 9]);
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => (TorchSharp.torch.Tensor)p.parameter);
        using (var engine = new AutogradEngine<float>(parameters,
            [Component.Parse("l1h1", Config).Slices, Component.Parse("full", Config).Slices], 8, _ => model.PerTokenLoss(ids).mean()))
            new LockStepRun<float>(engine, [new("l1h1"), new("full")], new(NamedRandom.Stream(1), 8, 4), Wild).Run();
        Assert.All(model.ToWeights(), weight => Assert.Equal(before[weight.Name].Values, weight.Values));
        Assert.Equal(flags, model.parameters().Select(p => p.requires_grad));
    }
}
