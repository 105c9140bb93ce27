using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Exports.HeadVis;

/// <summary>What of a run goes into the viewer's folder.</summary>
internal sealed record HeadVisSources
{
    /// <summary>The study's name.</summary>
    public required string Study { get; init; }

    public required IReadOnlyList<(string Step, string Path)> Estimates { get; init; }

    public required IReadOnlyList<(string Step, string Path)> Patterns { get; init; }

    public required IReadOnlyList<(string Step, string Path)> Scores { get; init; }

    public required IReadOnlyList<(string Step, string Path)> Clusters { get; init; }

    /// <summary>What clusterings of all layers call themselves.</summary>
    public required string ClusterScope { get; init; }

    /// <summary>Files of examples steps.</summary>
    public required IReadOnlyList<(string Step, string Path)> Examples { get; init; }
}

/// <summary>Makes a run into what the HeadVis viewer reads.</summary>
internal static class HeadVisExport
{
    /// <summary>Reads the run's tables.</summary>
    /// <exception cref="PipelineException">A table is damaged, or none has a head.</exception>
    public static HeadVisData Read(HeadVisSources run)
    {
        List<HeadVisMetric> metrics =
        [
            .. MetricsOf(run.Estimates, HeadVisMetrics.OfEstimates), .. MetricsOf(run.Scores, HeadVisMetrics.OfScores),
            .. MetricsOf(run.Patterns, HeadVisMetrics.OfPatterns),
            .. MetricsOf(run.Clusters, (step, rows) => HeadVisMetrics.OfClusters(step, rows, run.ClusterScope)),
        ];
        var examples = run.Examples.Select(e => RunFiles.ReadWhole(e.Path, () =>
            JsonSerializer.Deserialize<ExamplesFile>(SharedFile.ReadAllText(e.Path), RunRecord.Json)!)).ToList();
        var data = new HeadVisData(run.Study, metrics, HeadVisSequences.SequencesOf(examples));
        return data.Heads.Count > 0 ? data
            : throw new PipelineException(
                "no table of this run has a head with an estimate that is ok or a score; estimate or score heads first.", run.Study);
    }

    private static IEnumerable<HeadVisMetric> MetricsOf(
        IReadOnlyList<(string Step, string Path)> tables,
        Func<string, IReadOnlyList<Dictionary<string, string>>, IEnumerable<HeadVisMetric>> metrics) =>
        tables.SelectMany(table => RunFiles.ReadWhole(table.Path, () => metrics(table.Step, RunTables.RowsOf(table.Path)).ToList()));
}
