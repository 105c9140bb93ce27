using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>A study as its file declares it.</summary>
/// <param name="File">The file, for places in errors.</param>
/// <param name="Name">Names the run folder.</param>
/// <param name="Seed">Seed of every step that does not set its own.</param>
/// <param name="Datasets">Cards or files by name; paths are absolute or as written for addresses. A masked one has those of the
/// dataset it is of.</param>
/// <param name="Steps">In the order in which they run.</param>
internal sealed record Pipeline(
    YamlFile File, string Name, int Seed, IReadOnlyDictionary<string, string> Datasets, IReadOnlyList<StepSpec> Steps)
{
    /// <summary>The datasets of which only some tokens count.</summary>
    public IReadOnlyDictionary<string, MaskedDataset> Masked { get; init; } = new Dictionary<string, MaskedDataset>();

    /// <summary>The probe sets.</summary>
    public IReadOnlyDictionary<string, ProbeOptions> Probes { get; init; } =
        new Dictionary<string, ProbeOptions>();

    /// <summary>What was changed of the file, as given with <c>--set</c>.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>What it was cut down to, so that it fits a time; null where none was given.</summary>
    public BudgetChoice? Budget { get; init; }

    /// <summary>Where its sweeps are sampled.</summary>
    public ExecutionOptions Execution { get; init; } = new();

    /// <summary>An error at the place where the file says where sweeps are sampled; of the whole file where it does not.</summary>
    public PipelineException ExecutionError(string message) =>
        File.Root.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: "slurm" or "executor" }).Key is { } place
            ? File.Error(place, message) : new(message, File.Path);

    /// <summary>The dataset that an input's name leads to: itself, or the one that a probe set is made from.</summary>
    public string DatasetOf(StepInput input, string name) =>
        input.Type == InputType.Probes ? Probes[name].Of : name;

    /// <summary>The step that an input of another one names.</summary>
    public StepSpec InputOf(StepSpec reader, string key) => Steps.Single(s => s.Name == reader.Input(key));
}

/// <summary>One step.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Inputs">Names it refers to, by input key.</param>
/// <param name="Options">One record of each type in <see cref="StepShape.Options"/>.</param>
internal sealed record StepSpec(
    string Name, StepShape Kind, IReadOnlyDictionary<string, IReadOnlyList<string>> Inputs, IReadOnlyList<object> Options)
{
    /// <summary>The steps that it reads, each once.</summary>
    public IEnumerable<string> Needs => Kind.Inputs
        .Where(i => i.Type == InputType.Step && Inputs.ContainsKey(i.Key))
        .SelectMany(i => Inputs[i.Key])
        .Distinct(StringComparer.Ordinal);

    /// <summary>The options record of a type.</summary>
    public T Get<T>() => Options.OfType<T>().Single();

    /// <summary>The one name of an input.</summary>
    public string Input(string key) => Inputs[key][0];

    /// <summary>Whether an optional input is given.</summary>
    public bool Has(string key) => Inputs.ContainsKey(key);
}
