using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine is at a model's shape, measured for a second or two and kept in the user's cache folder.</summary>
/// <param name="TrainTokensPerSecond">Predicted tokens a second, forward and backward.</param>
/// <param name="SampleTokensPerSecond">Tokens x chains x components a second.</param>
internal sealed record Calibration(double TrainTokensPerSecond, double SampleTokensPerSecond)
{
    private const int Version = 3, Context = 128, MostComponents = 16;

    /// <summary>The measurement for a shape; measured anew when there is none for this machine.</summary>
    public static Calibration Of(TransformerConfig config, SgldOptions? sampling)
    {
        var identity = JsonSerializer.Serialize(new { Version, Environment.MachineName, Environment.ProcessorCount, config, sampling?.Engine, sampling?.Precision, sampling?.HeadBiases }, RunRecord.Json);
        var path = Path.Combine(UserCache.Folder, "calibration", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16]}.json");
        try
        {
            if (File.Exists(path) && JsonSerializer.Deserialize<Calibration>(File.ReadAllBytes(path), RunRecord.Json) is { } known) return known;
        }
        catch (JsonException) { }
        var measured = Measure(config with { ContextLength = Math.Min(Context, config.ContextLength) }, sampling ?? new());
        try { AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, measured, RunRecord.Json)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // A read-only home costs a second at the next plan.
        return measured;
    }

    /// <summary>Measures now, whatever is kept.</summary>
    public static Calibration Measure(TransformerConfig config, SgldOptions sampling)
    {
        var folder = Directory.CreateTempSubdirectory("mlnetrllc-plan-").FullName;
        try
        {
            // A tiny model first: it pays for the start of the runtime and the library.
            Once(new() { VocabularySize = 64, ContextLength = 16, Layers = 1, Heads = 2, ModelWidth = 16, HeadWidth = 8 }, sampling, folder);
            return Once(config, sampling, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Calibration Once(TransformerConfig config, SgldOptions sampling, string folder)
    {
        const int batch = 8, few = 1, many = 5, draws = 2;
        var tokens = Enumerable.Range(0, batch * config.ContextLength).Select(i => i * 7919 % config.VocabularySize).ToArray();
        var text = new ContextSet("calibration", tokens, config.ContextLength);
        TrainingResult Train(int steps) => new LanguageModelTrainer(config, new() { Steps = steps, BatchSize = batch, Checkpoints = CheckpointSchedule.Linear(0) })
            .Train(text, null, Path.Combine(folder, $"{config.VocabularySize}-{steps}"));

        // Both write the same files, so the difference is that of the steps.
        var watch = Stopwatch.StartNew();
        Train(few);
        var start = watch.Elapsed;
        watch.Restart();
        var result = Train(many);
        var training = Math.Max((watch.Elapsed - start).TotalSeconds, watch.Elapsed.TotalSeconds / many);

        // As many walkers side by side as a study has, for what they share counts much; a short text, for what each does alone counts more.
        string[] components = [.. Component.Expand("heads", config).Take(MostComponents)];
        var sgld = sampling with { Draws = draws, BurnIn = 0, Thinning = 1, GradientAccumulation = 1, BatchSize = 2, Chains = Math.Min(sampling.Chains, 2) };
        watch.Restart();
        SgldSampler.Sample(config, result.Weights, components, text, sgld);
        var walked = (double)draws * sgld.BatchSize * config.ContextLength * sgld.Chains * components.Length;
        return new((double)(many - few) * batch * config.ContextLength / training, walked / watch.Elapsed.TotalSeconds);
    }
}
