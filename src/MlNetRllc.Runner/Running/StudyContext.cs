using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>What one step sees of its run. Each step has its own, so that steps may run side by side.</summary>
internal sealed class StudyContext(Study study, StepSpec step, StepKey key)
{
    private readonly List<string> files = [];
    private readonly MLContext ml = Listening(study);
    private readonly NotingDisplay display = new(study.Display);
    private object? output;

    /// <summary>The step.</summary>
    public StepSpec Step => step;

    /// <summary>What the step's result follows from.</summary>
    public StepKey Key => key;

    public MLContext Ml => ml;

    public Pipeline Pipeline => study.Pipeline;

    public RunFolder Folder => study.Folder;

    private IStudyDisplay Display => Restored is null ? display : NoDisplay.Instance;

    /// <summary>What the step was at last, of what it showed.</summary>
    public string Now => display.Now;

    /// <summary>Asks to stop once what is in hand is finished and saved.</summary>
    public CancellationToken Cancellation => study.Cancellation;

    /// <summary>What the step left when it was done earlier: its files hold the results, and only its output is wanted.
    /// Null when there is work to do.</summary>
    public Manifest? Restored { get; init; }

    /// <summary>Whether to compute anew whatever an earlier run kept.</summary>
    public bool Forced { get; init; }

    /// <summary>Numbers worth telling at the end, by <c>step.name</c>: entropies, final losses, agreements.</summary>
    public StepResults Results { get; } = new(study.Results);

    /// <summary>What could not be done although the step went on.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Whether this run is to do a step, if it is not done already.</summary>
    public bool WillRun(StepSpec other) => study.Chosen.Contains(other);

    /// <summary>The steps done so far.</summary>
    public IReadOnlyList<StepRecord> Steps => study.Steps;

    public DateTime Started => study.Started;

    /// <summary>The files that hold the step's results, in the order in which they were written.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Tells a number under the step's name, so that two steps of a kind do not meet.</summary>
    public void TellNumber(string name, double value) => Results[$"{step.Name}.{name}"] = value;

    /// <summary>A number that a step told; NaN where it told none.</summary>
    public double NumberTold(string teller, string name) => Results.GetValueOrDefault($"{teller}.{name}", double.NaN);

    /// <summary>Shows how far the step is: a share from 0 to 1, and what it is at.</summary>
    public void ShowProgress(double share, string now) => Display.Progress(step.Name, share, now);

    /// <summary>The shape of the model that the step trained or loaded, for the record of the run.</summary>
    public TransformerConfig? Model { get; set; }

    /// <summary>Gives what later steps read of this one.</summary>
    public void GiveOutput(object value) => output = value;

    /// <summary>What <see cref="GiveOutput"/> was given.</summary>
    public object Output => output ?? this;

    /// <summary>Names a file that holds results of the step: while it is whole and nothing else changed,
    /// the step need not run again.</summary>
    public void KeepFile(string path)
    {
        if (!files.Contains(path)) files.Add(path);
    }

    /// <summary>Writes a table under the step's name in both formats; one that an earlier run wrote stays.</summary>
    /// <param name="table">Its rows.</param>
    /// <param name="part">What is appended to the step's name, for a second table of the step; such as <c>-pairs</c>.</param>
    /// <exception cref="InvalidOperationException">The kind of step does not say that it has such a table.</exception>
    public void SaveTable(IDataView table, string part = "")
    {
        SaveParquetTable(table, part);
        Write(table, $"{step.Name}{part}.csv");
    }

    /// <inheritdoc cref="SaveTable(IDataView, string)"/>
    public void SaveTable<TRow>(IEnumerable<TRow> rows, string part = "") where TRow : class =>
        SaveTable(Ml.Data.LoadFromEnumerable(rows.ToList()), part);

    /// <summary>Writes a table whose content is in vectors, which CSV has no place for.</summary>
    public void SaveParquetTable(IDataView table, string part = "")
    {
        if (!step.Kind.Tables.Contains(part))
            throw new InvalidOperationException($"A {step.Kind.Name} step does not say that it has a table '{part}'.");
        Write(table, $"{step.Name}{part}.parquet");
    }

    /// <summary>The table that the step wrote when it was done earlier.</summary>
    public IDataView LoadTable() => Ml.Rllc.LoadTable(Folder.At("tables", $"{step.Name}.parquet"));

    /// <summary>Names what is kept by content and the step needs, before it does its work:
    /// files or folders that may not be there yet.</summary>
    public void ReferToContent(IEnumerable<string> paths)
    {
        if (Restored is not null) return;
        var relative = paths.Select(p => PortablePath.Relative(Folder.Path, p));
        new StepReferences(step.Name, key.Value, [.. relative]).Write(Folder);
    }

    /// <summary>What the step named by an input gave; read back from its files when it was done by an earlier run.</summary>
    public T ReadInput<T>(string input) => ReadInputOf<T>(step, input);

    /// <summary>What the step named by another step's input gave.</summary>
    public T ReadInputOf<T>(StepSpec reader, string input) => (T)study.OutputOf(reader.Input(input));

    // What is kept by content is read by components, which say in the log what they found damaged.
    private static MLContext Listening(Study study)
    {
        var ml = new MLContext(study.Pipeline.Seed);
        ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning && DamagedFile.IsSentence(e.RawMessage)) study.TellDamaged(e.RawMessage);
        };
        return ml;
    }

    private void Write(IDataView table, string file)
    {
        if (Restored is not null) return;
        var path = Folder.At("tables", file);
        Ml.Rllc.SaveTable(table, path);
        KeepFile(path);
    }
}
