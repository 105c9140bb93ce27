using System.Text.Json;
using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Model;

/// <summary>Parity with values computed elsewhere in float64 (Reference/tiny_transformer.json).</summary>
public sealed class TransformerReferenceTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 50, ContextLength = 16, Layers = 2, Heads = 2, ModelWidth = 16, HeadWidth = 8,
        AttentionBiases = false, UnembeddingBias = false,
    };

    private readonly JsonElement reference = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "tiny_transformer.json"))).RootElement;

    [Theory, InlineData(ScalarType.Float64, 1e-9), InlineData(ScalarType.Float32, 2e-5)]
    public void ReferenceWeights_GiveReferenceLogits(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var model = Model(dtype);
        AssertClose(Flat(reference.GetProperty("logits")), model.call(Ids()), tolerance, "logits");
    }

    [Theory, InlineData(ScalarType.Float64, 1e-9), InlineData(ScalarType.Float32, 2e-5)]
    public void ReferenceWeights_GiveReferenceLosses(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var model = Model(dtype);
        var losses = model.PerTokenLoss(Ids());
        AssertClose(Flat(reference.GetProperty("per_token_loss")), losses, tolerance, "losses");
        AssertClose([reference.GetProperty("mean_loss").GetDouble()], losses.mean(), tolerance, "mean loss");
    }

    [Theory, InlineData(ScalarType.Float64, 1e-9), InlineData(ScalarType.Float32, 2e-5)]
    public void ReferenceWeights_GiveReferenceGradients(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var model = Model(dtype);
        model.PerTokenLoss(Ids()).mean().backward();
        var gradients = reference.GetProperty("grads_of_mean_loss");
        Assert.Equal(gradients.EnumerateObject().Count(), model.Weights.Count());
        foreach (var (name, value) in model.Weights)
            AssertClose(
                Flat(gradients.GetProperty(NameInReference(name)).GetProperty("data")),
                value.grad!,
                tolerance,
                name);
    }

    [Theory, InlineData(ScalarType.Float64, 1e-9), InlineData(ScalarType.Float32, 2e-5)]
    public void ReferenceWeights_GiveReferencePatterns(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var model = Model(dtype);
        var patterns = stack(model.AttentionPatterns(Ids()));
        AssertClose(
            Flat(reference.GetProperty("attention_patterns_layer_batch_head_q_k")),
            patterns,
            tolerance,
            "patterns");
    }

    private AttentionOnlyTransformer Model(ScalarType dtype)
    {
        var model = new AttentionOnlyTransformer(Config, dtype);
        using var ungraded = no_grad();
        foreach (var (name, value) in model.Weights)
            {
                var given = reference.GetProperty("weights").GetProperty(NameInReference(name)).GetProperty("data");
                value.copy_(tensor(Flat(given)).view(value.shape));
            }
        return model;
    }

    private Tensor Ids() =>
        tensor(Flat(reference.GetProperty("ids")).Select(id => (long)id).ToArray()).view(3, 16);

    private static string NameInReference(string name) => name
        .Replace("embed.W_E", "W_E").Replace("pos_embed.W_pos", "W_pos").Replace("unembed.W_U", "W_U")
        .Replace(".ln1.w", ".ln.weight").Replace(".ln1.b", ".ln.bias")
        .Replace("ln_final.w", "ln_f.weight").Replace("ln_final.b", "ln_f.bias");

    private static double[] Flat(JsonElement values) => values.ValueKind == JsonValueKind.Array
        ? [.. values.EnumerateArray().SelectMany(Flat)] : [values.GetDouble()];

    private static void AssertClose(double[] expected, Tensor actual, double tolerance, string what)
    {
        var found = actual.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, found.Length);
        var worst = expected.Zip(found, (e, f) => Math.Abs(e - f)).Max();
        Assert.True(
            worst <= tolerance,
            $"{what}: the largest difference is {worst:g3}, {tolerance:g1} is allowed.");
    }
}
