using Microsoft.ML;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Tables;

/// <summary>Columns of a score step's table that steps read; the table has all that <c>ScoreHeads</c> gives.</summary>
internal sealed class HeadScoreRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    public double PreviousToken { get; set; }

    public double PrefixMatching { get; set; }

    public double MemorisedMultigrams { get; set; }

    public double MeanAblation { get; set; }

    public double HessianTrace { get; set; }

    public double FisherTrace { get; set; }

    public double InContextLearning { get; set; }

    public double InContextLearningStdErr { get; set; }

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
    public static IEnumerable<HeadPairRow> Of(IDataView scores)
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
            var layer = int.Parse(reader[1..reader.IndexOf('h', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            if (layer == 0) continue;
            var (toQ, toK, toV, paths) = (q(), k(), v(), path());
            for (var head = 0; head < toQ.Length; head++)
                rows.Add(new()
                {
                    Step = step(), Reader = reader, Writer = $"l{layer - 1}h{head}",
                    QComposition = toQ[head], KComposition = toK[head], VComposition = toV[head], PathAblation = paths[head],
                });
        }
        return rows;
    }
}

/// <summary>A row of a classify step's table, as far as steps read it.</summary>
internal sealed class HeadTypeRow
{
    public int Step { get; set; }

    public string Component { get; set; } = "";

    public string HeadType { get; set; } = "";

    public double PreviousToken { get; set; }

    public double CurrentToken { get; set; }

    public double PrefixMatching { get; set; }

    public double MeanAblation { get; set; }
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
