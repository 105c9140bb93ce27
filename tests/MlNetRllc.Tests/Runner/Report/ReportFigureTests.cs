using System.Text.RegularExpressions;
using CsCheck;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Estimation;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Report.Figures;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Report;

public sealed partial class ReportFigureTests
{
    private static readonly StudyReport Full = SyntheticAnalysis.Create();

    private static readonly string[] All =
    [
        "loss", "rllc", "texts", "clusters", "types", "agreement", "multigrams", "reference", "datasets",
        "behaviour", "composition", "ablation", "paths", "curvature", "tokens",
        "patterns", "profiles", "attention", "losses",
    ];

    [Fact]
    public void StudyWithEverything_HasEveryFigureInOrder() => Assert.Equal(All, Ids(Full));

    [Fact]
    public void StudyWithoutAnalysis_HasOnlyTheFiguresOfItsEstimates() =>
        Assert.Equal(["loss", "rllc", "texts", "clusters"], Ids(SyntheticStudy.Create()));

    [Theory]
    [InlineData("scores", "multigrams behaviour composition ablation paths curvature tokens")]
    [InlineData("types", "types agreement")]
    [InlineData("clusters", "clusters agreement")]
    [InlineData("reference", "reference")]
    [InlineData("datasets", "datasets")]
    [InlineData("patterns", "patterns profiles")]
    [InlineData("examples", "attention losses")]
    [InlineData("second text", "texts")]
    public void MissingData_LeavesOutItsFiguresAndNoOther(string missing, string without)
    {
        var study = missing switch
        {
            "scores" => Full with { Scores = [] },
            "types" => Full with { Types = [] },
            "clusters" => Full with { Clusters = null },
            "reference" => Full with { Reference = [] },
            "datasets" => Full with { Datasets = [] },
            "patterns" => Full with { Patterns = [] },
            "examples" => Full with { Examples = [] },
            _ => Full with { Rllc = [.. Full.Rllc.Where(r => r.Dataset == "docs")] },
        };
        Assert.Equal(All.Except(without.Split(' ')), Ids(study));
    }

    [Fact]
    public void EveryFigure_HasItsDrawingOnThePage()
    {
        var page = ReportPage.Render(Full);
        Assert.All(All, id => Assert.Contains($"figure('{id}', ", page, StringComparison.Ordinal));
    }

