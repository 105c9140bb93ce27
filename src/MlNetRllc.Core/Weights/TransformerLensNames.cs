using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights;

/// <summary>Names in foreign state dicts, brought to those of <see cref="WeightNames"/>.</summary>
/// <remarks>
/// <see cref="WeightNames"/> are TransformerLens's own, so a checkpoint written here loads there
/// with <c>load_state_dict(safetensors.torch.load_file(path), strict=False)</c>. The other way, two
/// things differ: prefixes that wrappers add to every name (<c>module.</c>, <c>model.</c>,
/// <c>_orig_mod.</c>, in any order) are taken off, and the attention's constant buffers
/// (<c>blocks.0.attn.mask</c> and <c>.IGNORE</c>) are left out.
/// </remarks>
public static class TransformerLensNames
{
    private static readonly string[] Prefixes = ["module.", "model.", "_orig_mod."];

    /// <summary>The name without the prefixes that wrappers add.</summary>
    public static string WithoutPrefixes(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        while (Prefixes.FirstOrDefault(p => name.StartsWith(p, StringComparison.Ordinal)) is { } prefix)
            name = name[prefix.Length..];
        return name;
    }

    /// <summary>Whether a tensor is one of TransformerLens's constant buffers, which hold no
    /// weights.</summary>
    public static bool IsBuffer(string name) =>
        WithoutPrefixes(name).Split('.') is ["blocks", _, "attn", "mask" or "IGNORE"];

    /// <summary>The same weights under names without prefixes; buffers are left out.</summary>
    /// <exception cref="InvalidDataException">Two names become one.</exception>
    public static WeightSet Normalized(WeightSet weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var from = new Dictionary<string, string>(StringComparer.Ordinal);
        var renamed = new List<Weight>(weights.Count);
        foreach (var weight in weights.Where(w => !IsBuffer(w.Name)))
        {
            var name = WithoutPrefixes(weight.Name);
            if (!from.TryAdd(name, weight.Name))
                throw new InvalidDataException(
                    $"The tensors {from[name]} and {weight.Name} both stand for {name}.");
            renamed.Add(weight with { Name = name });
        }
        return new(renamed);
    }
}
