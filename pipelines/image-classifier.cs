#!/usr/bin/env dotnet
#:project ../src/MlNetRllc/MlNetRllc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// An image classifier of one's own: a small convolutional network that tells bars, blobs and noise apart, and how
// degenerate its minimum is.
// Run: dotnet run pipelines/image-classifier.cs   (in seconds: -- --reduced)
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc;
using MlNetRllc.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

var reduced = args.Contains("--reduced");
var ml = new MLContext(seed: 1);
var images = Enumerable.Range(0, reduced ? 60 : 600).Select(Picture.Draw).ToList();

using var module = Sequential(
    ("convolution", Conv2d(1, 4, 3)), ("relu", ReLU()),
    ("pool", AdaptiveAvgPool2d(2)), ("flat", Flatten()),
    ("classes", Linear(16, 3)));
using (var pixels = tensor(images.SelectMany(i => i.Pixels).ToArray(), [images.Count, 1, 8, 8]))
using (var labels = tensor(images.Select(i => (long)Picture.KindOf(i.Kind)).ToArray()))
using (var adam = optim.Adam(module.parameters(), 1e-2))
    for (var step = 0; step < (reduced ? 30 : 1000); step++)
    {
        using var scope = NewDisposeScope();
        adam.zero_grad();
        functional.cross_entropy(module.call(pixels), labels).backward();
        adam.step();
    }

// A key column becomes class numbers (in order of occurrence, as trained), a vector of pixels the shape that the network takes.
var chain = ml.Transforms.Conversion.MapValueToKey("Label", "Kind").AppendCacheCheckpoint(ml)
    .Append(ml.Rllc.EstimateLlc(module, (logits, label) => functional.cross_entropy(logits, label), new()
    {
        FeatureColumn = "Pixels",
        FeatureShape = [1, 8, 8],
        Selections = [ParameterSelection.All, new("convolution", "convolution.*"), new("classes", "classes.*")],
        Sampling = new()
        {
            NBeta = images.Count / Math.Log(images.Count), Localization = 10,
            Chains = 4, Draws = reduced ? 10 : 500, BatchSize = 32,
        },
    }));
foreach (var result in chain.Fit(ml.Data.LoadFromEnumerable(images)).LastTransformer.Results)
    Console.WriteLine($"{result.Selection,-11} {result.Dimension,3} weights  "
        + $"LLC {result.Llc,7:0.000} +- {result.LlcStdErr:0.000}  {result.Status} {result.StatusReason}".TrimEnd());

internal sealed class Picture
{
    private static readonly string[] Kinds = ["bar", "blob", "noise"];

    [VectorType(64)]
    public float[] Pixels { get; set; } = [];

    public string Kind { get; set; } = "";

    public static int KindOf(string kind) => Array.IndexOf(Kinds, kind);

    public static Picture Draw(int number)
    {
        var kind = number % 3;
        float At(int x, int y) => kind switch
        {
            0 => x == number / 3 % 8 ? 1 : 0,
            1 => Math.Abs(x - 4) + Math.Abs(y - number / 3 % 8) < 3 ? 1 : 0,
            _ => MathF.Sin(number * 7.1f + x * 3.3f + y * 5.7f),
        };
        float Shade(int pixel) => At(pixel % 8, pixel / 8) + 0.1f * MathF.Sin(number + pixel * pixel);
        return new() { Kind = Kinds[kind], Pixels = [.. Enumerable.Range(0, 64).Select(Shade)] };
    }
}
