using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Tests.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Heads;

public sealed class CurvatureTracesTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 7,
        ContextLength = 6,
        Layers = 2,
        Heads = 2,
        ModelWidth = 4,
        HeadWidth = 2,
    };

    private static readonly Component[] Components = [.. ((string[])["l0h1", "l1h0"]).Select(name => Component.Parse(name, Config))];

    [Fact]
    public void HessianTrace_IsThatOfSecondDerivatives_WithinItsError()
    {
        var estimates = Traces(probes: 400).Hessian(Components);
        for (var c = 0; c < Components.Length; c++)
        {
            var exact = ExactHessianTrace(Components[c]);
            Assert.InRange((estimates[c].Value - exact) / estimates[c].StdErr, -4, 4);
            Assert.InRange(estimates[c].StdErr, 0, 0.3 * Math.Abs(exact) + 0.1);
        }
    }

    [Fact]
    public void FisherTrace_IsTheMeanSquaredGradientOfTokens_WithinItsError()
    {
        var estimates = Traces(probes: 200).Fisher(Components);
        for (var c = 0; c < Components.Length; c++)
        {
            var exact = ExactFisherTrace(Components[c]);
            Assert.InRange((estimates[c].Value - exact) / estimates[c].StdErr, -4, 4);
            Assert.InRange(estimates[c].StdErr, 0, 0.2 * exact);
        }
    }

    [Fact]
    public void SameSeed_GivesTheSameTraces()
    {
        ComponentTrace[] Run() => [.. Traces(probes: 2).Fisher(Components)];
        Assert.Equal(Run(), Run());
    }

    /// <summary>Each diagonal element by a central difference of the gradient, in float64.</summary>
    private static double ExactHessianTrace(Component component)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var ids = TinyModels.Contexts(Config, 6, 2).ToTensor(6);
        const double step = 1e-5;
        double trace = 0;
        foreach (var slice in component.Slices)
        {
            var weight = model.Weights.Single(w => w.Name == slice.Weight).Value;
            for (var i = slice.Start; i < slice.Start + slice.Length; i++)
            {
                double At(double change)
                {
                    using (no_grad()) weight.view(-1)[i].add_(change);
                    var gradient = autograd.grad([model.PerTokenLoss(ids).mean()], [weight])[0].reshape(-1)[i].item<double>();
                    using (no_grad()) weight.view(-1)[i].sub_(change);
                    return gradient;
                }
                trace += (At(step) - At(-step)) / (2 * step);
            }
        }
        return trace;
    }

    private static double ExactFisherTrace(Component component)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var losses = model.PerTokenLoss(TinyModels.Contexts(Config, 6, 2).ToTensor(6)).reshape(-1);
        double sum = 0;
        for (var t = 0; t < losses.shape[0]; t++)
            foreach (var slice in component.Slices)
            {
                var gradient = autograd.grad([losses[t]], [model.Weights.Single(w => w.Name == slice.Weight).Value], retain_graph: true)[0];
                sum += gradient.reshape(-1).narrow(0, slice.Start, slice.Length).square().sum().item<double>();
            }
        return sum / losses.shape[0];
    }

    private static CurvatureTraces Traces(int probes) =>
        new(Config, TinyModels.Weights(Config, 1), TinyModels.Contexts(Config, 6, 2)) { Options = new() { Probes = probes } };

    private static AttentionOnlyTransformer Model()
    {
        var model = new AttentionOnlyTransformer(Config, ScalarType.Float64);
        model.Load(TinyModels.Weights(Config, 1));
        return model;
    }
}
