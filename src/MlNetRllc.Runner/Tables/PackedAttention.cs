namespace MlNetRllc.Runner.Tables;

/// <summary>Attention as text: base64 of one byte a pair of tokens, 255 for 1, row after row; row i has i + 1 values.</summary>
internal static class PackedAttention
{
    /// <summary>Packs attention; what is not finite becomes 0.</summary>
    /// <param name="attention">[query][key], 0 to 1, key up to the query.</param>
    public static string Pack<TRow>(IReadOnlyList<TRow> attention) where TRow : IReadOnlyList<double>
    {
        var bytes = new byte[attention.Count * (attention.Count + 1) / 2];
        var k = 0;
        for (var i = 0; i < attention.Count; i++)
        for (var j = 0; j <= i; j++)
            bytes[k++] = double.IsFinite(attention[i][j]) ? (byte)Math.Round(255 * Math.Clamp(attention[i][j], 0, 1)) : (byte)0;
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The attention again, to a byte's precision.</summary>
    public static IReadOnlyList<double[]> Unpack(string packed)
    {
        var bytes = Convert.FromBase64String(packed);
        var rows = new List<double[]>();
        for (var at = 0; at < bytes.Length; at += rows.Count)
            rows.Add([.. bytes.Skip(at).Take(rows.Count + 1).Select(b => b / 255.0)]);
        return rows;
    }
}
