using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Core.Training;

/// <summary>All that training needs to go on as if it had never stopped: weights, moments, step,
/// losses so far, and what they belong to.</summary>
/// <remarks>One safetensors file (<c>training-state.safetensors</c>), replaced by rename. The
/// random streams need no state: they are functions of the seed and the step.</remarks>
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

    /// <summary>The state in a folder; null where there is none, or where it or a checkpoint is not
    /// what was written: such a file is put aside, and the training, which gives the same bytes
    /// again, begins anew.</summary>
    /// <param name="folder">The training's folder.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="identity">What the state must belong to.</param>
    /// <param name="warn">Told of a damaged file.</param>
    public static TrainingState? TryLoad(
        string folder, TransformerConfig config, IReadOnlyDictionary<string, string> identity, Action<string>? warn)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path) || Sound(path, warn) is not var (all, metadata)) return null;
        foreach (var (what, wanted) in identity)
        {
            var found = metadata.GetValueOrDefault(what);
            if (found == wanted) continue;
            throw new InvalidOperationException(
                $"The folder {folder} holds a training with another {what} (there: {found ?? "unknown"}; here: {wanted}). "
                + "Train into another folder, or delete this one.");
        }
        WeightSet Part(string prefix)
        {
            var weights = WeightNames.Shapes(config).Select(w => all[$"{prefix}{w.Name}"] with { Name = w.Name });
            return new WeightSet(weights).CheckedAgainst(config);
        }
        try
        {
            var state = new TrainingState(
                int.Parse(metadata["step"], CultureInfo.InvariantCulture),
                double.Parse(metadata["loss sum"], CultureInfo.InvariantCulture),
                int.Parse(metadata["loss count"], CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize<List<Kept>>(metadata["history"], Json)!,
                Part("weight "), Part("mean "), Part("square "));
            if (state.History.FirstOrDefault(k => !File.Exists(Path.Combine(folder, k.File))) is { } lost)
                throw new InvalidDataException(
                    $"{Path.Combine(folder, lost.File)} is missing, though the training has passed it. "
                    + "Delete the folder to train anew.");
            // All of them, so that each damaged one is named.
            var damaged = state.History.Where(k => Sound(Path.Combine(folder, k.File), warn) is null).ToList();
            return damaged.Count == 0 ? state : null;
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or JsonException or ArgumentException)
        {
            throw new InvalidDataException(
                $"{path} is not a training state ({e.Message}). Delete the folder to train anew.", e);
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
        var all = new WeightSet([.. Named("weight ", Weights), .. Named("mean ", Means), .. Named("square ", Squares)]);
        Safetensors.Write(Path.Combine(folder, FileName),
            all, WeightDigest.Added(all, metadata));
    }

    private static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata)? Sound(
        string path, Action<string>? warn)
    {
        try
        {
            return Safetensors.Read(path);
        }
        catch (InvalidDataException e)
        {
            DamagedFile.Refuse(path, e, warn);
            return null;
        }
    }
}
