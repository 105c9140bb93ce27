using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Core.Model;

/// <summary>One named weight, row-major, in float32.</summary>
/// <param name="Name">TransformerLens name, such as <c>blocks.0.attn.W_Q</c>.</param>
/// <param name="Shape">Size of each axis; empty for a scalar.</param>
/// <param name="Values">The values, row-major, in <paramref name="Shape"/> ([d_model, d_head] of a
/// W_Q, say), dimensionless. Treat as read-only.</param>
public sealed record Weight(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>The weights of one checkpoint: an immutable, ordered map from names to arrays.</summary>
public sealed class WeightSet : IReadOnlyCollection<Weight>
{
    private readonly Weight[] weights;
    private readonly Dictionary<string, Weight> byName;
    private string? key;

    /// <summary>Takes the weights as they are; nothing is copied.</summary>
    /// <exception cref="ArgumentException">A name appears twice, or a shape does not fit its number
    /// of values.</exception>
    public WeightSet(IEnumerable<Weight> weights)
    {
        this.weights = [.. weights];
        byName = new(this.weights.Length, StringComparer.Ordinal);
        foreach (var weight in this.weights)
        {
            var expected = weight.Shape.Aggregate(1L, (n, d) => n * d);
            if (expected != weight.Values.Length)
                throw new ArgumentException(
                    $"{weight.Name}: the shape [{string.Join(", ", weight.Shape)}] has {expected} values, "
                    + $"{weight.Values.Length} were given.");
            if (!byName.TryAdd(weight.Name, weight))
                throw new ArgumentException($"{weight.Name} appears twice.");
        }
    }

    /// <summary>Number of weights (arrays, not values).</summary>
    public int Count => weights.Length;

    /// <summary>The weight of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names there
    /// are.</exception>
    public Weight this[string name] => byName.TryGetValue(name, out var weight) ? weight
        : throw new KeyNotFoundException($"No weight is named '{name}'; there are: {string.Join(", ", byName.Keys)}.");

    /// <summary>The weight of that name, if there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Weight? weight) =>
        byName.TryGetValue(name, out weight);

    /// <summary>SHA-256 of names, shapes and values, in lower-case hexadecimal: the identity of a
    /// checkpoint.</summary>
    public string Key => key ??= ComputeKey();

    /// <summary>Checks that these are exactly the weights of <paramref name="config"/>, all
    /// finite.</summary>
    /// <exception cref="ArgumentException">A weight is missing, has another shape, is not of the
    /// model, or holds a value that is not finite; the message names it.</exception>
    public WeightSet CheckedAgainst(TransformerConfig config)
    {
        var expected = WeightNames.Shapes(config).ToDictionary(w => w.Name, w => w.Shape);
        foreach (var (name, shape) in expected)
        {
            if (!TryGet(name, out var weight))
                throw new ArgumentException($"The weight {name} is missing.").About(ErrorPage.CheckpointShapes);
            if (!weight.Shape.SequenceEqual(shape))
                throw new ArgumentException($"{name} has shape [{string.Join(", ", weight.Shape)}]; "
                    + $"the model needs [{string.Join(", ", shape)}].").About(ErrorPage.CheckpointShapes);
            var bad = Array.FindIndex(weight.Values, v => !float.IsFinite(v));
            if (bad >= 0)
                throw new ArgumentException(
                    $"{name} holds {weight.Values[bad]} at index {bad}; weights must be finite.");
        }
        if (weights.FirstOrDefault(w => !expected.ContainsKey(w.Name)) is { } extra)
            throw new ArgumentException($"The model has no weight {extra.Name}.").About(ErrorPage.CheckpointShapes);
        return this;
    }

    /// <inheritdoc/>
    public IEnumerator<Weight> GetEnumerator() => ((IEnumerable<Weight>)weights).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => weights.GetEnumerator();

    private string ComputeKey()
    {
        using var hash = new ContentHasher();
        foreach (var weight in weights.OrderBy(w => w.Name, StringComparer.Ordinal))
        {
            hash.AddText($"{weight.Name}[{string.Join(',', weight.Shape)}]");
            hash.Add<float>(weight.Values);
        }
        return hash.Value;
    }
}
