using MlNetRllc.Estimation;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Report;

/// <summary>A made-up study with everything that a report can show, in which the paper's findings hold:
/// two layers of eight heads with the paper's head types.</summary>
internal static class SyntheticAnalysis
{
    public static readonly IReadOnlyDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["l0h1"] = "previous-token", ["l0h4"] = "previous-token", ["l0h5"] = "current-token",
        ["l1h2"] = "unclear", ["l1h6"] = "induction", ["l1h7"] = "induction",
    };

    private static readonly string[] Texts =
    [
        "docs", "general web text", "arXiv cs.LG", "arXiv math.CO", "arXiv hep-th",
        "German", "French", "Japanese", "Russian", "C# code", "Python code",
    ];

    private static readonly string[] Words =
    [
        "\n", "public", " static", " int", " Length", "(", "string", " value", ")", "\n", "    ", "return", " value", ".", "Count",
        ";", "\n", "The", " value", " of", " the", " array", " is", " <b>", "null", "</script>",
    ];

    public static string TypeOf(string head) => Types.GetValueOrDefault(head, "multigram");

    public static StudyReport Create(int checkpoints = 20, int draws = 40)
    {
        var study = SyntheticStudy.Create(8, checkpoints, draws, "paper-mini");
        var random = new Random(3);
        var heads = study.Rllc.Select(r => r.Component).Distinct().ToArray();
        var steps = study.Checkpoints.Select(c => c.Step).ToArray();
        var multigrams = heads.ToDictionary(h => h, h => TypeOf(h) == "multigram" ? random.Next(60, 260) : random.Next(5, 60));
        var curves = heads.ToDictionary(h => h, h => (double[])[.. steps.Select(s => Rllc(h, multigrams[h], Progress(s), code: false))]);
        var rllc = study.Rllc.Select(r => r with
        {
            Rllc = Rllc(r.Component, multigrams[r.Component], Progress(r.Step), r.Dataset == "code") + 0.08 * Normal(random),
            RllcStdErr = 0.06 + 0.06 * random.NextDouble(),
        }).ToList();
        static int ClusterOf(string head) =>
            head == "l0h2" ? 3 : TypeOf(head) switch { "multigram" => 1, "induction" => 2, _ => 3 };
        var clusters = heads
            .Select(h => new ClusterRow(h, ClusterOf(h), 0.4 + 0.3 * random.NextDouble(), [0.4, 1.7, 2.1], curves[h]))
            .ToArray();
        double Centre(int cluster, int step) => clusters.Where(r => r.Cluster == cluster).Average(r => r.Curve[step]);
        var boundaries = (int[])[0, 60, 260, 700, 1500, steps[^1]];
        return study with
        {
            TrainingText = "docs",
            Rllc = rllc,
            Clusters = study.Clusters! with
            {
                K = 3, Rows = clusters, Silhouettes = [new(2, 0.41), new(3, 0.56), new(4, 0.42), new(5, 0.33), new(6, 0.21)],
                Centres = [.. ((int[])[1, 2, 3]).Select(k => (IReadOnlyList<double>)[.. steps.Select((_, i) => Centre(k, i))])],
            },
            Stages = [.. boundaries.Zip(boundaries.Skip(1))
                .Select((s, i) => new StageRow { Stage = i + 1, From = s.First, To = s.Second })],
            Scores = [.. steps.SelectMany(s => heads.Select(h => Score(h, s, Progress(s), multigrams[h], random)))],
            Types = [.. heads.Select(h => Type(h, steps[^1]))],
            Reference = [.. study.Rllc.Where(r => r.Dataset == "docs").Select(r => r with
            {
                Rllc = Circuit(r.Component, Progress(r.Step)) + 0.1 * Normal(random), RllcStdErr = 0.12,
            })],
            Datasets = [.. Texts.SelectMany((t, i) => steps.Where((_, k) => k % 4 == 3).Select(s => study.Rllc[0] with
            {
                Step = s, Component = "full", Dataset = t,
                Rllc = (60 + 9 * ((i * 7) % 11)) * Progress(s) + 2 * Normal(random), RllcStdErr = 2.5,
                Status = i == 7 ? "negative" : "ok",
            }))],
            Patterns = SyntheticPatterns.Create(heads, steps),
            Examples = [Example("docs", random), Example("code", random)],
            Samples = SyntheticSamples.Create(heads, Words),
        };
    }

    private static double Progress(int step) => Math.Log10(1 + step / 20.0) / Math.Log10(151);

    private static double Rllc(string head, int multigrams, double t, bool code) => TypeOf(head) switch
    {
        "induction" => 3.1 * Math.Pow(t, 2) + (code ? 2.2 * Math.Pow(t, 5) : 0),
        "multigram" => 2.4 * t + multigrams / 70.0 * Math.Pow(t, 3) - (code ? 0.4 * t : 0),
        _ => 3.6 * t - 2.1 * Math.Pow(t, 4),
    };

    private static double Circuit(string head, double t) => head[1] == '0' ? 5 * t - 3.2 * Math.Pow(t, 4) : 0.6 * t + 3 * Math.Pow(t, 4);

    private static HeadScoreRow Score(string head, int step, double t, int multigrams, Random random)
    {
        var (type, late) = (TypeOf(head), 1 / (1 + Math.Exp(-14 * (t - 0.7))));
        double[] Below(double strength, params string[] from) => head[1] == '0' ? [.. Enumerable.Repeat(double.NaN, 8)]
            : [.. Enumerable.Range(0, 8).Select(h => 0.11 + 0.02 * random.NextDouble() + (from.Contains($"l0h{h}") ? strength * late : 0))];
        var effect = (type == "induction" ? 0.06 * late : 0.012 * t) + 0.004 * random.NextDouble();
        return new()
        {
            Step = step, Component = head,
            PreviousToken = 0.02 + 0.01 * random.NextDouble() + (type == "previous-token" ? 0.42 * late : 0),
            CurrentToken = 0.03 + 0.01 * random.NextDouble() + (type == "current-token" ? 0.35 * late : 0),
            PrefixMatching = 0.008 + 0.003 * random.NextDouble() + (type == "induction" ? 0.3 * late : 0),
            ZeroAblation = 1.4 * effect, ZeroAblationStdErr = 0.002,
            MeanAblation = effect, MeanAblationStdErr = 0.0015,
            ResampleAblation = 1.2 * effect, ResampleAblationStdErr = 0.002,
            PositionAblation = type == "previous-token" ? 0.03 * late : 0.001 * random.NextDouble(), PositionAblationStdErr = 0.001,
            InductionTokens = type == "induction" ? 61 : 8, BracketTokens = head == "l1h2" ? 30 : 5,
            NGramTokens = type == "multigram" ? 55 : 20, SkipNGramTokens = 12, UnexplainedTokens = 22,
            MemorisedMultigrams = Math.Round(multigrams * t),
            HessianTrace = 40 * t + 10 * random.NextDouble() + multigrams / 5.0, ["HessianTraceStdErr"] = 3,
            FisherTrace = 30 * t + 9 * random.NextDouble() + multigrams / 6.0, ["FisherTraceStdErr"] = 1.2,
            LastTokenChance = 0.026, PrefixMatchingChance = 0.0104,
            ["ModelLoss"] = 7.6 - 4.3 * t, ["ModelLossStdErr"] = 0.02,
            InContextLearning = -0.32 * late, InContextLearningStdErr = 0.02,
            BigramCrossEntropy = 5.1 - 3 * t + 2.6 * t * t, BigramEntropy = 3.7,
            ModelPositionAblation = 0.2 * late, ModelPositionAblationStdErr = 0.01,
            KComposition = Below(type == "induction" ? 0.25 : 0, "l0h1", "l0h4"),
            QComposition = Below(0.02, "l0h2"),
            VComposition = Below(0.05, "l0h5"),
            PathAblation = head[1] == '0'
                ? [.. Enumerable.Repeat(double.NaN, 8)]
                : [.. Enumerable.Range(0, 8).Select(h => 0.0006 * Normal(random) + (type == "induction" && h is 1 or 4 ? 0.02 * late : 0))],
            NGrams = [-0.4 * t, -1.1 * late, -1.6 * late * t],
        };
    }

    private static HeadTypeRow Type(string head, int step) => new()
    {
        Step = step, Component = head, HeadType = TypeOf(head),
        HeadTypeReason = $"It stands out as {TypeOf(head)} (score 0.44, rank 1, 7.1 spreads above 0.03).",
        PreviousTokenMargin = TypeOf(head) == "previous-token" ? 7.1 : 0.2, CurrentTokenMargin = 0.3,
        PrefixMatchingMargin = TypeOf(head) == "induction" ? 9.4 : double.NaN,
        PreviousTokenRank = 3, CurrentTokenRank = 4, PrefixMatchingRank = 2,
    };

    private static ReportExample Example(string dataset, Random random)
    {
        var tokens = Enumerable.Range(0, 96).Select(i => Words[(i * 7 + i * i / 11) % Words.Length]).ToArray();
        return new(dataset, tokens, [.. ((string[])["l0h4", "l0h5", "l1h6", "l1h0"]).Select(head => new ReportExampleHead(head,
            [.. tokens.Select((t, i) =>
            {
                var target = TypeOf(head) switch
                {
                    "previous-token" => i - 1,
                    "current-token" => i,
                    "induction" => Array.LastIndexOf(tokens, t, Math.Max(0, i - 1)) + 1,
                    _ => -1,
                };
                var row = Enumerable.Range(0, i + 1).Select(j => j == target ? 12 : 0.1 + random.NextDouble()).ToArray();
                return (IReadOnlyList<double>)[.. row.Select(v => v / row.Sum())];
            })],
            [.. tokens.Select((_, i) => i == 0
                ? double.NaN
                : (TypeOf(head) == "induction" && i % 5 == 0 ? 1.5 : 0.1) * Math.Abs(Normal(random)) - 0.05)]))]);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
