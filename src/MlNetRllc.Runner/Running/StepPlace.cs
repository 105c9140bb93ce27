using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;

namespace MlNetRllc.Runner.Running;

/// <summary>Where a run was when something went wrong: the step, what it was at, and what it reads.</summary>
internal static class StepPlace
{
    public static string Describe(Pipeline pipeline, StepSpec step, string now)
    {
        var inputs = step.Kind.Inputs.Where(i => step.Has(i.Key))
            .Select(input => $"{input.Key} {string.Join(", ", step.Inputs[input.Key].Select(name => Shown(pipeline, input, name)))}");
        var paths = step.Options.SelectMany(OptionsIdentity.Paths)
            .Select(p => $"{string.Join('.', p.Parents.Append(p.Property).Select(OptionsBinder.KeyOf))} {p.Path}");
        var at = now.Length > 0 ? $" at '{now}'" : "";
        return $"the step '{step.Name}' ({step.Kind.Name}){at}, with {string.Join("; ", inputs.Concat(paths))}";
    }

    private static string Shown(Pipeline pipeline, StepInput input, string name) => input.Type switch
    {
        InputType.Dataset or InputType.Datasets => $"'{name}' ({pipeline.Datasets[name]})",
        InputType.Probes => $"'{name}' (of {pipeline.Probes[name].Of})",
        InputType.Step => $"'{name}'",
        _ => name,
    };
}

/// <summary>Passes on what a step shows, and remembers the last of it.</summary>
internal sealed class NotingDisplay(IStudyDisplay display) : IStudyDisplay
{
    /// <summary>What the step was at last.</summary>
    public string Now { get; private set; } = "";

    public void Show(Action work) => display.Show(work);

    public void Begin(string step, string what) => display.Begin(step, what);

    public void Progress(string step, double share, string now)
    {
        Now = now;
        display.Progress(step, share, now);
    }

    public void End(string step, string summary, TimeSpan time) => display.End(step, summary, time);
}