    [Fact]
    public void FindingOfMultigrams_StatesBothCorrelationsAndTheNumberOfHeads()
    {
        var last = Full.Scores.Max(s => s.Step);
        var final = Full.Rllc.Where(r => r.Step == last && r.Dataset == "docs").ToDictionary(r => r.Component, r => r.Rllc);
        var points = Full.Scores.Where(s => s.Step == last)
            .Select(s => (X: s.MemorisedMultigrams, Y: final[s.Component])).ToList();
        double meanX = points.Average(p => p.X), meanY = points.Average(p => p.Y);
        var covariance = points.Sum(p => (p.X - meanX) * (p.Y - meanY));
        var (squaresX, squaresY) = (points.Sum(p => Math.Pow(p.X - meanX, 2)), points.Sum(p => Math.Pow(p.Y - meanY, 2)));
        var pearson = covariance / Math.Sqrt(squaresX * squaresY);
        var finding = Figure(Full, "multigrams").Finding;
        Assert.Contains($"Pearson r = {pearson:F2} [", finding, StringComparison.Ordinal);
        Assert.Matches(@"Spearman 0\.\d\d \[0\.\d\d, 0\.\d\d\], n = 16", finding);
        Assert.Contains("have a higher rLLC", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void MultigramsWithoutRelation_AreNotCalledCorrelated()
    {
        var study = Full with
        {
            Scores = [.. Full.Scores.Select(s => s with { MemorisedMultigrams = s.Component[^1] % 2 * 10 + s.Component[1] % 2 })],
            Rllc = [.. Full.Rllc.Select(r => r with { Rllc = r.Component[^1] / 2 % 2 })],
        };
        Assert.Contains("no correlation can be stated", Figure(study, "multigrams").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void InductionHeadsThatRiseOnCode_AreSaidToDoSoInStandardErrors()
    {
        var finding = Figure(WithErrors(induction: 1.5, other: 0.25), "texts").Finding;
        // Two heads, each with errors of 0.3 and 0.4 on the two texts: 1.5 +- 0.5 / sqrt(2).
        const string expected = "induction heads l1h6 and l1h7 is higher on code than on docs by 1.50 ± 0.35 (4.2 standard errors); "
            + "all other heads change by 0.25 ± 0.13 on the mean";
        Assert.Contains(expected, finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2, "does not differ clearly")]
    [InlineData(-1.5, "is not higher but lower")]
    public void InductionHeadsThatDoNotRiseOnCode_AreSaidNotTo(double change, string words) =>
        Assert.Contains(words, Figure(WithErrors(change, 0), "texts").Finding, StringComparison.Ordinal);

    [Fact]
    public void TracesOfTheEstimates_DecideHowErrorsOfMeansAreTaken()
    {
        const string joint = "those of differences and means count what heads and texts share";
        const string alone = "differences and means take errors as independent";
        Assert.Contains(joint, Figure(Full, "texts").Caption, StringComparison.Ordinal);
        Assert.Contains(alone, Figure(Full with { Traces = [] }, "texts").Caption, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("negative")]
    [InlineData("not-converged")]
    public void HeadWhoseEstimateIsNotOk_IsInNoDifference_AndCounted(string status)
    {
        var caption = Figure(WithStatus("code", status, "l1h6"), "texts").Caption;
        Assert.Contains("The rLLC of the induction head l1h7 is higher on code", caption, StringComparison.Ordinal);
        Assert.Contains("1 of 15 heads are clearly higher on code than on docs, and 0 clearly lower", caption, StringComparison.Ordinal);
        Assert.Contains("1 of 16 estimates on code at step", caption, StringComparison.Ordinal);
    }

    [Fact]
    public void TextsWhoseEstimatesAreMostlyNotOk_AreNotComparable()
    {
        string[] most = [.. Full.Rllc.Select(r => r.Component).Distinct().Take(13)];
        Assert.Equal("docs and code are not comparable: 3 of 16 heads have estimates that are ok on both.",
            Figure(WithStatus("code", "negative", most), "texts").Finding);
    }

    [Fact]
    public void HighestHeadOfAll_IsOneWhoseEstimateIsOk()
    {
        var study = WithErrors(0, 0);
        study = study with
        {
            Rllc = [.. study.Rllc.Select(r => r.Component == "l0h1" ? r with { Rllc = 90, Status = "not-converged" } : r)],
        };
        var figure = Figure(study, "rllc");
        Assert.DoesNotContain("l0h1", figure.Finding, StringComparison.Ordinal);
        Assert.Contains("1 of 16 estimates on docs at step", figure.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void HeadsThatAreMostlyNotOk_HaveNoHighest()
    {
        var study = WithErrors(0, 0);
        study = study with { Rllc = [.. study.Rllc.Select(r => r.Component is "l0h1" or "l0h2" ? r : r with { Status = "negative" })] };
        Assert.EndsWith("2 of 16 estimates are ok, too few to say which head is highest.", Figure(study, "rllc").Finding,
            StringComparison.Ordinal);
    }

    [Fact]
    public void HeadsWithinTheirErrors_AreNotSaidToBeApart() => Assert.EndsWith(
        ", which their errors do not tell apart.", Figure(WithErrors(0, 0), "rllc").Finding, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.02, "come apart")]
    [InlineData(2, "do not come apart by more than their errors")]
    public void Curves_ComeApartOnlyBeyondTheirErrors(double error, string verdict)
    {
        var (first, last) = (Full.Rllc.Min(r => r.Step), Full.Rllc.Max(r => r.Step));
        var study = Full with
        {
            Rllc = [.. Full.Rllc.Select(r => r with
            {
                Rllc = 2 + (r.Step == last ? 1 : 0.1) * (r.Component[^1] - '0') / 4, RllcStdErr = error, Status = "ok",
            })],
        };
        Assert.Contains($": the curves {verdict}.", Figure(study, "rllc").Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeModelBesideTheHeads_IsNotRankedAmongThem()
    {
        var whole = Full.Rllc.Where(r => r.Component == "l0h0").Select(r => r with { Component = "full", Rllc = 900 });
        Assert.Equal(Figure(Full, "rllc").Finding, Figure(Full with { Rllc = [.. Full.Rllc, .. whole] }, "rllc").Finding);
    }

    [Fact]
    public void StudyWithoutInductionHead_SaysSoWhereItMatters()
    {
        var types = Full.Types.Select(t => t with { HeadType = t.HeadType == "induction" ? "unclear" : t.HeadType });
        var study = Full with { Types = [.. types] };
        Assert.Contains("No induction head was found.", Figure(study, "types").Finding, StringComparison.Ordinal);
        Assert.Contains("No head was classified as induction", Figure(study, "texts").Caption, StringComparison.Ordinal);
        Assert.Contains("no induction circuit to look for", Figure(study, "composition").Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Agreement_IsTheAdjustedRandIndexOfClustersAndTypes()
    {
        var rows = Full.Clusters!.Rows.Where(r => SyntheticAnalysis.TypeOf(r.Component) != "unclear").ToList();
        var rand = ClusterAgreement.AdjustedRandIndex(
            [.. rows.Select(r => r.Cluster)], [.. rows.Select(r => SyntheticAnalysis.TypeOf(r.Component))]);
        Assert.Contains($"adjusted Rand index {rand:F2}", Figure(Full, "agreement").Finding, StringComparison.Ordinal);
        Assert.Contains("agreement beyond chance is seen", Figure(Full, "agreement").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void HeadsOfUnclearType_CountForNoAgreement()
    {
        static bool IsFirst(string head) => head.StartsWith("l0", StringComparison.Ordinal);
        var types = Full.Types.Select(t => t with { HeadType = IsFirst(t.Component) ? "unclear" : t.HeadType });
        var unclear = Full with { Types = [.. types] };
        var heads = Full.Clusters!.Rows.Select(r => r.Component).Distinct().ToList();
        var typed = heads.Count(h => !IsFirst(h) && SyntheticAnalysis.TypeOf(h) != "unclear");
        var finding = Figure(unclear, "agreement").Finding;
        Assert.Contains($"over the {typed} of {heads.Count} heads that have a type", finding, StringComparison.Ordinal);
        Assert.Contains("Layer 0: 0 heads of", Figure(unclear, "agreement").Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void CurvesOfSeveralChannels_HaveAPanelEach()
    {
        var clusters = Full.Clusters!;
        var study = Full with
        {
            Clusters = clusters with
            {
                Channels = ["docs", "code"],
                Rows = [.. clusters.Rows.Select(r => r with { Curve = [.. r.Curve, .. r.Curve.Select(v => -v)] })],
                Centres = [.. clusters.Centres.Select(c => (IReadOnlyList<double>)[.. c, .. c.Select(v => -v)])],
            },
        };
        Assert.Contains("A curve has 2 channels, docs and code, a panel each", Figure(study, "clusters").Caption, StringComparison.Ordinal);
        Assert.DoesNotContain("channels", Figure(Full, "clusters").Caption, StringComparison.Ordinal);
        Assert.Contains("\"channels\":[\"docs\",\"code\"]", ReportPage.Render(study), StringComparison.Ordinal);
    }

    [Fact]
    public void ClustersThatAreChance_AreNotSaidToAgree()
    {
        var clusters = Full.Clusters! with { Rows = [.. Full.Clusters.Rows.Select((r, i) => r with { Cluster = i * 5 % 3 })] };
        Assert.Contains("cannot be stated", Figure(Full with { Clusters = clusters }, "agreement").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void LayersThatCross_AreTheSignOfACircuit_OthersAreNot()
    {
        Assert.Contains(": the sign of a multigram circuit.", Figure(Full, "reference").Finding, StringComparison.Ordinal);
        var alike = Full with { Reference = [.. Full.Reference.Select(r => r with { Rllc = r.Step < 500 ? 1 : 0.2 })] };
        Assert.Contains("is not seen", Figure(alike, "reference").Finding, StringComparison.Ordinal);
        var rising = Full with { Reference = [.. Full.Reference.Select(r => r with { Rllc = r.Step })] };
        Assert.Contains("is not seen", Figure(rising, "reference").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void LayersSampledAsAWhole_AreShownAsTheirHeadsAre()
    {
        var first = Full.Reference.Where(r => r.Component.EndsWith("h0", StringComparison.Ordinal));
        var layers = Full with { Reference = [.. first.Select(r => r with { Component = r.Component[..2] })] };
        Assert.Contains(": the sign of a multigram circuit.", Figure(layers, "reference").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoresNoHigherThanEvenAttention_StandOutNowhere()
    {
        var scores = Full.Scores.Select(s => s with { PrefixMatching = s.PrefixMatchingChance * 1.2, InContextLearning = 0.01 });
        var study = Full with { Scores = [.. scores] };
        var caption = Figure(study, "behaviour").Caption;
        Assert.Contains("1.2 times even attention: no head stands out", caption, StringComparison.Ordinal);
        Assert.Contains("a gain from more context cannot be stated", caption, StringComparison.Ordinal);
    }

    [Fact]
    public void DatasetsWithinTheirErrors_AreNotToldApart()
    {
        var study = Full with { Datasets = [.. Full.Datasets.Select((d, i) => d with { Rllc = 60 + i % 2, RllcStdErr = 5 })] };
        Assert.Contains("do not tell apart", Figure(study, "datasets").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void OneStage_IsSaidToHaveNoBoundary()
    {
        Assert.Contains("5 stages", Figure(Full, "loss").Caption, StringComparison.Ordinal);
        var known = Full with { Stages = [.. Full.Stages.Select(s => new StageRow { From = s.From, To = s.To, ToLow = 50, ToHigh = 80 })] };
        Assert.Contains("at steps 60 (50 to 80), ", Figure(known, "loss").Caption, StringComparison.Ordinal);
        Assert.Contains("no boundary is drawn", Figure(Full with { Stages = [Full.Stages[0]] }, "loss").Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingNumbers_NeverReachACaption() => Gen.Select(Gen.Double[0, 1], Gen.Int[0, 1000]).ForAll((share, seed) =>
    {
        var random = new Random(seed);
        double Lost(double value) => random.NextDouble() < share ? double.NaN : value;
        double[] AllLost(double[] values) => [.. values.Select(Lost)];
        RllcRow Row(RllcRow r) => r with { Rllc = Lost(r.Rllc), RllcStdErr = Lost(r.RllcStdErr) };
        var study = Full with
        {
            Rllc = [.. Full.Rllc.Where((_, i) => i % 3 != seed % 3).Select(Row)],
            Reference = [.. Full.Reference.Select(Row)],
            Datasets = [.. Full.Datasets.Select(Row)],
            Checkpoints = [.. Full.Checkpoints.Select(c => c with { ValidationLoss = Lost(c.ValidationLoss) })],
            Scores = [.. Full.Scores.Select(s => s with
            {
                PreviousToken = Lost(s.PreviousToken), PrefixMatching = Lost(s.PrefixMatching),
                MeanAblation = Lost(s.MeanAblation), MeanAblationStdErr = Lost(s.MeanAblationStdErr),
                ZeroAblation = Lost(s.ZeroAblation),
                MemorisedMultigrams = Lost(s.MemorisedMultigrams), InductionTokens = Lost(s.InductionTokens),
                HessianTrace = Lost(s.HessianTrace), InContextLearning = Lost(s.InContextLearning),
                BigramCrossEntropy = Lost(s.BigramCrossEntropy),
                KComposition = AllLost(s.KComposition), PathAblation = AllLost(s.PathAblation), NGrams = AllLost(s.NGrams),
                LastTokenChance = Lost(s.LastTokenChance),
            })],
        };
        Assert.All(ReportFigures.FiguresOf(study), figure => Assert.DoesNotMatch(NotANumber(), figure.Finding + figure.Caption));
        ReportPage.Render(study);
    }, cases: 15, threads: 1);

    [Fact]
    public void List_HoldsEveryFigureOnce_AndThePageDrawsEach()
    {
        var classes = typeof(StudyFigure).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(StudyFigure)));
        Assert.Equal(
            classes.Select(c => c.Name).Order(StringComparer.Ordinal),
            ReportFigures.All.Select(f => f.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(ReportFigures.All.Count, ReportFigures.All.Select(f => f.Id).Distinct().Count());
        var page = Path.Combine(Repository.Root, "src", "MlNetRllc.Runner", "Report", "Page");
        var scripts = string.Concat(Directory.EnumerateFiles(page, "*.js", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(ReportFigures.All, figure => Assert.Contains($"figure('{figure.Id}'", scripts, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Ids(StudyReport study) => ReportFigures.FiguresOf(study).Select(f => f.Id);

    private static ReportFigure Figure(StudyReport study, string id) => ReportFigures.FiguresOf(study).Single(f => f.Id == id);

    /// <summary>Every head at 2 ± 0.3 on docs, and changed on code with an error of 0.4.</summary>
    private static StudyReport WithErrors(double induction, double other) => Full with
    { Traces = [],
        Rllc = [.. Full.Rllc.Select(r => r with
        {
            Rllc = 2 + (r.Dataset == "docs" ? 0 : SyntheticAnalysis.TypeOf(r.Component) == "induction" ? induction : other),
            RllcStdErr = r.Dataset == "docs" ? 0.3 : 0.4, Status = "ok",
        })],
    };

    private static StudyReport WithStatus(string dataset, string status, params string[] heads) => WithErrors(1.5, 0.25) is var study
        ? study with
        {
            Rllc = [.. study.Rllc.Select(r => r.Dataset == dataset && heads.Contains(r.Component) ? r with { Status = status } : r)],
        }
        : throw new InvalidOperationException();

    [GeneratedRegex(@"NaN|\u221e|Infinity|n/a")]
    private static partial Regex NotANumber();
}
