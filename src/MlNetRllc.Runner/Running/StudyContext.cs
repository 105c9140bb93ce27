using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Running;

/// <summary>What the steps of a run share.</summary>
internal sealed class StudyContext(MLContext ml, Pipeline pipeline, RunFolder folder, IStudyDisplay display, CancellationToken cancellation) : IDisposable
{
    private readonly Dictionary<string, object> outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> tables = new(StringComparer.Ordinal);

    public MLContext Ml => ml;

    public Pipeline Pipeline => pipeline;

    public RunFolder Folder => folder;

    public IStudyDisplay Display => display;

    /// <summary>Asks to stop once what is in hand is finished and saved.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Numbers worth telling at the end, by <c>step.name</c>: entropies, final losses, agreements.</summary>
    public Dictionary<string, double> Results { get; } = new(StringComparer.Ordinal);

    /// <summary>What could not be done although the run went on.</summary>
    public List<string> Problems { get; } = [];

    public List<StepRecord> Steps { get; } = [];

    public DateTime Started { get; } = DateTime.UtcNow;

    /// <summary>Tells a number under the step's name, so that two steps of a kind do not meet.</summary>
    public void Tell(StepSpec step, string name, double value) => Results[$"{step.Name}.{name}"] = value;

    /// <summary>A number that a step told; NaN where it told none.</summary>
    public double Told(string step, string name) => Results.GetValueOrDefault($"{step}.{name}", double.NaN);

    /// <summary>Notes that a step wrote a file in the folder of tables.</summary>
    public void Wrote(StepSpec step, string file)
    {
        if (!tables.TryGetValue(step.Name, out var files)) tables[step.Name] = files = [];
        files.Add(file);
    }

    /// <summary>The files that a step wrote, relative to the folder of tables.</summary>
    public IReadOnlyList<string> TablesOf(StepSpec step) => tables.TryGetValue(step.Name, out var files) ? [.. files] : [];

    public void Put(StepSpec step, object output) => outputs[step.Name] = output;

    /// <summary>What the step named by an input gave.</summary>
    public T Output<T>(StepSpec step, string input) => (T)outputs[step.Input(input)];

    public void Dispose()
    {
        foreach (var output in outputs.Values.OfType<IDisposable>()) output.Dispose();
    }
}
