using Microsoft.ML;
using MlNetRllc.Core.Model;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a score step's table: what <c>ScoreHeads</c> found of one head at one checkpoint. Loss changes are ablated minus whole, nats per token; NaN
/// where not measured.</summary>
internal sealed record HeadScoreRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    public double PreviousToken { get; set; } = double.NaN;

    public double CurrentToken { get; set; } = double.NaN;

    public double PrefixMatching { get; set; } = double.NaN;

    public double ZeroAblation { get; set; } = double.NaN;

    public double ZeroAblationStdErr { get; set; } = double.NaN;

    public double MeanAblation { get; set; } = double.NaN;

    public double MeanAblationStdErr { get; set; } = double.NaN;

    public double ResampleAblation { get; set; } = double.NaN;

    public double ResampleAblationStdErr { get; set; } = double.NaN;

    public double PositionAblation { get; set; } = double.NaN;

    public double PositionAblationStdErr { get; set; } = double.NaN;

    public double InductionTokens { get; set; } = double.NaN;

    public double BracketTokens { get; set; } = double.NaN;

    public double NGramTokens { get; set; } = double.NaN;

    public double SkipNGramTokens { get; set; } = double.NaN;

    public double UnexplainedTokens { get; set; } = double.NaN;

    public double MemorisedMultigrams { get; set; } = double.NaN;

    public double HessianTrace { get; set; } = double.NaN;

    public double HessianTraceStdErr { get; set; } = double.NaN;

    public double FisherTrace { get; set; } = double.NaN;

    public double FisherTraceStdErr { get; set; } = double.NaN;

    public double LastTokenChance { get; set; } = double.NaN;

    public double PrefixMatchingChance { get; set; } = double.NaN;

    public double ModelLoss { get; set; } = double.NaN;

    public double ModelLossStdErr { get; set; } = double.NaN;

    public double InContextLearning { get; set; } = double.NaN;

    public double InContextLearningStdErr { get; set; } = double.NaN;

    public double BigramCrossEntropy { get; set; } = double.NaN;

    public double BigramEntropy { get; set; } = double.NaN;

    public double ModelPositionAblation { get; set; } = double.NaN;

    public double ModelPositionAblationStdErr { get; set; } = double.NaN;

    /// <summary>With each head of the layer below; NaN in layer 0.</summary>
    public double[] QComposition { get; set; } = [];

    /// <inheritdoc cref="QComposition"/>
    public double[] KComposition { get; set; } = [];

    /// <inheritdoc cref="QComposition"/>
    public double[] VComposition { get; set; } = [];

    /// <inheritdoc cref="QComposition"/>
    public double[] PathAblation { get; set; } = [];

    /// <summary>Words of 2, 3 and 4 tokens, of the whole model.</summary>
    public double[] NGrams { get; set; } = [];

    /// <summary>What was not measured, and why.</summary>
    public string ScoreNotes { get; set; } = "";
}

/// <summary>A row of a score step's second table, <c>STEP-pairs.csv</c>: a head and a head of the layer below it.</summary>
internal sealed class HeadPairRow
{
    /// <summary>Training step of the checkpoint.</summary>
    public int Step { get; set; }

    /// <summary>The head that reads, such as <c>l1h3</c>.</summary>
    public string Reader { get; set; } = "";

    /// <summary>The head below, such as <c>l0h1</c>.</summary>
    public string Writer { get; set; } = "";

    /// <summary>Composition of the writer's output with the reader's queries, 0 to 1.</summary>
    public double QComposition { get; set; }

    /// <summary>With its keys.</summary>
    public double KComposition { get; set; }

    /// <summary>With its values.</summary>
    public double VComposition { get; set; }

    /// <summary>Loss change when the reader alone sees the writer's mean, nats per token; NaN when it was not asked for.</summary>
    public double PathAblation { get; set; }

