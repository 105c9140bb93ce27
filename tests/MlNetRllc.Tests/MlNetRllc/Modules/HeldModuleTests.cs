using Microsoft.ML;
using MlNetRllc.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetRllc.Tests.Modules;

public sealed class HeldModuleTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void EverySubmodule_IsInTheModeItWasIn(bool training)
    {
        var (frozen, free) = (BatchNorm1d(2), BatchNorm1d(2));
        using var module = Sequential(("free", free), ("inner", Sequential(("frozen", frozen), ("drop", Dropout(0.5)))));
        module.train(training);
        frozen.train(!training);
        var before = Modes(module);
        using (new HeldModule(module, CPU)) Assert.All(Modes(module), mode => Assert.False(mode.Training));
        Assert.Equal(before, Modes(module));
        Assert.Equal((training, !training), (free.training, frozen.training));
    }

    [Theory, InlineData("*"), InlineData("into.weight"), InlineData("from.*")]
    public void TiedWeights_AreSampledOnce_UnderWhicheverName(string pattern)
    {
        using var module = new Tied();
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new { Features = i % 4, Label = (i + 1) % 4 }).ToList());
        var result = ml.Rllc.EstimateLlc(module, (logits, label) => functional.cross_entropy(logits, label), new()
        {
            Selections = [new("tied", pattern)], Sampling = TinyStudy.Options,
        }).Fit(rows).Results.Single();
        Assert.Equal(12, result.Dimension);
        Assert.True(double.IsFinite(result.Llc));
        float[] Values(string name) => module.get_parameter(name)!.detach().data<float>().ToArray();
        Assert.Equal(Values("into.weight"), Values("from.weight"));
    }

    private static List<(string Name, bool Training)> Modes(Module module) =>
        [(string.Empty, module.training), .. module.named_modules().Select(m => (m.name, m.module.training))];

    /// <summary>An embedding that reads out too.</summary>
    private sealed class Tied : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Embedding into = Embedding(4, 3);
        private readonly TorchSharp.Modules.Linear from = Linear(3, 4, hasBias: false);

        public Tied() : base("tied")
        {
            from.weight = into.weight!;
            RegisterComponents();
        }

        public override Tensor forward(Tensor tokens) => from.call(into.call(tokens));
    }
}
