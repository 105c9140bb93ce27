using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Planning;

/// <summary>Plans a study without reading its texts: states from the manifests, costs from the kinds of its steps.</summary>
internal static class StudyPlan
{
    /// <summary>The runtime, libtorch and ML.NET, at work on next to nothing.</summary>
    private const double ProgramMemoryBytes = 260 << 20;

    /// <summary>A study of fewer operations takes moments on any machine.</summary>
    private const double LongOperations = 5e12;

    private const double UsualOperationsPerSecond = 5e10;

    /// <summary>Plans all combinations of a file; what several of them share is counted once.</summary>
    /// <param name="matrix">The combinations.</param>
    /// <param name="runs">Folder of the run folders.</param>
    /// <param name="hashes">The content of the inputs; the files are read when null.</param>
    /// <param name="chosen">The steps of a combination that are planned; all when null.</param>
    public static IReadOnlyList<PlannedStep> PlanOf(
        StudyMatrix matrix, string runs, InputHashes? hashes = null, Func<Pipeline, IEnumerable<StepSpec>>? chosen = null)
    {
        hashes ??= new();
        var (planned, seen) = (new List<PlannedStep>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var cell in matrix.Cells)
        {
            var keys = StepKey.KeysOf(cell.Pipeline, hashes);
            RunFolder.CheckLinks(matrix.FolderOf(runs, cell), Path.Combine(runs, matrix.Name));
            foreach (var step in PlanOf(cell.Pipeline, keys, matrix.FolderOf(runs, cell), chosen?.Invoke(cell.Pipeline)))
            {
                var first = seen.TryGetValue($"{step.Name} {keys[step.Name].Value}", out var other);
                if (!first) seen[$"{step.Name} {keys[step.Name].Value}"] = cell.Name;
                var mine = first && step.State != "cached"
                    ? step with { State = "shared", Why = $"with {other}", Seconds = 0, DiskBytes = 0 }
                    : step;
                planned.Add(matrix.IsSweep ? mine with { Name = $"{cell.Name}/{step.Name}" } : mine);
            }
        }
        return planned;
    }

    /// <summary>Plans one study.</summary>
    public static IReadOnlyList<PlannedStep> PlanOf(Pipeline pipeline, string runFolder) =>
        PlanOf(pipeline, StepKey.KeysOf(pipeline), runFolder);

    /// <summary>Whether a study may take more than moments, told without measuring anything.</summary>
    public static bool IsLong(StudyMatrix matrix) =>
        matrix.Cells.Sum(cell => cell.Pipeline.Steps.Sum(step => step.Planned().OperationsOf(cell.Pipeline, step))) > LongOperations;

    /// <summary>Plans without measuring anything: the times only say which step is longer than another.</summary>
    /// <inheritdoc cref="PlanOf(StudyMatrix, string, InputHashes?, Func{Pipeline, IEnumerable{StepSpec}}?)"/>
    public static IReadOnlyList<PlannedStep> RoughPlanOf(StudyMatrix matrix, Func<Pipeline, IEnumerable<StepSpec>> chosen) =>
    [
        .. from cell in matrix.Cells
        from step in chosen(cell.Pipeline)
        let seconds = step.Planned().OperationsOf(cell.Pipeline, step) / UsualOperationsPerSecond
        select new PlannedStep(matrix.IsSweep ? $"{cell.Name}/{step.Name}" : step.Name, "new", "", "", seconds, 0, 0),
    ];

    private static List<PlannedStep> PlanOf(
        Pipeline pipeline, IReadOnlyDictionary<string, StepKey> keys, string runFolder, IEnumerable<StepSpec>? chosen = null)
    {
        Manifest? Before(string name) => Manifest.Find(runFolder, name) is { } found && found.Key == keys[name].Value ? found : null;
        return [.. (chosen ?? pipeline.Steps).Select(step =>
        {
            var state = StepState.StateOf(runFolder, step, keys[step.Name], Before, thorough: false);
            return state.IsDone ? new(step.Name, state.State, "", state.Manifest!.Summary, 0, 0, 0)
                : ToDo(pipeline, step, state, Remainder(runFolder, pipeline, step, keys[step.Name]));
        })];
    }

    private static PlannedStep ToDo(Pipeline pipeline, StepSpec step, StepState state, StepRemainder left)
    {
        var cost = step.Planned().CostOf(pipeline, step);
        var why = string.Join("; ", ((string[])[state.Why, left.Begun]).Where(w => w.Length > 0));
        var (seconds, disk) = (cost.Seconds * left.Share, cost.DiskBytes * left.Share);
        return new(step.Name, state.State, why, cost.Size, seconds, ProgramMemoryBytes + cost.MemoryBytes, disk);
    }

    private static StepRemainder Remainder(string runFolder, Pipeline pipeline, StepSpec step, StepKey key) =>
        StepReferences.Find(runFolder, step.Name, key.Value) is { Paths.Count: > 0 } begun
            ? step.Planned().RemainderOf(pipeline, step, [.. begun.In(runFolder)]) : StepRemainder.Whole;
}