    /// <summary>The pairs of a table of scores; heads of the first layer read none.</summary>
    public static IEnumerable<HeadPairRow> PairsOf(IDataView scores)
    {
        var schema = scores.Schema;
        using var cursor = scores.GetRowCursor(((string[])["Step", "Component", "QComposition", "KComposition", "VComposition", "PathAblation"]).Select(c => schema[c]));
        var (step, component) = (cursor.Read<int>("Step"), cursor.ReadText("Component"));
        var (q, k, v, path) = (cursor.ReadVector<double>("QComposition"), cursor.ReadVector<double>("KComposition"),
            cursor.ReadVector<double>("VComposition"), cursor.ReadVector<double>("PathAblation"));
        var rows = new List<HeadPairRow>();
        while (cursor.MoveNext())
        {
            var reader = component();
            if (HeadName.TryParse(reader) is not { Layer: > 0 and var layer }) continue;
            var (toQ, toK, toV, paths) = (q(), k(), v(), path());
            for (var head = 0; head < toQ.Length; head++)
                rows.Add(new()
                {
                    Step = step(), Reader = reader, Writer = $"{new HeadName(layer - 1, head)}",
                    QComposition = toQ[head], KComposition = toK[head], VComposition = toV[head], PathAblation = paths[head],
                });
        }
        return rows;
    }
}

/// <summary>A row of a classify step's table: the type of one head at one checkpoint, with its evidence.</summary>
internal sealed record HeadTypeRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    /// <summary>previous-token, current-token, induction, multigram or unclear.</summary>
    public string HeadType { get; set; } = "";

    public double PreviousToken { get; set; }

    public double CurrentToken { get; set; }

    public double PrefixMatching { get; set; }

    public double MeanAblation { get; set; }
    public string HeadTypeReason { get; set; } = "";

    public double PreviousTokenMargin { get; set; } = double.NaN;

    public double CurrentTokenMargin { get; set; } = double.NaN;

    public double PrefixMatchingMargin { get; set; } = double.NaN;

    public int PreviousTokenRank { get; set; }

    public int CurrentTokenRank { get; set; }

    public int PrefixMatchingRank { get; set; }
}

/// <summary>A row of a cluster step's table: a head in one clustering.</summary>
internal sealed class HeadClusterRow
{
    /// <summary>The head.</summary>
    public string Component { get; set; } = "";

    /// <summary>Its cluster, from 1; 0 when its curve has too few values to be clustered.</summary>
    public int Cluster { get; set; }

    /// <summary>In -1..1; NaN when it was not clustered.</summary>
    public float Silhouette { get; set; }

    /// <summary>Which heads were clustered together: <c>all</c>, or one layer's, such as <c>l1</c>.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The dataset whose curves were clustered.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>Its behavioural type at the last scored checkpoint; empty without a classify step.</summary>
    public string HeadType { get; set; } = "";

    /// <summary>Distance to its cluster's centre, in the method's own measure; NaN when it was not clustered.</summary>
    public double Distance { get; set; }
}

/// <summary>A row of a cluster step's table <c>STEP-curves.csv</c>: a point of a curve as it was clustered, or of a cluster's centre.</summary>
internal sealed class ClusterCurveRow
{
    /// <summary>Which heads were clustered together: <c>all</c>, or one layer's.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The head; empty for a centre.</summary>
    public string Component { get; set; } = "";

    /// <summary>From 1.</summary>
    public int Cluster { get; set; }

    /// <summary>Training step; between checkpoints where curves are resampled.</summary>
    public double Step { get; set; }

    /// <summary>The resampled, smoothed, normalised value.</summary>
    public double Value { get; set; }
}

/// <summary>A row of a cluster step's second table, <c>STEP-counts.csv</c>: a number of clusters that was tried.</summary>
internal sealed class ClusterCountRow
{
    /// <summary>Which heads: <c>all</c>, or one layer's.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The number of clusters.</summary>
    public int K { get; set; }

    /// <summary>Mean silhouette, -1 to 1.</summary>
    public double Silhouette { get; set; }

    /// <summary>1 for the number that was chosen.</summary>
    public int Chosen { get; set; }

    /// <summary>Adjusted Rand index against the head types; NaN without a classify step.</summary>
    public double AdjustedRandIndex { get; set; }

    /// <summary>Normalised mutual information with the head types, 0 to 1; NaN without a classify step.</summary>
    public double NormalizedMutualInformation { get; set; }
}
