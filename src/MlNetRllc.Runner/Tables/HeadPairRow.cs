using Microsoft.ML;
using MlNetRllc.Core.Model;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Tables;

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
        using var cursor = scores.GetRowCursor(((string[])[RllcColumns.Step, RllcColumns.Component, RllcColumns.QComposition,
            RllcColumns.KComposition, RllcColumns.VComposition, RllcColumns.PathAblation]).Select(c => schema[c]));
        var (step, component) = (cursor.Read<int>(RllcColumns.Step), cursor.ReadText(RllcColumns.Component));
        var q = cursor.ReadVector<double>(RllcColumns.QComposition);
        var k = cursor.ReadVector<double>(RllcColumns.KComposition);
        var v = cursor.ReadVector<double>(RllcColumns.VComposition);
        var path = cursor.ReadVector<double>(RllcColumns.PathAblation);
        var rows = new List<HeadPairRow>();
        while (cursor.MoveNext())
        {
            var reader = component();
            if (HeadName.TryParse(reader) is not { Layer: > 0 and var layer }) continue;
            var (toQ, toK, toV) = (q(), k(), v());
            var paths = path();
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
