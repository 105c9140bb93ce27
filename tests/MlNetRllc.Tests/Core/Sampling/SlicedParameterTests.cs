using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>A component of many slices gets the values and gradients that it gets slice by slice.</summary>
public sealed class SlicedParameterTests
{
    // Columns 1 and 2 of a, then all of b, then a's last value: a's slices do not all follow each other.
    private static readonly ParameterSlice[] Slices =
        [new("a", 1, 2), new("a", 5, 2), new("a", 9, 2), new("b", 0, 3), new("a", 11, 1)];

    [Fact]
    public void ValuesOfSlices_AreInTheirOrder()
    {
        using var scope = NewDisposeScope();
        using var engine = Engine(Parameters());
        Assert.Equal([1, 2, 5, 6, 9, 10, 100, 101, 102, 11], engine.CenterOf(0));
    }

    [Fact]
    public void GradientsOfSlices_AreInTheirOrder_AndTheParametersStay()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var engine = Engine(parameters);
        var walker = new Walker<double>(0, 0, engine.CenterOf(0));
        for (var i = 0; i < walker.Position.Length; i++) walker.Position[i] += 1000;
        var baseline = engine.Evaluate([0], [walker]);
        // The loss is half the sum of squares, so that its gradient is the position itself.
        Assert.Equal(walker.Position, walker.Gradient);
        Assert.Equal(baseline + walker.Center.Zip(walker.Position, (c, p) => (p * p - c * c) / 2).Sum(), walker.Loss, 6);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (double)i), parameters["a"].detach().data<double>().ToArray());
    }

    [Fact]
    public void SparseGradient_IsTakenAsItIs()
    {
        using var scope = NewDisposeScope();
        using var embedding = nn.Embedding(3, 2, sparse: true, dtype: ScalarType.Float64);
        using var tokens = tensor(new long[] { 2, 2 });
        using var engine = new AutogradEngine<double>(
            new Dictionary<string, Tensor> { ["w"] = embedding.weight! }, [[new("w", 0, 6)]], 1, _ => embedding.call(tokens).sum());
        var walker = new Walker<double>(0, 0, engine.CenterOf(0));
        engine.Evaluate([0], [walker]);
        Assert.Equal([0, 0, 0, 0, 2, 2], walker.Gradient);
    }

    private static Dictionary<string, Tensor> Parameters() => new()
    {
        ["a"] = arange(12, dtype: ScalarType.Float64).view(3, 4),
        ["b"] = arange(100, 103, dtype: ScalarType.Float64),
    };

    private static AutogradEngine<double> Engine(Dictionary<string, Tensor> parameters) =>
        new(parameters, [Slices], 1, _ => (parameters["a"].square().sum() + parameters["b"].square().sum()) / 2);
}
