using Microsoft.ML;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Foundation;

/// <summary>What the rows of a grid name, looked at when a component is fitted: a name that there is not would
/// give a column of NaN, hours later.</summary>
internal sealed class GridNames
{
    private readonly string fitted;
    private readonly Dictionary<string, int> datasets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> checkpoints = new(StringComparer.Ordinal);

    // Of each component the first checkpoint that it stands beside: models of one sweep have one shape.
    private readonly Dictionary<string, string> components = new(StringComparer.Ordinal);
    private int rows;

    private GridNames(string fitted) => this.fitted = fitted;

    /// <summary>Reads the columns <c>Checkpoint</c>, <c>Component</c> and, where <paramref name="hasDatasets"/>,
    /// <c>Dataset</c>, which were checked.</summary>
    /// <param name="fitted">Name of the component that is fitted, for errors.</param>
    /// <param name="grid">The rows.</param>
    /// <param name="hasDatasets">Whether rows are asked for their dataset.</param>
    public static GridNames Read(string fitted, IDataView grid, bool hasDatasets)
    {
        var names = new GridNames(fitted);
        List<string> columns = [RllcColumns.Checkpoint, RllcColumns.Component];
        if (hasDatasets) columns.Add(RllcColumns.Dataset);
        using var cursor = grid.GetRowCursor(columns.Select(column => grid.Schema[column]));
        var (checkpoint, component) = (cursor.ReadText(RllcColumns.Checkpoint), cursor.ReadText(RllcColumns.Component));
        var dataset = hasDatasets ? cursor.ReadText(RllcColumns.Dataset) : null;
        while (cursor.MoveNext())
        {
            var path = checkpoint();
            names.rows++;
            names.checkpoints[path] = names.checkpoints.GetValueOrDefault(path) + 1;
            names.components.TryAdd(component(), path);
            if (dataset?.Invoke() is { } name) names.datasets[name] = names.datasets.GetValueOrDefault(name) + 1;
        }
        return names;
    }

    /// <summary>Whether there is no row.</summary>
    public bool IsEmpty => rows == 0;

    /// <summary>The first row's checkpoint.</summary>
    public string FirstCheckpoint => checkpoints.Keys.First();

    /// <summary>Refuses a dataset that is not among those given.</summary>
    /// <exception cref="ArgumentException">There is one; the message says what it may have been meant to be.</exception>
    public void CheckDatasets(IEnumerable<string> given)
    {
        foreach (var (name, count) in datasets)
            if (!given.Contains(name, StringComparer.Ordinal))
                throw new ArgumentException(
                    $"{fitted}: the dataset '{name}' ({Of(count)}) is none of those given to it.{NearestName.Hint(name, given)}");
    }

    /// <summary>Refuses a checkpoint whose file is not there. What is in it is looked at with its rows.</summary>
    /// <exception cref="FileNotFoundException">There is one; the message names a file beside it that it may have
    /// been meant to be.</exception>
    public void CheckCheckpoints()
    {
        foreach (var (path, count) in checkpoints)
            if (!File.Exists(path))
                throw new FileNotFoundException($"{fitted}: the checkpoint {path} ({Of(count)}) does not exist.{FileNear(path)}", path);
    }

    /// <summary>Refuses a component that its model does not have.</summary>
    /// <param name="configOf">The model of a checkpoint; null where it cannot be read, which its rows then say.</param>
    /// <param name="headBiases">As <see cref="Component.Parse"/>.</param>
    /// <exception cref="ArgumentException">There is one; the message names the model and what it has.</exception>
    public void CheckComponents(Func<string, TransformerConfig?> configOf, bool headBiases = false)
    {
        foreach (var beside in components.GroupBy(c => c.Value, c => c.Key))
        {
            if (configOf(beside.Key) is not { } config) continue;
            foreach (var name in beside)
            {
                try { Component.Parse(name, config, headBiases); }
                catch (ArgumentException e)
                {
                    throw new ArgumentException($"{fitted}, of {Path.GetFileName(beside.Key)}: {e.Message}", e);
                }
            }
        }
    }

    private string Of(int count) => $"{count} of {rows} rows";

    private static string FileNear(string path)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path)), Path.GetFileName(path));
        if (!Directory.Exists(folder)) return $" There is no folder {folder} either.";
        var files = Directory.EnumerateFiles(folder, "*", new EnumerationOptions()).Select(file => Path.GetFileName(file)!);
        return NearestName.Find(name, files) is { } nearest ? $" Did you mean '{nearest}'?" : "";
    }
}
