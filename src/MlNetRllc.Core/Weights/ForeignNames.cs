using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights;

/// <summary>Refuses a file by the names of its tensors, before a value of one is looked at: what is wrong with a
/// tensor that the model does not have is of no use to anybody.</summary>
internal static class ForeignNames
{
    private const string Expected = "Expected are embed.W_E [vocab, d_model], pos_embed.W_pos [pos, d_model], of each layer N "
        + "blocks.N.ln1.w and .b [d_model], blocks.N.attn.W_Q, .W_K and .W_V [head, d_model, d_head] and .W_O [head, d_head, d_model], "
        + "then ln_final.w and .b [d_model], unembed.W_U [d_model, vocab]; biases b_Q, b_K, b_V, b_O, b_U and an MLP may be there.";

    /// <summary>Names that every model has, for which a file may have others.</summary>
    private static readonly string[] Always =
        [WeightNames.Embed, WeightNames.Position, WeightNames.Attention(0, "W_Q"), WeightNames.FinalGain, WeightNames.Unembed];

    /// <summary>Looks at the names of a file's tensors; buffers are passed over.</summary>
    /// <exception cref="InvalidDataException">Most are not TransformerLens's, or one is not; the message says which
    /// are expected.</exception>
    public static void Check(IEnumerable<string> names)
    {
        var given = names.Where(name => !TransformerLensNames.IsBuffer(name)).ToList();
        var unknown = given.Where(name => !IsExpected(TransformerLensNames.WithoutPrefixes(name))).ToList();
        if (unknown.Count == 0) return;
        if (2 * unknown.Count > given.Count) throw Others(given, given.Count - unknown.Count);
        var first = unknown.Find(name => CheckpointReader.ForeignReason(name) is not null) ?? unknown[0];
        throw CheckpointReader.Unknown(TransformerLensNames.WithoutPrefixes(first));
    }

    private static InvalidDataException Others(List<string> given, int expected)
    {
        var some = $"{string.Join(", ", given.Take(4))}{(given.Count > 4 ? ", ..." : "")}";
        return new InvalidDataException(
            $"The names of its tensors are not TransformerLens's ({expected} of {given.Count} are): {some}. {Expected}{Hint(given)}")
            .About(ErrorPage.CheckpointShapes);
    }

    private static string Hint(List<string> given)
    {
        const string inner = $".{WeightNames.Embed}";
        if (given.Find(name => name.EndsWith(inner, StringComparison.Ordinal)) is { } wrapped)
            return $" Here they begin with '{wrapped[..^(inner.Length - 1)]}': take that off.";
        var near = Always.Select(name => (Name: name, Given: NearestName.Find(name, given))).Where(pair => pair.Given is not null).ToList();
        return near.Count == 0 ? ""
            : $" The nearest: {string.Join(", ", near.Take(3).Select(pair => $"'{pair.Given}' for '{pair.Name}'"))}.";
    }

    private static bool IsExpected(string name) => name.Split('.') switch
    {
        ["embed", "W_E"] or ["pos_embed", "W_pos"] or ["ln_final", "w" or "b"] or ["unembed", "W_U" or "b_U"] => true,
        ["blocks", _, "ln1" or "ln2", "w" or "b"] => true,
        ["blocks", _, "attn", "W_Q" or "W_K" or "W_V" or "W_O" or "b_Q" or "b_K" or "b_V" or "b_O"] => true,
        ["blocks", _, "mlp", "W_in" or "b_in" or "W_out" or "b_out"] => true,
        _ => false,
    };
}
