using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Heads;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

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

    /// <summary>A list of texts, such as component names.</summary>
    Texts,

    /// <summary>A folder, relative to the file.</summary>
    Folder,
}

/// <summary>An input of a step.</summary>
/// <param name="Key">Its key in the file.</param>
/// <param name="Type">What it refers to.</param>
/// <param name="Description">For the schema and the help.</param>
/// <param name="FromKind">For a step: the kind it must have.</param>
/// <param name="Optional">Whether the step also works without it.</param>
internal sealed record StepInput(string Key, InputType Type, string Description, string? FromKind = null, bool Optional = false)
{
    /// <summary>Whether it is read from files that others may change.</summary>
    public bool IsFile => Type is InputType.Dataset or InputType.Datasets or InputType.Folder;
}

/// <summary>A kind of step: one ML.NET component of the library, its inputs and its options records.</summary>
/// <param name="Name">The key in the file.</param>
/// <param name="Component">The catalog method it calls.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Options">Whose properties are its keys.</param>
/// <param name="LeftOut">Properties that follow from the data, or from the run's folder.</param>
internal sealed record StepKind(string Name, string Component, IReadOnlyList<StepInput> Inputs, IReadOnlyList<Type> Options, params IReadOnlyList<string> LeftOut)
{
    /// <summary>Whether it takes seconds on one core: it may then run beside others, and is done anew by a new build of the program. Other steps use
    /// all cores and run alone.</summary>
    public bool IsLight { get; init; }

    /// <summary>The kind in whose place it may be named: what it gives serves as that kind's does.</summary>
    public string? StandsFor { get; init; }

    /// <summary>Raise when results change for equal options and inputs.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Whether a step of this kind may be named where <paramref name="kind"/> is wanted.</summary>
    public bool Serves(string? kind) => kind is not null && (Name == kind || StandsFor == kind);

    public static IReadOnlyList<StepKind> All { get; } =
    [
        new("tokenize", "TokenizeText", [new("text", InputType.Dataset, "dataset the vocabulary is learned from")], [typeof(TokenizeTextOptions)],
            nameof(TokenizeTextOptions.StoreFolder)),
        new("train", "TrainAttentionOnlyTransformer", [new("contexts", InputType.Step, "a tokenize step", "tokenize")],
            [typeof(TransformerConfig), typeof(TrainingOptions)], nameof(TransformerConfig.VocabularySize), nameof(TransformerConfig.ContextLength)),
        new("checkpoints", "LoadCheckpoints",
        [
            new("folder", InputType.Folder, "folder of checkpoints trained elsewhere: safetensors or PyTorch state dicts, TransformerLens names, step_N"),
            new("contexts", InputType.Step, "a tokenize step with the model's own vocabulary and context length", "tokenize"),
        ], []) { StandsFor = "train", Version = 2 },
        new("sample", "SampleSgld",
        [
            new("model", InputType.Step, "a train or checkpoints step", "train"),
            new("components", InputType.Texts, "names or selectors: heads, layers, l0h3, full, embed, unions joined with +"),
            new("datasets", InputType.Datasets, "datasets whose loss is sampled"),
            new("reference", InputType.Step, "a train step: the loss is the divergence from its last checkpoint's predictions", "train", Optional: true),
        ], [typeof(SgldOptions), typeof(SampledTextOptions)]),
        new("estimate", "EstimateRllc", [new("traces", InputType.Step, "a sample step", "sample")], [typeof(EstimationOptions)]) { IsLight = true },
        new("score", "ScoreHeads",
            [new("model", InputType.Step, "a train step", "train"), new("text", InputType.Dataset, "dataset that heads are ablated on and whose n-grams are counted"),
                new("stages", InputType.Step, "a stages step, at whose ends token classes are found too", "stages", Optional: true)],
            [typeof(ScoreHeadsOptions), typeof(ScoredCheckpointsOptions)],
            nameof(ScoreHeadsOptions.TokenTexts), nameof(ScoreHeadsOptions.TokenClassSteps), nameof(ScoreHeadsOptions.TraceSteps)) { Version = 2 },
        new("classify", "ClassifyHeads", [new("scores", InputType.Step, "a score step", "score")], [typeof(HeadClassifierOptions)]) { IsLight = true },
        new("stages", "FindStages", [new("rllc", InputType.Step, "an estimate step that has the component full", "estimate")],
            [typeof(PlateauOptions), typeof(StagesOptions)]) { IsLight = true },
        new("cluster", "ClusterTrajectories",
        [
            new("rllc", InputType.Step, "an estimate step", "estimate"),
            new("types", InputType.Step, "a classify step, with whose types the clusters are compared", "classify", Optional: true),
        ], [typeof(ClusteringOptions), typeof(ClusterTrajectoriesOptions), typeof(LayerClusteringOptions)],
            nameof(ClusterTrajectoriesOptions.Clustering), nameof(ClusterTrajectoriesOptions.Layer)) { IsLight = true },
        new("findings", "the findings",
        [
            new("rllc", InputType.Step, "an estimate step", "estimate"), new("scores", InputType.Step, "a score step", "score"),
            new("types", InputType.Step, "a classify step", "classify"),
        ], [typeof(FindingsOptions)]) { IsLight = true, Version = 2 },
        new("examples", "the examples",
        [
            new("model", InputType.Step, "a train step", "train"), new("types", InputType.Step, "a classify step", "classify"),
            new("text", InputType.Dataset, "dataset whose contexts are shown"),
            new("heads", InputType.Texts, "heads that are shown; the best of each type when left out", Optional: true),
        ], [typeof(ExamplesOptions)]) { IsLight = true },
        new("report", "the report",
        [
            new("rllc", InputType.Step, "an estimate step: heads on the training text and on others", "estimate"),
            new("clusters", InputType.Step, "a cluster step", "cluster", Optional: true),
            new("types", InputType.Step, "a classify step", "classify", Optional: true),
            new("scores", InputType.Step, "a score step", "score", Optional: true),
            new("stages", InputType.Step, "a stages step, whose boundaries are drawn in every figure over training", "stages", Optional: true),
            new("reference", InputType.Step, "an estimate step whose loss is the divergence from a frozen model", "estimate", Optional: true),
            new("drllc", InputType.Step, "an estimate step of the whole model over many datasets", "estimate", Optional: true),
            new("examples", InputType.Step, "an examples step", "examples", Optional: true),
        ], []) { IsLight = true },
    ];
}
