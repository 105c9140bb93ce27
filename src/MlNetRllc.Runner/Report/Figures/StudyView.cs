using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Report.Figures;

/// <summary>What captions ask of a study.</summary>
internal sealed class StudyView
{
    private readonly Dictionary<(int, string, string), RllcRow> rows = [];
    private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);
    private JointEstimates? joint;

    public StudyView(StudyReport study)
    {
        Study = study;
        foreach (var r in study.Rllc) rows.TryAdd((r.Step, r.Component, r.Dataset), r);
        Datasets = [.. study.Rllc.Select(r => r.Dataset).Distinct()];
        TrainingText = study.TrainingText is { } text && Datasets.Contains(text) ? text : Datasets.FirstOrDefault("");
        Components = [.. study.Rllc.Select(r => r.Component).Distinct()];
        Heads = [.. Components.Where(c => LayerOf(c) >= 0)];
        Steps = [.. study.Rllc.Select(r => r.Step).Distinct().Order()];
        ScoredSteps = [.. study.Scores.Select(s => s.Step).Distinct().Order()];
        if (study.Types.Count > 0)
            foreach (var row in study.Types.Where(t => t.Step == study.Types.Max(u => u.Step))) types.TryAdd(row.Component, row.HeadType);
        TypedStep = study.Types.Count > 0 ? study.Types.Max(t => t.Step) : -1;
    }

    public StudyReport Study { get; }

    public IReadOnlyList<string> Datasets { get; }

    public string TrainingText { get; }

    public IReadOnlyList<string> Components { get; }

    public IReadOnlyList<string> Heads { get; }

    public IReadOnlyList<int> Steps { get; }

    public int LastStep => Steps.Count > 0 ? Steps[^1] : 0;

    public IReadOnlyList<int> ScoredSteps { get; }

    /// <summary>Checkpoint at which heads were classified last; -1 when they were not.</summary>
    public int TypedStep { get; }

    public bool HasTypes => types.Count > 0;

    /// <summary>Type of a head at the last checkpoint; empty where it is not known.</summary>
    public string TypeOf(string component) => types.GetValueOrDefault(component, "");

    public IReadOnlyList<string> OfType(string type) => [.. types.Where(t => t.Value == type).Select(t => t.Key)];

    public IReadOnlyDictionary<string, string> Types => types;

    public RllcRow? Row(int step, string component, string dataset) => rows.GetValueOrDefault((step, component, dataset));

    /// <summary>The estimate at a checkpoint; NaN where there is none whose status is ok, for nothing is stated from others.</summary>
    public ValueWithError Known(int step, string component, string dataset) =>
        Row(step, component, dataset) is { IsOk: true } r ? new(r.Rllc, r.RllcStdErr) : new(double.NaN, double.NaN);

    /// <summary>The estimate at the last checkpoint; NaN where there is none whose status is ok.</summary>
    public ValueWithError Final(string component, string dataset) => Known(LastStep, component, dataset);

    /// <summary>How many of some estimates no sentence is made of; empty where all are ok.</summary>
    public static string LeftOut(IReadOnlyCollection<RllcRow> rows, string where)
    {
        var bad = rows.Count(r => !r.IsOk);
        return bad == 0 ? ""
            : $"{bad} of {CaptionWords.Count(rows.Count, "estimate")} {where} {(bad == 1 ? "is" : "are")} not ok and left out.";
    }

    /// <summary>The same of some components at the last checkpoint on a dataset.</summary>
    public string LeftOut(IEnumerable<string> components, string dataset) =>
        LeftOut([.. components.Select(c => Row(LastStep, c, dataset)).OfType<RllcRow>()],
            $"on {dataset} at step {CaptionWords.Step(LastStep)}");

    /// <summary>The estimates at the last checkpoint, to be averaged and compared.</summary>
    public JointEstimates Joint => joint ??= new(
        Study.Rllc.Where(r => r.Step == LastStep), Study.Traces.Where(t => t.Step == LastStep), Study.Estimation);

    /// <summary>Scores of all heads at one checkpoint.</summary>
    public IReadOnlyList<HeadScoreRow> ScoresAt(int step) => [.. Study.Scores.Where(s => s.Step == step && LayerOf(s.Component) >= 0)];

    public IReadOnlyList<HeadScoreRow> FinalScores => ScoredSteps.Count > 0 ? ScoresAt(ScoredSteps[^1]) : [];

    /// <summary>Steps at which one stage ends and another begins.</summary>
    public IReadOnlyList<double> Boundaries => [.. Study.Stages.OrderBy(s => s.From).Skip(1).Select(s => s.From)];

    /// <summary>Layer of a head's name; -1 for any other component.</summary>
    public static int LayerOf(string component) => HeadName.TryParse(component)?.Layer ?? -1;
}
