using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Runs;

/// <summary>The choice that an earlier run of a study made for a time: its steps are done, or begun, with that.</summary>
internal static class KeptBudget
{
    /// <summary>The choice; null where there is no run of the same file and assignments for the same time.</summary>
    /// <param name="runFolder">The run's folder; of a matrix that of its first combination.</param>
    /// <param name="pipeline">The study as it would be run without a choice.</param>
    /// <param name="within">The time, as it was given.</param>
    public static BudgetChoice? Find(string runFolder, Pipeline pipeline, string within)
    {
        var path = Path.Combine(runFolder, "run.json");
        if (!File.Exists(path)) return null;
        try
        {
            using var json = JsonDocument.Parse(SealedFile.Read(path));
            var run = json.RootElement;
            if (!run.TryGetProperty("budget", out var kept)) return null;
            if (kept.Deserialize<BudgetChoice>(RunRecord.Json) is not { Steps: not null } choice) return null;
            var set = run.GetProperty("set").EnumerateArray().Select(s => s.GetString());
            return choice.Within == within && run.GetProperty("pipeline").GetString() == pipeline.File.Text
                && set.SequenceEqual(pipeline.Assignments) ? choice : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
