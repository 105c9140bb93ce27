#!/usr/bin/env dotnet
#:project ../src/MlNetRllc/MlNetRllc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// A transformer with an MLP, written in TorchSharp by its owner: the LLC of the whole, of its attention and of its MLP.
// It learns to add modulo 11.
// Run: dotnet run pipelines/mlp-transformer.cs   (in seconds: -- --reduced)
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc;
using MlNetRllc.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

var reduced = args.Contains("--reduced");
var ml = new MLContext(seed: 1);
var sums = (
    from a in Enumerable.Range(0, 11)
    from b in Enumerable.Range(0, 11)
    select new Sum { Tokens = [a, b], Label = (a + b) % 11 }).ToList();

using var module = new Adder();
using (var tokens = tensor(sums.SelectMany(s => s.Tokens).ToArray(), [sums.Count, 2L]))
using (var labels = tensor(sums.Select(s => (long)s.Label).ToArray()))
using (var adam = optim.Adam(module.parameters(), 1e-2))
    for (var step = 0; step < (reduced ? 20 : 1500); step++)
    {
        using var scope = NewDisposeScope();
        adam.zero_grad();
        functional.cross_entropy(module.call(tokens), labels).backward();
        adam.step();
    }

var estimate = ml.Rllc.EstimateLlc(module, (logits, label) => functional.cross_entropy(logits, label.to(ScalarType.Int64)), new()
{
    FeatureColumn = "Tokens",
    Selections = [ParameterSelection.All, new("attention", "query.*", "key.*", "value.*", "output.*"), new("mlp", "up.*", "down.*")],
    Sampling = new()
    {
        NBeta = sums.Count / Math.Log(sums.Count), Localization = 10, StepSize = 1e-4,
        Chains = 4, Draws = reduced ? 10 : 500, BatchSize = 32,
    },
});
foreach (var result in estimate.Fit(ml.Data.LoadFromEnumerable(sums)).Results)
    Console.WriteLine($"{result.Selection,-9} {result.Dimension,5} weights  "
        + $"LLC {result.Llc,7:0.000} +- {result.LlcStdErr:0.000}  {result.Status} {result.StatusReason}".TrimEnd());

internal sealed class Sum
{
    [VectorType(2)]
    public int[] Tokens { get; set; } = [];

    public int Label { get; set; }
}

/// <summary>One block: attention and an MLP, each added to the stream; the last position is read out.</summary>
internal sealed class Adder : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Embedding token = Embedding(11, 16), position = Embedding(2, 16);
    private readonly TorchSharp.Modules.Linear query = Linear(16, 16), key = Linear(16, 16);
    private readonly TorchSharp.Modules.Linear value = Linear(16, 16), output = Linear(16, 16);
    private readonly TorchSharp.Modules.Linear up = Linear(16, 32), down = Linear(32, 16), read = Linear(16, 11);

    public Adder() : base("adder") => RegisterComponents();

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var places = arange(2, device: tokens.device);
        // Each is [batch, pos, d_model] but the last, [batch, 11].
        var x = token.call(tokens.to(ScalarType.Int64)) + position.call(places);
        x = x + output.call(functional.scaled_dot_product_attention(query.call(x), key.call(x), value.call(x)));
        x = x + down.call(functional.gelu(up.call(x)));
        return read.call(x.select(1, 1)).MoveToOuterDisposeScope();
    }
}
