using System.Text.Json.Nodes;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Planning;

/// <summary>Names of subfolders in which steps keep things by content: made of what changes the things.</summary>
internal static class ContentKeys
{
    private const int Length = 12;

    /// <summary>Of a training: one for each combination of data and options,
    /// so that changing an option back finds the old weights.</summary>
    public static string OfTraining(ContextSet train, ContextSet? validation, TransformerConfig shape, TrainingOptions options) =>
        Short(new JsonObject
        {
            ["format"] = TrainingIdentity.Format, ["train"] = train.Key, ["validation"] = validation?.Key,
            ["shape"] = KeyedOptions.Default.Say(shape, RunRecord.Json), ["options"] = KeyedOptions.Default.Say(options, RunRecord.Json),
        }.ToJsonString(RunRecord.Json));

    /// <summary>Of scores: one for each model and text, so that another option finds what of the scores it leaves as they are.</summary>
    /// <param name="model">What the model follows from.</param>
    /// <param name="text">What the text follows from.</param>
    public static string OfScores(string model, string text) => Short($"{model}\n{text}");

    private static string Short(string identity) => ContentHash.OfText(identity)[..Length];
}
