using Microsoft.ML;
using MlNetRllc.Clustering;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Native;
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
internal sealed class ReportStep : StepKind
{
    /// <summary>To read an estimate or a loss of its trace, and to write it into the page.</summary>
    private const double SecondsPerRow = 3e-5, SecondsPerLoss = 2e-7;

    /// <summary>An estimate or a loss of its trace in memory: in the tables of all steps and in the page's text,
    /// with what the runtime has not collected yet.</summary>
    private const double BytesPerRow = 4500, BytesPerLoss = 100;

    /// <summary>An estimate or a loss of its shortened trace in the page.</summary>
    private const double PageBytesPerRow = 350, PageBytesPerLoss = 2;

    public override string Name => "report";

    public override string Component => "the report";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } =
    [
        StepInput.Step<EstimateStep>("rllc", "an estimate step: heads on the training text and on others"),
        StepInput.Step<ClusterStep>("clusters", "a cluster step", optional: true),
        StepInput.Step<ClassifyStep>("types", "a classify step", optional: true),
        StepInput.Step<ScoreStep>("scores", "a score step", optional: true),
        StepInput.Step<StagesStep>("stages", "a stages step, whose boundaries are drawn in every figure over training", optional: true),
        StepInput.Step<EstimateStep>("reference", "an estimate step whose loss is the divergence from a frozen model", optional: true),
        StepInput.Step<EstimateStep>("control", "an estimate step over chains that leave the loss's gradient out", optional: true),
        StepInput.Step<EstimateStep>("drllc", "an estimate step of the whole model over many datasets", optional: true),
        StepInput.Step<PatternsStep>("patterns", "a patterns step: which tokens heads answer to", optional: true),
        StepInput.Step<ExamplesStep>("examples", "an examples step", optional: true),
    ];

    public override IReadOnlyList<Type> Options { get; } = [];

    public override IReadOnlyList<string> Tables => [];

    public override string OnlyFile => "report.html";

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var sample = pipeline.InputOf(pipeline.InputOf(step, "rllc"), "traces");
        var work = SampleStep.WorkOf(pipeline, sample);
        var seconds = StepCost.OfMoments.Seconds + work.Rows * SecondsPerRow + work.Losses * SecondsPerLoss;
        var shown = Math.Min(work.Losses, ReportPage.TraceBudget);
        return new("", seconds, work.Rows * BytesPerRow + work.Losses * BytesPerLoss,
            work.Rows * PageBytesPerRow + shown * PageBytesPerLoss);
    }

    public override string Run(StudyContext context)
    {
        var begun = Begun(context, context.Step, context.ReadInput<EstimatedRows>("rllc"));
        ReportPage.Write(context.Folder.Report, begun with
        {
            Clusters = context.Step.Has("clusters") ? ReportedClusters.Gather(context, "clusters") : null,
            Scores = Optional(context, "scores", (IDataView scores) => HeadScoreRow.RowsOf(scores)),
            Types = Optional(context, "types", (HeadTypes types) => Rows<HeadTypeRow>(context, types.Rows)),
            Stages = Optional(context, "stages", (IDataView stages) => Rows<StageRow>(context, stages)),
            Reference = Optional(context, "reference", (EstimatedRows reference) => reference.ReadEstimates(context.Ml)),
            Control = Optional(context, "control", (EstimatedRows control) => control.ReadEstimates(context.Ml)),
            Datasets = Optional(context, "drllc", (EstimatedRows whole) => whole.ReadEstimates(context.Ml)),
            Patterns = Optional(context, "patterns", (IDataView patterns) => Rows<PatternRllcRow>(context, patterns)),
            Examples = Optional<ExamplesFile, ReportExample>(context, "examples", Examples),
            Samples = Optional<ExamplesFile, TokenSample>(context, "examples", Samples),
        });
        context.KeepFile(context.Folder.Report);
        // Not the whole path: the folder may be moved.
        return Path.GetFileName(context.Folder.Report);
    }

    /// <summary>What a report shows of a run that has some of its estimates, and nothing that follows from them yet.</summary>
    /// <param name="context">A step of the run.</param>
    /// <param name="report">The report step.</param>
    /// <param name="estimated">The estimates.</param>
    public static StudyReport Begun(StudyContext context, StepSpec report, EstimatedRows estimated)
    {
        var estimate = context.Pipeline.InputOf(report, "rllc");
        var sample = context.Pipeline.InputOf(estimate, "traces");
        var (train, sgld) = (sample.Input("model"), sample.Get<SgldOptions>());
        var model = context.ReadInputOf<LanguageModelTransformer>(sample, "model");
        var rows = estimated.ReadEstimates(context.Ml);
        var checkpoints = Rows<CheckpointColumns>(context, model.Checkpoints)
            .ConvertAll(c => new CheckpointLossRow(c.Step, c.TrainLoss, c.ValidationLoss));
        return new()
        {
            Title = context.Pipeline.Name,
            Subtitle = Subtitle(model, checkpoints.Count, sample.Inputs["datasets"]),
            Tiles = Tiles(context, train, rows.Count),
            Entropies = new(context.NumberTold(train, TextEntropies.Unigram), context.NumberTold(train, TextEntropies.Bigram)),
            Checkpoints = checkpoints,
            Rllc = rows,
            Traces = [.. estimated.ReadTraces(context.Ml)],
            Estimation = estimate.Get<EstimationOptions>(),
            TrainingText = context.Pipeline.InputOf(context.Pipeline.InputOf(sample, "model"), "contexts").Input("text"),
            Sgld = new(sgld.NBeta, sgld.Localization, sgld.StepSize),
            Facts = Facts(context),
            Steps = [.. context.Steps.Select(s => new ReportedStep(s.Name, s.Kind, s.Summary, s.Seconds))],
            Pipeline = context.Pipeline.File.Text,
        };
    }

    private static string Subtitle(LanguageModelTransformer model, int checkpoints, IReadOnlyList<string> datasets) =>
        $"{model.Config.Layers} layers × {model.Config.Heads} heads, "
            + $"d_model {model.Config.ModelWidth}, context {model.Config.ContextLength}, "
            + $"vocabulary {model.Config.VocabularySize:N0}; {checkpoints} checkpoints; datasets {string.Join(" and ", datasets)}";

    private static List<TRow> Optional<TInput, TRow>(StudyContext context, string input, Func<TInput, List<TRow>> rows) =>
        context.Step.Has(input) ? rows(context.ReadInput<TInput>(input)) : [];

    private static List<T> Rows<T>(StudyContext context, IDataView table) where T : class, new() =>
        [.. context.Ml.Data.CreateEnumerable<T>(table, reuseRowObject: false)];

    private static List<ReportExample> Examples(ExamplesFile file) =>
    [
        .. file.Contexts.Select(c => new ReportExample(
            file.Dataset, c.Tokens, [.. c.Heads.Zip(file.Heads).Select(h => ExampleHead(h.Second, h.First))])),
    ];

    private static List<TokenSample> Samples(ExamplesFile file) =>
    [
        .. (file.Samples ?? []).Select(s => new TokenSample(
            s.Head, s.Dataset, s.Probe, s.Kind, s.Decile, s.Context, s.Place, s.Tokens,
            [.. s.Values.Select(v => v ?? double.NaN)], [.. s.Errors.Select(v => v ?? double.NaN)], s.Attention)),
    ];

    private static ReportExampleHead ExampleHead(ShownHead head, ShownAttention shown) =>
        new(head.Head, shown.Attention, [.. shown.LossChange.Select(v => v ?? double.NaN)]);

    private static List<ReportTile> Tiles(StudyContext context, string train, int estimates) =>
    [
        new($"{context.NumberTold(train, "validationLoss"):F2}", "validation loss, nats per token"),
        new($"{context.NumberTold(train, TextEntropies.Unigram):F2}", "unigram entropy"),
        new($"{context.NumberTold(train, TextEntropies.Bigram):F2}", "bigram entropy"),
        new($"{estimates}", "estimates"),
        new(Amounts.Time(context.Steps.Sum(s => s.Seconds)), "time of the steps"),
        .. PeakMemory.Bytes() is var peak and > 0 ? [new ReportTile($"{peak / (double)(1 << 30):F1} GB", "peak memory")] : (ReportTile[])[],
    ];

    private static List<(string, string)> Facts(StudyContext context)
    {
        var record = new RunRecord
        {
            Name = context.Pipeline.Name, Seed = context.Pipeline.Seed, File = "", Pipeline = "", Started = context.Started,
        };
        return
        [
            ("Seed", $"{record.Seed}"), ("Started", $"{context.Started:yyyy-MM-dd HH:mm} UTC"),
            .. record.Machine.Select(m => (m.Key, m.Value)), .. record.Versions.Select(v => (v.Key, v.Value)),
        ];
    }

    private sealed class CheckpointColumns
    {
        public int Step { get; set; }

        public float TrainLoss { get; set; }

        public float ValidationLoss { get; set; }
    }
}
