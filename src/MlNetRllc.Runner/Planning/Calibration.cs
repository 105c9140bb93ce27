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
    private const int Version = 1, Context = 128;

    /// <summary>The measurement for a shape; measured anew when there is none for this machine.</summary>
    public static Calibration Of(TransformerConfig config, SgldOptions? sampling)
    {
        var identity = JsonSerializer.Serialize(new { Version, Environment.MachineName, Environment.ProcessorCount, config, sampling?.Engine, sampling?.Precision, sampling?.HeadBiases }, RunRecord.Json);
        var path = Path.Combine(CacheFolder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16]}.json");
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

    private static string CacheFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "mlnet-rllc", "calibration");

    private static Calibration Measure(TransformerConfig config, SgldOptions sampling)
    {
        const int batch = 8;
        var tokens = Enumerable.Range(0, batch * config.ContextLength).Select(i => i * 7919 % config.VocabularySize).ToArray();
        var text = new ContextSet("calibration", tokens, config.ContextLength);
        var folder = Directory.CreateTempSubdirectory("mlnetrllc-plan-").FullName;
        try
        {
            // The first steps pay for the runtime's and the library's start; the rate is that of the rest.
            Stopwatch? watch = null;
            const int steps = 5;
            var options = new TrainingOptions { Steps = steps, BatchSize = batch, Checkpoints = CheckpointSchedule.Linear(0) };
            TrainingResult Train(int count) => new LanguageModelTrainer(config, options with { Steps = count }).Train(text, null, Path.Combine(folder, $"{count}"));
            Train(1);
            watch = Stopwatch.StartNew();
            var result = Train(steps);
            var train = (double)steps * batch * config.ContextLength / watch.Elapsed.TotalSeconds;

            string[] components = config.Heads > 1 ? ["l0h0", "l0h1"] : ["l0h0"];
            var sgld = sampling with { Chains = 2, Draws = 1, BurnIn = 0, Thinning = 1, GradientAccumulation = 1, BatchSize = 4 };
            SgldSampler.Sample(config, result.Weights, components, text, sgld);
            watch.Restart();
            SgldSampler.Sample(config, result.Weights, components, text, sgld with { Draws = 4 });
            return new(train, 4.0 * sgld.BatchSize * config.ContextLength * sgld.Chains * components.Length / watch.Elapsed.TotalSeconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
