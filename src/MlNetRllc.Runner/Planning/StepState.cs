using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Planning;

/// <summary>Whether a step is done.</summary>
/// <param name="State">cached, stale or new.</param>
/// <param name="Why">What changed, when it is stale.</param>
/// <param name="Manifest">What an earlier run left, when there is something of the same key.</param>
internal sealed record StepState(string State, string Why, Manifest? Manifest)
{
    public bool IsDone => State == "cached";

    /// <summary>The state of a step.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="step">The step.</param>
    /// <param name="key">What its result follows from now.</param>
    /// <param name="before">The manifest of a step that it reads, as that step stands now; null while that step is not done.</param>
    /// <param name="thorough">Reads every file of results; otherwise one of the recorded length and time counts as whole.</param>
    public static StepState StateOf(string runFolder, StepSpec step, StepKey key, Func<string, Manifest?> before, bool thorough)
    {
        if (Manifest.Find(runFolder, step.Name) is not { } found) return new("new", "", null);
        if (found.Key != key.Value) return new("stale", key.Differences(new(found.Parts)), null);
        if (found.IsReplaced) return new("stale", "it was begun anew and not finished", found);
        if (found.Files is null) return new("stale", "done by an older program", found);
        if (found.Problems.Count > 0) return new("stale", "only partly done", found);
        foreach (var input in step.Needs)
            if (before(input) is { } now && found.Inputs.GetValueOrDefault(input) != now.Digest)
                return new("stale", $"{input} came out differently", found);
        return found.Files.Select(f => f.Damage(runFolder, thorough)).FirstOrDefault(damage => damage is not null) is { } reason
            ? new("stale", reason, found) : new("cached", "", found);
    }
}
