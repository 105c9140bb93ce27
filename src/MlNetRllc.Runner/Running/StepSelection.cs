using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;

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
