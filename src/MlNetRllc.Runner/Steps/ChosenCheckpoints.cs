using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Checkpoints;
using MlNetRllc.Core.Training;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Steps;

/// <summary>A few of a model's checkpoints.</summary>
internal static class ChosenCheckpoints
{
    /// <summary>The checkpoints of so many steps, spaced in log step (<see cref="CheckpointChoice"/>).</summary>
    public static IDataView Choose(MLContext ml, IDataView checkpoints, int count)
    {
        var rows = ml.Data.CreateEnumerable<CheckpointRow>(checkpoints, reuseRowObject: false).ToList();
        var chosen = CheckpointChoice.Spread([.. rows.Select(r => r.Step)], count);
        return chosen.Count == rows.Count ? checkpoints : ml.Data.LoadFromEnumerable(rows.Where(r => chosen.Contains(r.Step)).ToList());
    }

    /// <summary>The training steps of a table of checkpoints.</summary>
    public static IReadOnlyList<int> StepsOf(IDataView checkpoints) => [.. checkpoints.GetColumn<int>(RllcColumns.Step)];
}
