using System.Globalization;

namespace MlNetRllc.Core.Model;

/// <summary>The name of a single head, as the field writes it: <c>l0h3</c> is head 3 of layer 0.</summary>
/// <param name="Layer">Its layer, from 0.</param>
/// <param name="Head">Its number in the layer, from 0.</param>
public readonly record struct HeadName(int Layer, int Head)
{
    /// <summary>Reads a name; null where it is that of something else.</summary>
    public static HeadName? TryParse(string? component) =>
        component is ['l', .. var rest] && rest.IndexOf('h', StringComparison.Ordinal) is > 0 and var at
        && TryNumber(rest.AsSpan(0, at), out var layer) && TryNumber(rest.AsSpan(at + 1), out var head) ? new(layer, head) : null;

    /// <summary>The layer of a head, or of a whole layer such as <c>l1</c>, its attention
    /// <c>l1 attn</c> or its MLP <c>l1 mlp</c>; null where a component is none of these.</summary>
    public static int? LayerOf(string? component)
    {
        if (TryParse(component) is { } head) return head.Layer;
        return component is ['l', .. var rest] && TryNumber(WithoutPart(rest), out var layer) ? layer : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"l{Layer}h{Head}");

    private static ReadOnlySpan<char> WithoutPart(string rest) =>
        rest.EndsWith(" attn", StringComparison.Ordinal) ? rest.AsSpan(0, rest.Length - 5)
        : rest.EndsWith(" mlp", StringComparison.Ordinal) ? rest.AsSpan(0, rest.Length - 4) : rest;

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
