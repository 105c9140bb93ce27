using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Running;

/// <summary>What the steps of a run share.</summary>
internal sealed class StudyContext(MLContext ml, Pipeline pipeline, RunFolder folder, IStudyDisplay display, CancellationToken cancellation) : IDisposable
{
    private readonly Dictionary<string, object> outputs = new(StringComparer.Ordinal);

    public MLContext Ml => ml;

    public Pipeline Pipeline => pipeline;

    public RunFolder Folder => folder;

    public IStudyDisplay Display => display;

    /// <summary>Asks to stop once what is in hand is finished and saved.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Numbers worth telling at the end: entropies, final losses.</summary>
    public Dictionary<string, double> Results { get; } = [];

    /// <summary>What could not be done although the run went on.</summary>
    public List<string> Problems { get; } = [];

    public List<StepRecord> Steps { get; } = [];

    public DateTime Started { get; } = DateTime.UtcNow;

    public void Put(StepSpec step, object output) => outputs[step.Name] = output;

    /// <summary>What the step named by an input gave.</summary>
    public T Output<T>(StepSpec step, string input) => (T)outputs[step.Input(input)];

    public void Dispose()
    {
        foreach (var output in outputs.Values.OfType<IDisposable>()) output.Dispose();
    }
}
