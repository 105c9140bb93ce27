using System.Text.Json;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Dynamics;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Five SGLD steps on one head of the reference transformer: loss, gradient, restriction,
/// update and estimate together.</summary>
public sealed class MaskedStepTests
{
    private static readonly TransformerConfig Config = ReferenceTransformer.Config;

    private static readonly JsonElement Runs = ReferenceData.Read("tiny_transformer_rllc_steps.json").GetProperty("runs");
    private static readonly string[] HeadWeights = ["W_Q", "W_K", "W_V", "W_O"];

    [Theory]
    [InlineData(0, "l0h1")]
    [InlineData(1, "l1h0")]
    public void AutogradInDouble_FollowsTheReference(int run, string name)
    {
        var (contexts, component) = (Batches(Runs[run]), Component.Parse(name, Config));
        using var model = new AttentionOnlyTransformer(Config, ScalarType.Float64);
        ReferenceTransformer.LoadInDouble(model);
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        Tensor Loss(int[] rows)
        {
            long[] tokens = [.. rows.SelectMany(r => contexts[r].ToArray()).Select(t => (long)t)];
            return model.PerTokenLoss(tensor(tokens, [rows.Length, Config.ContextLength])).mean();
        }
        using var engine = new AutogradEngine<double>(parameters, [component.Slices], contexts.Count, Loss);
        AssertFollows(Runs[run], name, engine, 1e-9);
    }

    [Theory]
    [InlineData(0, "l0h1")]
    [InlineData(1, "l1h0")]
    public void LockStepInSingle_FollowsTheReference(int run, string name)
    {
        using var engine = new LockStepEngine(
            Config, ReferenceTransformer.Weights(), [Component.Parse(name, Config)], Batches(Runs[run]));
        AssertFollows(Runs[run], name, engine, 2e-5);
    }

    private static void AssertFollows<T>(JsonElement run, string name, ILossEngine<T> engine, double tolerance)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var settings = run.GetProperty("sgld");
        var options = new SgldOptions
        {
            StepSize = settings.GetProperty("lr").GetDouble(),
            NBeta = settings.GetProperty("nbeta").GetDouble(),
            Localization = settings.GetProperty("localization").GetDouble(),
        };
        var walker = new Walker<T>(0, 0, engine.CenterOf(0));
        var dynamics = Dynamics<T>.Create(options, walker.Center.Length);
        var (losses, baselines) = (run.Numbers("loss_before_step"), run.Numbers("init_loss_per_batch"));
        var difference = 0.0;
        for (var step = 0; step < losses.Length; step++)
        {
            var baseline = engine.Evaluate([2 * step, 2 * step + 1], [walker]);
            Assert.Equal(baselines[step], baseline, tolerance);
            Assert.Equal(losses[step], walker.Loss, tolerance);
            difference += walker.Loss - baseline;
            var noise = Slice(run.GetProperty("noise_standard_normal_already_masked")[step], name);
            dynamics.Step(walker, baseline, [.. noise.Select(T.CreateChecked)]);
            var expected = Slice(run.GetProperty("weights_after_step")[step], name);
            Assert.Equal(
                expected,
                walker.Position.Select(double.CreateChecked),
                (a, b) => Math.Abs(a - b) < tolerance);
        }
        Assert.Equal(
            run.GetProperty("llc_from_these_steps").GetDouble(),
            options.NBeta * difference / losses.Length,
            100 * tolerance);
    }

    private static double[] Slice(JsonElement weights, string name)
    {
        var (layer, head) = (name[1] - '0', name[3] - '0');
        double[] OfHead(string weight) =>
            weights.Numbers($"blocks.{layer}.attn.{weight}")[(head * 128)..((head + 1) * 128)];
        return [.. HeadWeights.SelectMany(OfHead)];
    }

    private static ContextSet Batches(JsonElement run) =>
        new("reference", run.Numbers("batches").Select(t => (int)t).ToArray(), Config.ContextLength);
}
