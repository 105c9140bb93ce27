using System.Text.Json.Serialization;
using MlNetRllc.Core.Clustering;

namespace MlNetRllc.Clustering;

/// <summary>What clustering the trajectories of a table gave.</summary>
public sealed record TrajectoryClusters
{
    /// <summary>The dataset whose curves were clustered; of several their names with "and" between.</summary>
    public required string Dataset { get; init; }

    /// <summary>What each channel of the curves is, [channel]: its dataset, its slot of the vector column, or
    /// both; empty where a curve has one channel.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>The components, in the order of the lists in <see cref="Result"/>.</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>Training steps of the curves' points, [point].</summary>
    public required IReadOnlyList<double> Steps { get; init; }

    /// <summary>Labels (0 to K-1), distances, silhouettes, centres.</summary>
    public required ClusteringResult Result { get; init; }

    /// <summary>What a reader of the clusters must know, a sentence each without its full stop: which curves were left out, in which
    /// missing points were filled, and what the clustering itself noted.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Remarks =>
    [
        .. Result.Excluded.Select(e => $"{Components[e.Index]} is left out: {e.Reason.TrimEnd('.')}"),
        .. Result.Filled.Count == 0 ? (string[])[] : [$"missing points were filled along straight lines: {FilledCurves}"],
        .. Result.Notes.Select(note => note.TrimEnd('.')),
    ];

    private string FilledCurves
    {
        get
        {
            const int named = 8;
            string ChannelOf(FilledCurve filled) => Channels.Count == 0 ? "" : $" of {Channels[filled.Channel]}";
            var first = Result.Filled.Take(named).Select(f => $"{f.Points}{ChannelOf(f)} in {Components[f.Index]}");
            var rest = Result.Filled.Skip(named).ToList();
            return string.Join(", ", first) + (rest.Count == 0 ? "" : $", and {rest.Sum(f => f.Points)} in {rest.Count} more curves");
        }
    }
}
