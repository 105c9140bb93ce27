using System.Collections.Concurrent;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>A run in progress, shared by its steps: what they gave, and how they went.</summary>
/// <remarks>It is safe for steps that run side by side.
/// A step that was done before gives its output when it is first asked for, and not at all when nobody asks.</remarks>
internal sealed class Study(Pipeline pipeline, RunFolder folder, IStudyDisplay display, CancellationToken cancellation) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<object>> outputs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Manifest> done = new(StringComparer.Ordinal);

    public Pipeline Pipeline => pipeline;

    public RunFolder Folder => folder;

    public IStudyDisplay Display => display;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Steps that this run is to do, as far as they are not done already.</summary>
    public IReadOnlyCollection<StepSpec> Chosen { get; set; } = [];

    public DateTime Started { get; } = DateTime.UtcNow;

    /// <summary>Steps that failed, and those that could not run for it, by name.</summary>
    public ConcurrentDictionary<string, string> Failures { get; } = new(StringComparer.Ordinal);

    /// <summary>The steps done so far, in the pipeline's order.</summary>
    public IReadOnlyList<StepRecord> Steps =>
        [.. Done.Select(d => RecordOf(d.Manifest, d.Kind))];

    private StepRecord RecordOf(Manifest manifest, string kind) =>
        new(manifest.Step, kind, manifest.Summary, manifest.Seconds, Kept.ContainsKey(manifest.Step))
        {
            Tables = [.. TablesOf(manifest)],
        };

    private static IEnumerable<string> TablesOf(Manifest manifest) => (manifest.Files ?? [])
        .Where(f => f.Path.StartsWith("tables/", StringComparison.Ordinal))
        .Select(f => Path.GetFileName(f.Path));

    /// <summary>What could not be done although the run went on.</summary>
    public IReadOnlyList<string> Problems => [.. pipeline.Steps.SelectMany(s => ManifestOf(s.Name)?.Problems ?? []),
        .. pipeline.Steps.Where(s => Failures.ContainsKey(s.Name)).Select(s => $"{s.Name}: {Failures[s.Name]}")];

    /// <summary>A sentence on each file that was damaged, put aside and is made again.</summary>
    public ConcurrentQueue<string> Damaged { get; } = [];

    /// <summary>Tells of a damaged file as it is found: the run may not come to its end.</summary>
    public void TellDamaged(string sentence)
    {
        Damaged.Enqueue(sentence);
        display.Damaged(sentence);
    }

    /// <summary>Steps whose results an earlier run left.</summary>
    public ConcurrentDictionary<string, bool> Kept { get; } = new(StringComparer.Ordinal);

    /// <summary>Numbers worth telling at the end: entropies, final losses;
    /// of steps that give the same name, the later in the file counts.</summary>
    public IReadOnlyDictionary<string, double> Results
    {
        get
        {
            var results = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (name, value) in Done.SelectMany(d => d.Manifest.Results)) results[name] = value;
            return results;
        }
    }

    private IEnumerable<(Manifest Manifest, string Kind)> Done =>
        from step in pipeline.Steps let manifest = ManifestOf(step.Name) where manifest is not null select (manifest, step.Kind.Component);

    /// <summary>What the step left, when it is done.</summary>
    public Manifest? ManifestOf(string step) => done.GetValueOrDefault(step);

    public void FinishStep(Manifest manifest) => done[manifest.Step] = manifest;

    public void PutOutput(string step, object output) => outputs[step] = new(output);

    /// <summary>How to get the output of a step that is done already.</summary>
    public void PutOutputLater(string step, Func<object> output) => outputs[step] = new(output);

    public object OutputOf(string step) => outputs[step].Value;

    public void Dispose()
    {
        foreach (var output in outputs.Values.Where(o => o.IsValueCreated).Select(o => o.Value).OfType<IDisposable>()) output.Dispose();
    }
}
