using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetRllc.Tests;

/// <summary>Modules as others bring them, with weights that do not depend on any random state.</summary>
internal static class OwnModules
{
    public static Module<Tensor, Tensor> Regression() => Filled(Sequential(("0", Linear(2, 4)), ("1", Tanh()), ("2", Linear(4, 1))));

    public static Module<Tensor, Tensor> Filled(Module<Tensor, Tensor> module)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (_, parameter) in module.named_parameters())
            parameter.copy_(arange(parameter.numel()).mul(0.7).sin().mul(0.5).view(parameter.shape));
        return module;
    }

    public static IDataView RegressionRows(MLContext ml) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new RegressionRow
    {
        Features = [MathF.Sin(i), MathF.Cos(2 * i)],
        Label = MathF.Sin(i) * 0.5f - MathF.Cos(2 * i),
    }).ToList());

    internal sealed class RegressionRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
