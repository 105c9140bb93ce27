using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Training;

namespace MlNetRllc.Runner.Steps;

/// <summary>Writes report.html from the tables of the run.</summary>
internal static class ReportStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var estimated = context.Output<IDataView>(step, "rllc");
        var estimate = context.Pipeline.InputOf(step, "rllc");
        var sample = context.Pipeline.InputOf(estimate, "traces");
        var model = context.Output<LanguageModelTransformer>(sample, "model");
        var train = sample.Input("model");
        var (rows, traces) = EstimatedRows.ReadFrom(context.Ml, estimated);
        var checkpoints = context.Ml.Data.CreateEnumerable<CheckpointColumns>(model.Checkpoints, reuseRowObject: false)
            .Select(c => new CheckpointLossRow(c.Step, c.TrainLoss, c.ValidationLoss)).ToList();
        var sgld = sample.Get<SgldOptions>();
        var config = model.Config;
        ReportPage.Write(context.Folder.Report, new()
        {
            Title = context.Pipeline.Name,
            Subtitle = $"{config.Layers} layers × {config.Heads} heads, d_model {config.ModelWidth}, context {config.ContextLength}, vocabulary {config.VocabularySize:N0}; "
                + $"{checkpoints.Count} checkpoints; datasets {string.Join(" and ", sample.Inputs["datasets"])}",
            Tiles = Tiles(context, train, rows.Count),
            Entropies = new(context.Told(train, "unigramEntropy"), context.Told(train, "bigramEntropy")),
            Checkpoints = checkpoints,
            Rllc = rows,
            Traces = traces,
            Estimation = estimate.Get<EstimationOptions>(),
            Clusters = step.Has("clusters") ? Clusters(context, context.Output<TrajectoryClusteringTransformer>(step, "clusters"), context.Pipeline.InputOf(step, "clusters")) : null,
            TrainingText = TrainingText(context, context.Pipeline.InputOf(sample, "model")),
            Scores = step.Has("scores") ? List<HeadScoreRow>(context, context.Output<IDataView>(step, "scores")) : [],
            Types = step.Has("types") ? List<HeadTypeRow>(context, context.Output<HeadTypes>(step, "types").Rows) : [],
            Stages = step.Has("stages") ? List<StageRow>(context, context.Output<IDataView>(step, "stages")) : [],
            Reference = step.Has("reference") ? EstimatedRows.ReadFrom(context.Ml, context.Output<IDataView>(step, "reference")).Estimates : [],
            Datasets = step.Has("drllc") ? EstimatedRows.ReadFrom(context.Ml, context.Output<IDataView>(step, "drllc")).Estimates : [],
            Examples = step.Has("examples") ? Examples(context.Output<ExamplesFile>(step, "examples")) : [],
            Sgld = new(sgld.NBeta, sgld.Localization, sgld.StepSize),
            Facts = Facts(context),
            Steps = [.. context.Steps.Select(s => new ReportedStep(s.Name, s.Kind, s.Summary, s.Seconds))],
            Pipeline = context.Pipeline.File.Text,
        });
        context.Keep(context.Folder.Report);
        return context.Folder.Report;
    }

    private static string TrainingText(StudyContext context, StepSpec train) => context.Pipeline.InputOf(train, "contexts").Input("text");

    private static List<T> List<T>(StudyContext context, IDataView table) where T : class, new() => [.. context.Ml.Data.CreateEnumerable<T>(table, reuseRowObject: false)];

    private static List<ReportExample> Examples(ExamplesFile file) =>
    [
        .. file.Contexts.Select(c => new ReportExample(file.Dataset, c.Tokens,
            [.. c.Heads.Zip(file.Heads).Select(h => new ReportExampleHead(h.Second.Head, h.First.Attention, [.. h.First.LossChange.Select(v => v ?? double.NaN)]))])),
    ];

    private static List<ReportTile> Tiles(StudyContext context, string train, int estimates) =>
    [
        new($"{context.Told(train, "validationLoss"):F2}", "validation loss, nats per token"),
        new($"{context.Told(train, "unigramEntropy"):F2}", "unigram entropy"),
        new($"{context.Told(train, "bigramEntropy"):F2}", "bigram entropy"),
        new($"{estimates}", "estimates"),
        new(Amounts.Time(context.Steps.Sum(s => s.Seconds)), "time of the steps"),
        new($"{Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 30):F1} GB", "peak memory"),
    ];

    private static List<(string, string)> Facts(StudyContext context)
    {
        var record = new RunRecord { Name = context.Pipeline.Name, Seed = context.Pipeline.Seed, File = "", Pipeline = "", Started = context.Started };
        return
        [
            ("Seed", $"{record.Seed}"), ("Started", $"{context.Started:yyyy-MM-dd HH:mm} UTC"),
            .. record.Machine.Select(m => (m.Key, m.Value)), .. record.Versions.Select(v => (v.Key, v.Value)),
        ];
    }

    private static ReportClusters Clusters(StudyContext context, TrajectoryClusteringTransformer transformer, StepSpec step)
    {
        var (clusters, options) = (transformer.Clusters, step.Get<ClusteringOptions>());
        var result = clusters.Result;
        var unit = options.Normalization switch
        {
            TrajectoryNormalization.Standardize => "rLLC, standardised",
            TrajectoryNormalization.MinMax => "rLLC, from 0 to 1",
            _ => "rLLC",
        };
        return new(result.K, MethodOf(options), clusters.Dataset, unit, [.. result.Axis.Select(a => (int)Math.Round(a))],
            [.. clusters.Components.Select((c, i) => new ClusterRow(c, result.Labels[i] + 1, result.ItemSilhouettes[i], result.Distances[i], result.Prepared[i])).Where(r => r.Cluster > 0)],
            [.. result.Centres], [.. result.Counts.Select(c => new SilhouettePoint(c.K, c.Silhouette))])
        {
            WithinLayer = context.Ml.Data.CreateEnumerable<HeadClusterRow>(context.Ml.Rllc.LoadTable(context.Folder.At("tables", $"{step.Name}.parquet")), reuseRowObject: false)
                .Where(r => r.Scope != "all" && r.Cluster > 0).ToDictionary(r => r.Component, r => r.Cluster, StringComparer.Ordinal),
            Stability = context.Told(step.Name, "stability.all"),
        };
    }

    private static string MethodOf(ClusteringOptions options) => string.Join(", ", ((string[])[$"{options.Method}", $"normalisation {options.Normalization}"]).Select(Spaced));

    /// <summary>EuclideanKMeans as "Euclidean k-means".</summary>
    private static string Spaced(string name) => System.Text.RegularExpressions.Regex.Replace(name.Replace("KMeans", " k-means", StringComparison.Ordinal), "(?<=[a-z])(?=[A-Z])", " ");

    private sealed class CheckpointColumns
    {
        public int Step { get; set; }

        public float TrainLoss { get; set; }

        public float ValidationLoss { get; set; }
    }
}
