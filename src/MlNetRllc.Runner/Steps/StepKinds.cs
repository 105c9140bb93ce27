using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>The kinds of steps that there are: the one list, handed to whatever knows them all.</summary>
internal static class StepKinds
{
    /// <summary>All kinds, in the order in which studies use them.</summary>
    public static IReadOnlyList<StepKind> All { get; } =
    [
        new TokenizeStep(), new TrainStep(), new CheckpointsStep(),
        new SampleStep(), new EstimateStep(), new PatternsStep(), new ScoreStep(), new ClassifyStep(),
        new StagesStep(), new ClusterStep(), new FindingsStep(), new CompareStep(), new ExamplesStep(), new ReportStep(),
    ];

    /// <summary>Reads pipeline files with steps of these kinds.</summary>
    public static PipelineReader Reader { get; } = new(All);

    /// <summary>The folders in which steps keep things by content.</summary>
    public static IReadOnlyList<ContentFolder> ContentFolders { get; } = [.. All.SelectMany(k => k.ContentFolders)];

    /// <summary>The kind of a class.</summary>
    public static T The<T>() where T : StepKind => All.OfType<T>().Single();

    /// <summary>The kind that a run's record names by its component; null when there is none.</summary>
    public static StepKind? FindByComponent(string component) => All.FirstOrDefault(k => k.Component == component);
}
