using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Core.Training;

/// <summary>All that training needs to go on as if it had never stopped: weights, moments, step, losses so far, and what they belong to.</summary>
/// <remarks>One safetensors file (<c>training-state.safetensors</c>), replaced by rename. The random streams need no state: they are functions of
/// the seed and the step.</remarks>
internal sealed record TrainingState(int Step, double LossSum, int LossCount, IReadOnlyList<TrainingState.Kept> History, WeightSet Weights,
    WeightSet Means, WeightSet Squares)
{
    private const string FileName = "training-state.safetensors";
    private static readonly JsonSerializerOptions Json = new()
    {
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new ConstructedObjects(TrainingJson.Default),
    };

    /// <summary>A checkpoint with its file's name, so that the folder may be moved.</summary>
    internal sealed record Kept(int Step, double TrainLoss, double ValidationLoss, string File);

    public static TrainingState? TryLoad(string folder, TransformerConfig config, IReadOnlyDictionary<string, string> identity)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        var (all, metadata) = Safetensors.Read(path);
        foreach (var (what, wanted) in identity)
        {
            var found = metadata.GetValueOrDefault(what);
            if (found == wanted) continue;
            throw new InvalidOperationException($"The folder {folder} holds a training with another {what} (there: {found ?? "unknown"}; here: {wanted}). "
                + "Train into another folder, or delete this one.");
        }
        WeightSet Part(string prefix) => new WeightSet(WeightNames.Shapes(config).Select(w => all[$"{prefix}{w.Name}"] with { Name = w.Name })).CheckedAgainst(config);
        try
        {
            var state = new TrainingState(
                int.Parse(metadata["step"], CultureInfo.InvariantCulture),
                double.Parse(metadata["loss sum"], CultureInfo.InvariantCulture),
                int.Parse(metadata["loss count"], CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize<List<Kept>>(metadata["history"], Json)!,
                Part("weight "), Part("mean "), Part("square "));
            if (state.History.FirstOrDefault(k => !File.Exists(Path.Combine(folder, k.File))) is { } lost)
                throw new InvalidDataException($"{Path.Combine(folder, lost.File)} is missing, though the training has passed it. Delete the folder to train anew.");
            return state;
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is not a training state ({e.Message}). Delete the folder to train anew.", e);
        }
    }

    public void Save(string folder, IReadOnlyDictionary<string, string> identity)
    {
        static IEnumerable<Weight> Named(string prefix, WeightSet set) => set.Select(w => w with { Name = prefix + w.Name });
        var metadata = new Dictionary<string, string>(identity)
        {
            ["step"] = Step.ToString(CultureInfo.InvariantCulture),
            ["loss sum"] = LossSum.ToString("R", CultureInfo.InvariantCulture),
            ["loss count"] = LossCount.ToString(CultureInfo.InvariantCulture),
            ["history"] = JsonSerializer.Serialize(History, Json),
        };
        Safetensors.Write(Path.Combine(folder, FileName),
            new WeightSet([.. Named("weight ", Weights), .. Named("mean ", Means), .. Named("square ", Squares)]), metadata);
    }
}
