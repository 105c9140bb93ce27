using MlNetRllc.Core.Model;

namespace MlNetRllc.Modules;

/// <summary>Where an attention head lies in the weights of its layer.</summary>
internal static class SelectedHead
{
    /// <summary>The rows of separate queries, keys and values.</summary>
    public static IEnumerable<SelectedPart> Unfused(int head, int of, string query, string key, string value)
    {
        Check(head, of);
        return
        [
            new(query, (p, _) => Rows(p, head, of, 1)),
            new(key, (p, module) =>
            {
                RefuseShared(p, SelectedPart.Named(query, module).FirstOrDefault());
                return Rows(p, head, of, 1);
            }),
            new(value, (p, _) => Rows(p, head, of, 1)),
        ];
    }

    /// <summary>The rows of queries, keys and values in one matrix.</summary>
    public static SelectedPart Fused(int head, int of, string fused)
    {
        Check(head, of);
        return new(fused, (p, _) => Rows(p, head, of, 3));
    }

    /// <summary>The columns of the output.</summary>
    public static SelectedPart Output(int head, int of, string output) => new(output, (p, _) =>
        IsByHead(p, of) ? SelectedPart.Along(p, 0, head..(head + 1))
            : p.Axes.Count < 2 ? throw new ArgumentException($"asks for a head of {p}, which has no columns: it belongs to all heads")
            : SelectedPart.Along(p, 1, Share(p, 1, head, of, 1, 0)));

    /// <summary>The head's rows in each of some blocks of equal size.</summary>
    private static IEnumerable<ParameterSlice> Rows(ParameterShape p, int head, int of, int blocks) =>
        blocks == 1 && IsByHead(p, of) ? SelectedPart.Along(p, 0, head..(head + 1))
            : Enumerable.Range(0, blocks).SelectMany(block => SelectedPart.Along(p, 0, Share(p, 0, head, of, blocks, block)));

    private static Range Share(ParameterShape p, int axis, int head, int of, int blocks, int block)
    {
        var size = p.Axes.Count > axis ? checked((int)p.Axes[axis]) : 0;
        if (size == 0 || size % (blocks * of) != 0)
            throw new ArgumentException($"asks for one of {of} heads of {p}, whose {size} {(axis == 0 ? "rows" : "columns")} "
                + $"cannot be shared between {(blocks > 1 ? $"{blocks} x {of}" : $"{of}")}");
        var width = size / (blocks * of);
        var first = (block * of + head) * width;
        return first..(first + width);
    }

    /// <summary>Whether the first axis is the head, as in TransformerLens' [head, d_model, d_head].</summary>
    private static bool IsByHead(ParameterShape p, int of) => p.Axes.Count == 3 && p.Axes[0] == of;

    // Of grouped queries there are fewer keys and values than heads: an equal share of their rows would be no head's.
    private static void RefuseShared(ParameterShape key, ParameterShape? query)
    {
        if (query is { Axes.Count: > 0 } && key.Axes.Count > 0 && query.Axes[0] != key.Axes[0])
            throw new ArgumentException($"asks for a head of {key}, which has {key.Axes[0]} rows, while {query} has {query.Axes[0]}: "
                + "heads that share keys and values have no equal part of them; say their rows with Rows");
    }

    private static void Check(int head, int of)
    {
        if (head < 0 || head >= of)
            throw new ArgumentOutOfRangeException(nameof(head), $"There is no head {head} of {of}; heads count from 0.");
    }
}
