using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Clustering;
using MlNetRllc.Estimation;
using MlNetRllc.Heads;
using MlNetRllc.Modules;
using MlNetRllc.Prediction;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Prediction;
using MlNetRllc.Tests.Sampling;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;
using static TorchSharp.torch.nn;

namespace MlNetRllc.Tests.Workout;

/// <summary>How the workout exercises one estimator and its transformer.</summary>
/// <param name="Estimator">The estimator's type.</param>
/// <param name="Transformer">What it fits.</param>
/// <param name="Make">Makes the estimator.</param>
/// <param name="Input">Makes a table it can fit.</param>
/// <param name="Needs">Columns the estimator cannot do without.</param>
/// <param name="PassedThrough">A column that it leaves alone; null where rows do not map to rows.</param>
internal sealed record WorkoutCase(
    Type Estimator,
    Type Transformer,
    Func<MLContext, IEstimator<ITransformer>> Make,
    Func<MLContext, IDataView> Input,
    string[] Needs,
    string? PassedThrough)
{
    public static IReadOnlyList<WorkoutCase> All(TinyStudy study) =>
    [
        new(typeof(TokenizeTextEstimator), typeof(TokenizeTextTransformer),
            ml => ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 16), Documents, ["Text"], null),
        new(typeof(LanguageModelEstimator), typeof(LanguageModelTransformer),
            ml => ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new()
            {
                Shape = TinyStudy.Config, VocabularySize = 16, Steps = 3, BatchSize = 4,
                CheckpointFolder = Path.Combine(study.Folder, Guid.NewGuid().ToString("n")),
                TokenLosses = true, TopTokens = 3, Attention = true, Continuation = 4,
            }),
            ml => TinyStudy.Contexts(ml, 5), ["Tokens"], "Split"),
        new(typeof(SgldSamplingEstimator), typeof(SgldSamplingTransformer),
            ml => ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, probes: TinyProbes.Sets),
            study.Grid, ["Checkpoint", "Dataset", "Component"], "Step"),
        new(typeof(RllcEstimator), typeof(RllcTransformer),
            ml => ml.Rllc.EstimateRllc(),
            ml => ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Fit(study.Grid(ml)).Transform(study.Grid(ml)),
            ["Losses", "BaselineLosses", "MalaAcceptance", "NBeta"], "Step"),
        new(typeof(TrajectoryClusteringEstimator), typeof(TrajectoryClusteringTransformer),
            ml => ml.Rllc.ClusterTrajectories(clusters: 2), Curves, ["Step", "Component", "Dataset", "Rllc"], "Rllc"),
        new(typeof(HeadScoringEstimator), typeof(HeadScoringTransformer),
            ml => ml.Rllc.ScoreHeads(TinyStudy.Contexts(ml, 1)), study.Grid, ["Checkpoint", "Component"], "Step"),
        new(typeof(HeadClassificationEstimator), typeof(HeadClassificationTransformer),
            ml => ml.Rllc.ClassifyHeads(),
            ml => ml.Rllc.ScoreHeads(TinyStudy.Contexts(ml, 1)).Fit(study.Grid(ml)).Transform(study.Grid(ml)),
            ["Checkpoint", "Component", "PreviousToken", "CurrentToken", "PrefixMatching", "MeanAblation", "MeanAblationStdErr"], "Step"),
        new(typeof(LlcEstimator), typeof(LlcTransformer),
            ml => ml.Rllc.EstimateLlc(OwnModules.Regression(), (y, label) => functional.mse_loss(y.squeeze(-1), label), new()
            {
                Sampling = TinyStudy.Options, Selections = [ParameterSelection.All, new("first", "0.*")],
            }),
            OwnModules.RegressionRows, ["Features", "Label"], "Label"),
        new(typeof(TextPredictionEstimator), typeof(TextPredictionTransformer),
            ml =>
            {
                using var trained = new TextModel(ml);
                var options = new TextPredictionOptions { TopTokens = 3, Continuation = 4, Attention = true };
                return ml.Rllc.PredictText(trained.Tokenizer, trained.Model, options: options);
            },
            ml => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5)
                .Select(i => new Numbered { Number = i, Text = $"Document {i} tells of it." }).ToList()),
            ["Text"], "Number"),
    ];

    public override string ToString() => Estimator.Name;

    private static IDataView Documents(MLContext ml)
    {
        static string TextOf(int i) =>
            $"Document {i} tells of the number {i} and of the number {i * 7}; it tells it twice, twice.";
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Document { Text = TextOf(i) }).ToList());
    }

    private static IDataView Curves(MLContext ml) => ml.Data.LoadFromEnumerable(
        (from step in Enumerable.Range(0, 4)
         from head in Enumerable.Range(0, 4)
         let rllc = head < 2 ? step + 0.1 * head : 5 - step * step - 0.1 * head
         select new Curve { Step = step, Component = $"l0h{head}", Dataset = "docs", Rllc = rllc }).ToList());

    private sealed class Document
    {
        public string Text { get; set; } = "";
    }

    private sealed class Numbered
    {
        public int Number { get; set; }

        public string Text { get; set; } = "";
    }

    private sealed class Curve
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public double Rllc { get; set; }
    }
}
