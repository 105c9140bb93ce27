using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Heads;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>The types of heads.</summary>
/// <param name="Rows">At every scored checkpoint.</param>
/// <param name="Last">At the last one, by head.</param>
internal sealed record HeadTypes(IDataView Rows, IReadOnlyDictionary<string, string> Last);

/// <summary>Names what each head does, at every scored checkpoint; the last one's types count.</summary>
/// <remarks>Where token classes were not measured, multigram heads are told by their ablation alone.</remarks>
internal static class ClassifyStep
{
    private static readonly string[] Columns =
    [
        "Step", "Component", "HeadType", "HeadTypeReason", "PreviousToken", "PreviousTokenMargin", "PreviousTokenRank", "CurrentToken", "CurrentTokenMargin",
        "CurrentTokenRank", "PrefixMatching", "PrefixMatchingMargin", "PrefixMatchingRank", "MeanAblation", "MeanAblationStdErr", "InductionTokens", "BracketTokens",
        "NGramTokens", "SkipNGramTokens", "UnexplainedTokens", "MemorisedMultigrams",
    ];

    public static string Run(StudyContext context, StepSpec step)
    {
        var scores = context.Output<IDataView>(step, "scores");
        var classified = context.Ml.Rllc.ClassifyHeads(step.Get<HeadClassifierOptions>()).Fit(scores).Transform(scores);
        var table = context.Ml.Data.Cache(context.Ml.Transforms.SelectColumns(Columns).Fit(classified).Transform(classified));
        Tables.Save(context, step, table);
        var rows = context.Ml.Data.CreateEnumerable<HeadTypeRow>(table, reuseRowObject: false).ToList();
        var last = rows.Where(r => r.Step == rows.Max(other => other.Step)).ToDictionary(r => r.Component, r => r.HeadType, StringComparer.Ordinal);
        context.Put(step, new HeadTypes(table, last));
        if (context.Restored is { } before) return before.Summary;
        foreach (var type in Enum.GetValues<HeadType>()) context.Tell(step, $"heads.{HeadClass.WordOf(type)}", last.Values.Count(t => t == HeadClass.WordOf(type)));
        return string.Join("; ", last.GroupBy(h => h.Value).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}: {string.Join(", ", g.Select(h => h.Key))}"));
    }
}
