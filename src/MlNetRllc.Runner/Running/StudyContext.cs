using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>What one step sees of its run. Each step has its own, so that steps may run side by side.</summary>
internal sealed class StudyContext(Study study, StepSpec step, StepKey key)
{
    private readonly List<string> files = [];
    private readonly NotingDisplay display = new(study.Display);
    private object? output;

    /// <summary>What the step's result follows from.</summary>
    public StepKey Key => key;

    public MLContext Ml { get; } = new(study.Pipeline.Seed);

    public Pipeline Pipeline => study.Pipeline;

    public RunFolder Folder => study.Folder;

    public IStudyDisplay Display => Restored is null ? display : NoDisplay.Instance;

    /// <summary>What the step was at last, of what it showed.</summary>
    public string Now => display.Now;

    /// <summary>Asks to stop once what is in hand is finished and saved.</summary>
    public CancellationToken Cancellation => study.Cancellation;

    /// <summary>What the step left when it was done earlier: its files hold the results, and only its output is wanted. Null when there is work to do.</summary>
    public Manifest? Restored { get; init; }

    /// <summary>Whether to compute anew whatever an earlier run kept.</summary>
    public bool Forced { get; init; }

    /// <summary>Numbers worth telling at the end, by <c>step.name</c>: entropies, final losses, agreements.</summary>
    public StepResults Results { get; } = new(study.Results);

    /// <summary>What could not be done although the step went on.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>The steps done so far.</summary>
    public IReadOnlyList<StepRecord> Steps => study.Steps;

    public DateTime Started => study.Started;

    /// <summary>The files that hold the step's results, in the order in which they were written.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Tells a number under the step's name, so that two steps of a kind do not meet.</summary>
    public void Tell(StepSpec teller, string name, double value) => Results[$"{teller.Name}.{name}"] = value;

    /// <summary>A number that a step told; NaN where it told none.</summary>
    public double Told(string teller, string name) => Results.GetValueOrDefault($"{teller}.{name}", double.NaN);

    public void Put(StepSpec given, object value) => output = given.Name == step.Name ? value : throw new ArgumentException($"{step.Name} cannot give the output of {given.Name}.");

    /// <summary>What <see cref="Put"/> was given.</summary>
    public object Given => output ?? this;

    /// <summary>Names a file that holds results of the step: while it is whole and nothing else changed, the step need not run again.</summary>
    public void Keep(string path)
    {
        if (!files.Contains(path)) files.Add(path);
    }

    /// <summary>Names what is kept by content and the step needs, before it does its work: files or folders that may not be there yet.</summary>
    public void Refer(IEnumerable<string> paths)
    {
        if (Restored is null) new StepReferences(step.Name, key.Value, [.. paths.Select(p => Path.GetRelativePath(Folder.Path, p).Replace('\\', '/'))]).Write(Folder);
    }

    /// <summary>What the step named by an input gave; read back from its files when it was done by an earlier run.</summary>
    public T Output<T>(StepSpec reader, string input) => (T)study.OutputOf(reader.Input(input));
}
