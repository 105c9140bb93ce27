namespace MlNetRllc.Runner.Pipelines;

/// <summary>A kind of step as a file may write it: its name, its inputs and its options.
/// It is one ML.NET component of the library, as a rule.</summary>
/// <remarks>This is the ground floor of a kind; what it costs and what it does stand on it.
/// Whatever knows all kinds is handed their list.</remarks>
internal abstract class StepShape
{
    /// <summary>The key in the file.</summary>
    public abstract string Name { get; }

    /// <summary>The catalog method that it calls; names the kind in the records of runs.</summary>
    public abstract string Component { get; }

    /// <summary>What it reads.</summary>
    public abstract IReadOnlyList<StepInput> Inputs { get; }

    /// <summary>The records whose properties are its keys.</summary>
    public abstract IReadOnlyList<Type> Options { get; }

    /// <summary>Properties of these records that follow from the data, or from the run's folder.</summary>
    public virtual IReadOnlyList<string> LeftOut => [];

    /// <summary>What follows its name in those of its tables: nothing, and endings such as <c>-pairs</c>.</summary>
    public virtual IReadOnlyList<string> Tables => [""];

    /// <summary>A file that it writes whatever its name is, so that a study has one such step; null where there is none.</summary>
    public virtual string? OnlyFile => null;
}
