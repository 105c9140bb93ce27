using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;
using MlNetRllc.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MlNetRllc.TorchSharpTrainers;

/// <summary>ML.NET's text classification with our LLC behind it: what fails today, and that only it fails.</summary>
public sealed class TextClassificationTests : IDisposable
{
    /// <summary>What TorchSharp says when weights are read into the encoder. The trainer's initialisers dispose what
    /// <c>torch.nn.init</c> returns, which is the weight itself by now (see <see cref="Initialiser_ReturnsTheWeightItself"/>): of the
    /// encoder's 142 tensors 60 are left.</summary>
    private const string KnownFailure = "Mismatched state_dict sizes: expected 60, but found";

    private readonly MLContext ml = new(seed: 1) { TempFilePath = Directory.CreateTempSubdirectory("mlnetrllc-trainers-").FullName };
    private readonly TorchSharp.Modules.Linear head = Linear(2, 2);

    public void Dispose()
    {
        head.Dispose();
        Directory.Delete(ml.TempFilePath, recursive: true);
    }

    // The trainer reads pretrained weights, which it would download. A file of no weights in their place keeps it off the network:
    // an encoder that is whole refuses that file too, with another number.
    [Fact]
    public void TextClassification_FailsToFitBecauseItDisposedItsWeights()
    {
        WriteWeightsOfNothing(Path.Combine(ml.TempFilePath, "mlnet", "NasBert2000000.tsm"));
        var trainer = ml.MulticlassClassification.Trainers.TextClassification(batchSize: 4, maxEpochs: 1, sentence1ColumnName: "Text");
        var error = Record.Exception(() => WithLlcBehind(trainer).Fit(TwentyLines()));
        Assert.True(error is ArgumentException && error.Message.StartsWith(KnownFailure, StringComparison.Ordinal), WhatToTurnOn(error));
    }

    // The same pipeline with a trainer of ML.NET that works: what is wrong above is not on our side.
    [Fact]
    public void TrainerThatWorks_GetsAnLlcOverItsScores()
    {
        var trainer = ml.Transforms.Text.FeaturizeText("Features", "Text")
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 5));
        var result = Assert.Single(WithLlcBehind(trainer).Fit(TwentyLines()).LastTransformer.Results);
        Assert.Equal(head.weight!.numel() + head.bias!.numel(), result.Dimension);
        Assert.True(double.IsFinite(result.Llc));
    }

    [Fact]
    public void Initialiser_ReturnsTheWeightItself() => Assert.Same(head.weight, init.zeros_(head.weight!));

    /// <summary>Labels as keys, the trainer, and the LLC of a small head over the two scores that it gives.</summary>
    private EstimatorChain<LlcTransformer> WithLlcBehind<T>(IEstimator<T> trainer) where T : class, ITransformer =>
        ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer)
            .Append(ml.Rllc.EstimateLlc(head, (logits, label) => functional.cross_entropy(logits, label), new()
            {
                FeatureColumn = "Score", FeatureShape = [2],
                Sampling = new() { Chains = 2, Draws = 10, BatchSize = 4, Seed = 1 },
            }));

    private IDataView TwentyLines() => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Line
    {
        Text = i % 2 == 0 ? $"The harvest of year {i} was good." : $"The harvest of year {i} was lost.",
        Label = i % 2 == 0 ? "good" : "lost",
    }).ToList());

    private static void WriteWeightsOfNothing(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var nothing = Identity();
        nothing.save(file);
    }

    private static string WhatToTurnOn(Exception? found)
    {
        var versions = $"Microsoft.ML.TorchSharp {VersionOf(typeof(TorchSharpCatalog))} on TorchSharp {VersionOf(typeof(torch))}";
        return $"""
            Text classification of {versions} does not fail as it is known to: {found?.Message ?? "it fits"}
            If its encoder keeps its weights now (142, not 60), it works: give this test pretrained weights, expect a finite LLC as
            {nameof(TrainerThatWorks_GetsAnLlcOverItsScores)} does, and say in src/MlNetRllc/README.md that such trainers can be studied.
            """;
    }

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private sealed class Line
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
