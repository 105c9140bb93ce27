using Microsoft.ML;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Grid;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>The rows of a sweep: every checkpoint x dataset x component.</summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and meaning</description></listheader>
    /// <item><term>Step</term><description>Int32: training step of the checkpoint</description></item>
    /// <item><term>Component</term><description>Text: such as <c>l0h3</c></description></item>
    /// <item><term>Dataset</term><description>Text: name of a dataset</description></item>
    /// <item><term>Checkpoint</term><description>Text: path of a safetensors file</description></item>
    /// </list>
    /// </remarks>
    /// <param name="checkpoints">Rows with <c>Step</c> (Int32) and <c>Checkpoint</c> (Text); the first one's
    /// model decides which components there are.</param>
    /// <param name="components">Names or selectors: <c>heads</c>, <c>layers</c>, <c>l0h3</c>, <c>full</c>,
    /// unions joined with <c>+</c>.</param>
    /// <param name="datasets">Names of the datasets, the same as given to <c>SampleSgld</c>.</param>
    /// <exception cref="ArgumentException">A column is missing, there is no checkpoint, component or dataset,
    /// or the model has no such component; the message lists those it has.</exception>
    /// <exception cref="IOException">The first checkpoint cannot be read.</exception>
    public IDataView EstimationGrid(IDataView checkpoints, IReadOnlyList<string> components, IReadOnlyList<string> datasets)
    {
        ArgumentNullException.ThrowIfNull(checkpoints);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(datasets);
        const string name = "EstimationGrid";
        ColumnNeed.Scalar<int>(RllcColumns.Step).Check(checkpoints, name);
        ColumnNeed.Text(RllcColumns.Checkpoint).Check(checkpoints, name);
        if (components.Count == 0)
            throw new ArgumentException("EstimationGrid needs at least one component, such as 'heads'.", nameof(components));
        if (datasets.Count == 0) throw new ArgumentException("EstimationGrid needs at least one dataset.", nameof(datasets));
        if (datasets.GroupBy(d => d, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"EstimationGrid: the dataset '{twice.Key}' is named twice.", nameof(datasets));

        var found = new List<(int Step, string Path)>();
        using (var cursor = checkpoints.GetRowCursor([checkpoints.Schema[RllcColumns.Step], checkpoints.Schema[RllcColumns.Checkpoint]]))
        {
            var (step, path) = (cursor.ReadNumber<int>(RllcColumns.Step), cursor.ReadText(RllcColumns.Checkpoint));
            while (cursor.MoveNext()) found.Add((step(), path()));
        }
        if (found.Count == 0) throw new ArgumentException("EstimationGrid: there are no checkpoints.", nameof(checkpoints));

        var config = Checkpoint.Load(found[0].Path).Config;
        var names = components.SelectMany(c => Component.Expand(c, config)).Distinct(StringComparer.Ordinal).ToList();
        return Context.Data.LoadFromEnumerable(
            (from checkpoint in found
             from dataset in datasets
             from component in names
             select new GridRow
             {
                 Step = checkpoint.Step, Component = component, Dataset = dataset, Checkpoint = checkpoint.Path,
             }).ToList());
    }
}
