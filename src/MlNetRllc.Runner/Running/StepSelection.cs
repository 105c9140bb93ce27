using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>The steps that a run is about.</summary>
internal static class StepSelection
{
    /// <summary>The chosen steps, in the pipeline's order.</summary>
    /// <exception cref="PipelineException">An option names a step that there is not.</exception>
    public static IReadOnlyList<StepSpec> StepsOf(Pipeline pipeline, RunOptions options)
    {
        IReadOnlyList<string> start = options.From is { } first ? [first] : [];
        (string Option, IReadOnlyList<string> Names)[] given = [("--only", options.Only), ("--from", start), ("--force", options.Force)];
        foreach (var (option, names) in given)
            foreach (var name in names.Where(n => pipeline.Steps.All(s => s.Name != n)))
            {
                var shown = SafePath.Shown(name);
                var hint = NearestName.Hint(name, pipeline.Steps.Select(s => s.Name));
                throw new PipelineException($"{option} {shown}: there is no step '{shown}'.{hint}", pipeline.File.Path)
                    .About(ErrorPage.UnknownName);
            }
        return [.. pipeline.Steps.Where(s => (options.Only.Count == 0 || options.Only.Contains(s.Name))
            && (options.From is not { } from || s.Name == from || Before(pipeline, s).Any(b => b.Name == from)))];
    }

    /// <summary>Refuses a choice that leaves out what a chosen step needs and is not done, as a run does.</summary>
    /// <param name="matrix">The study.</param>
    /// <param name="runs">Folder of the run folders.</param>
    /// <param name="options">The choice.</param>
    /// <param name="hashes">The content of the inputs.</param>
    /// <exception cref="PipelineException">A step is missing.</exception>
    public static void CheckDone(StudyMatrix matrix, string runs, RunOptions options, InputHashes hashes)
    {
        if (options is { Only.Count: 0, From: null }) return;
        foreach (var cell in matrix.Cells)
        {
            var (pipeline, folder, chosen) = (cell.Pipeline, matrix.FolderOf(runs, cell), StepsOf(cell.Pipeline, options));
            var keys = StepKey.KeysOf(pipeline, hashes);
            foreach (var step in chosen)
            foreach (var needed in Before(pipeline, step).Except(chosen))
            {
                var state = StepState.StateOf(folder, needed, keys[needed.Name], name => Manifest.Find(folder, name), thorough: false);
                if (!state.IsDone) throw NotDone(pipeline, step, needed, state);
            }
        }
    }

    /// <summary>Says that a chosen step needs one that is neither done nor chosen.</summary>
    public static PipelineException NotDone(Pipeline pipeline, StepSpec step, StepSpec needed, StepState state) => new PipelineException(
        $"the step '{step.Name}' needs '{needed.Name}', which is not done ({(state.Why.Length > 0 ? state.Why : "it never ran")}) "
        + "and not chosen: choose it too, or run without --only and --from.",
        pipeline.File.Path).About(ErrorPage.StepNotDone);

    /// <summary>The steps that a step follows from, near and far, in the pipeline's order.</summary>
    public static IReadOnlyList<StepSpec> Before(Pipeline pipeline, StepSpec step)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        void Visit(StepSpec at)
        {
            foreach (var name in at.Needs)
                if (found.Add(name)) Visit(pipeline.Steps.Single(s => s.Name == name));
        }
        Visit(step);
        return [.. pipeline.Steps.Where(s => found.Contains(s.Name))];
    }
}
