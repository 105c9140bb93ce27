using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>The types of heads.</summary>
/// <param name="Rows">At every scored checkpoint.</param>
/// <param name="Last">At the last one, by head.</param>
internal sealed record HeadTypes(IDataView Rows, IReadOnlyDictionary<string, string> Last);

/// <summary>Names what each head does, at every scored checkpoint; the last one's types count.</summary>
/// <remarks>Where token classes were not measured, multigram heads are told by their ablation alone.</remarks>
internal sealed class ClassifyStep : StepKind
{
    private static readonly string[] Columns =
    [
        RllcColumns.Step, RllcColumns.Component, RllcColumns.HeadType, RllcColumns.HeadTypeReason, RllcColumns.PreviousToken,
            RllcColumns.PreviousTokenMargin, RllcColumns.PreviousTokenRank, RllcColumns.CurrentToken, RllcColumns.CurrentTokenMargin,
        RllcColumns.CurrentTokenRank, RllcColumns.PrefixMatching, RllcColumns.PrefixMatchingMargin,
            RllcColumns.PrefixMatchingRank, RllcColumns.MeanAblation, RllcColumns.MeanAblationStdErr,
            RllcColumns.InductionTokens, RllcColumns.BracketTokens,
        RllcColumns.NGramTokens, RllcColumns.SkipNGramTokens, RllcColumns.UnexplainedTokens, RllcColumns.MemorisedMultigrams,
    ];

    public override string Name => "classify";

    public override string Component => "ClassifyHeads";

    public override bool IsLight => true;

    public override IReadOnlyList<StepInput> Inputs { get; } = [StepInput.Step<ScoreStep>("scores", "a score step")];

    public override IReadOnlyList<Type> Options { get; } = [typeof(HeadClassifierOptions)];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step) => StepCost.OfMoments;

    public override string Run(StudyContext context)
    {
        var scores = context.ReadInput<IDataView>("scores");
        var classified = context.Ml.Rllc.ClassifyHeads(context.Step.Get<HeadClassifierOptions>()).Fit(scores).Transform(scores);
        var table = context.Ml.Data.Cache(context.Ml.Transforms.SelectColumns(Columns).Fit(classified).Transform(classified));
        context.SaveTable(table);
        var last = TypesAtTheEnd([.. context.Ml.Data.CreateEnumerable<HeadTypeRow>(table, reuseRowObject: false)]);
        context.GiveOutput(new HeadTypes(table, last));
        if (context.Restored is { } before) return before.Summary;
        foreach (var word in Enum.GetValues<HeadType>().Select(HeadClass.WordOf))
            context.TellNumber($"heads.{word}", last.Values.Count(t => t == word));
        var groups = last.GroupBy(h => h.Value).OrderBy(g => g.Key, StringComparer.Ordinal);
        return string.Join("; ", groups.Select(g => $"{g.Key}: {string.Join(", ", g.Select(h => h.Key))}"));
    }

    private static Dictionary<string, string> TypesAtTheEnd(IReadOnlyList<HeadTypeRow> rows) =>
        rows.Where(r => r.Step == rows.Max(other => other.Step)).ToDictionary(r => r.Component, r => r.HeadType, StringComparer.Ordinal);
}
