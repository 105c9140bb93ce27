using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Running;

/// <summary>The steps that a run is about.</summary>
internal static class StepSelection
{
    /// <summary>The chosen steps, in the pipeline's order.</summary>
    /// <exception cref="PipelineException">An option names a step that there is not.</exception>
    public static IReadOnlyList<StepSpec> StepsOf(Pipeline pipeline, RunOptions options)
    {
        foreach (var (option, names) in ((string, IReadOnlyList<string>)[])[("--only", options.Only), ("--from", options.From is { } from ? [from] : []), ("--force", options.Force)])
            foreach (var name in names.Where(n => pipeline.Steps.All(s => s.Name != n)))
                throw new PipelineException($"{option} {SafePath.Shown(name)}: there is no step '{SafePath.Shown(name)}'.{NearestName.Hint(name, pipeline.Steps.Select(s => s.Name))}", pipeline.File.Path);
        return [.. pipeline.Steps.Where(s => (options.Only.Count == 0 || options.Only.Contains(s.Name))
            && (options.From is not { } from || s.Name == from || Before(pipeline, s).Any(b => b.Name == from)))];
    }

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
