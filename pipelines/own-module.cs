#!/usr/bin/env dotnet
#:project ../src/MlNetRllc/MlNetRllc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Bring your own module: train a small network with TorchSharp, then ask how degenerate its minimum is, as a whole and layer by layer.
// Run: dotnet run pipelines/own-module.cs   (in seconds: -- --reduced)
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc;
using MlNetRllc.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

var reduced = args.Contains("--reduced");
var ml = new MLContext(seed: 1);

// A table like any other: two inputs, one label that depends on the first only.
var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row
{
    A = MathF.Sin(i), B = MathF.Cos(3 * i), Label = MathF.Sin(2 * MathF.Sin(i)),
}));
var split = ml.Data.TrainTestSplit(rows, testFraction: 0.2, seed: 1);

// The module, its loss and its training are yours.
using var module = Sequential(("hidden", Linear(2, 8)), ("tanh", Tanh()), ("out", Linear(8, 1)));
static Tensor Loss(Tensor output, Tensor label) => functional.mse_loss(output.squeeze(-1), label);
var train = ml.Data.CreateEnumerable<Row>(split.TrainSet, reuseRowObject: false).ToList();
using (var x = tensor(train.SelectMany(r => new[] { r.A, r.B }).ToArray(), [train.Count, 2L]))
using (var y = tensor(train.Select(r => r.Label).ToArray()))
using (var adam = optim.Adam(module.parameters(), 1e-2))
    for (var step = 0; step < (reduced ? 50 : 2000); step++)
    {
        using var scope = NewDisposeScope();
        adam.zero_grad();
        Loss(module.call(x), y).backward();
        adam.step();
    }

// The estimate is one more step of an ordinary chain.
var chain = ml.Transforms.Concatenate("Features", "A", "B").AppendCacheCheckpoint(ml)
    .Append(ml.Rllc.EstimateLlc(module, Loss, new()
    {
        // Layers, and one hidden unit: what it reads, and what is read from it.
        Selections =
        [
            ParameterSelection.All, new("hidden", "hidden.*"), new("out", "out.*"),
            new ParameterSelection("unit-3").Rows("hidden.*", 3..4).Columns("out.weight", 3..4),
        ],
        // NBeta, n / ln n, follows the rows; a weak pull sees more of the minimum, and takes longer.
        Sampling = new() { Localization = 1, StepSize = 1e-3, Chains = 4, Draws = reduced ? 20 : 1000, BatchSize = 32 },
    }));
foreach (var result in chain.Fit(split.TrainSet).LastTransformer.Results)
    Console.WriteLine($"{result.Selection,-6} {result.Dimension,3} weights  "
        + $"LLC {result.Llc,7:0.000} +- {result.LlcStdErr:0.000}  {result.Status} {result.StatusReason}".TrimEnd());

internal sealed class Row
{
    public float A { get; set; }

    public float B { get; set; }

    public float Label { get; set; }
}
