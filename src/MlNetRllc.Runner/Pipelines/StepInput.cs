namespace MlNetRllc.Runner.Pipelines;

/// <summary>What an input of a step refers to.</summary>
internal enum InputType
{
    /// <summary>Another step, by name.</summary>
    Step,

    /// <summary>A dataset of the file, by name.</summary>
    Dataset,

    /// <summary>Several datasets, by name.</summary>
    Datasets,

    /// <summary>Several probe sets, by name.</summary>
    Probes,

    /// <summary>A list of texts, such as component names.</summary>
    Texts,

    /// <summary>A folder, relative to the file.</summary>
    Folder,
}

/// <summary>An input of a step.</summary>
/// <param name="Key">Its key in the file.</param>
/// <param name="Type">What it refers to.</param>
/// <param name="Description">For the schema and the help.</param>
/// <param name="Optional">Whether the step also works without it.</param>
internal sealed record StepInput(string Key, InputType Type, string Description, bool Optional = false)
{
    /// <summary>For a step: the class of its kind, or an interface of all kinds that serve.</summary>
    public Type? From { get; private init; }

    /// <summary>For datasets: whether one may be named of which only some tokens count.</summary>
    public bool TakesMasked { get; init; }

    /// <summary>Whether it is read from files that others may change.</summary>
    public bool IsFile => Type is
        InputType.Dataset or InputType.Datasets or InputType.Probes or InputType.Folder;

    /// <summary>For a step: an optional input of its kind that it must have here.</summary>
    public string? With { get; init; }

    /// <summary>For a step: what one lacks to be named here, as the end of a sentence about it; null where it lacks nothing.</summary>
    public Func<StepSpec, string?>? Lacks { get; init; }

    /// <summary>An option that has a meaning only where this input is given.</summary>
    public string? Enables { get; init; }

    /// <summary>An input that names a step.</summary>
    /// <typeparam name="TKind">The class of its kind, or an interface of all kinds that serve.</typeparam>
    public static StepInput Step<TKind>(string key, string description, bool optional = false) where TKind : class =>
        new(key, InputType.Step, description, optional) { From = typeof(TKind) };

    /// <summary>Whether a step of a kind may be named here.</summary>
    public bool Takes(StepShape kind) => From?.IsInstanceOfType(kind) == true;
}
