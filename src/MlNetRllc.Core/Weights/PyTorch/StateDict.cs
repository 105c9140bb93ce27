using System.Globalization;
using System.Numerics;
using MlNetRllc.Core.Errors;

namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>The named tensors of what a pickle holds, and the numbers and text beside them.</summary>
/// <param name="Tensors">Plain tensors.</param>
/// <param name="Others">Tensors that are not plain, with what they are.</param>
/// <param name="Metadata">Numbers and text beside the weights.</param>
internal sealed record StateDict(
    IReadOnlyList<(string Name, TorchTensor Tensor)> Tensors,
    IReadOnlyList<(string Name, string What)> Others,
    IReadOnlyDictionary<string, string> Metadata)
{
    private const int Deepest = 16;
    private const int MostValues = 100_000;
    private const int LongestKey = 1000;

    /// <summary>Keys under which training scripts keep the model's state dict beside other
    /// things.</summary>
    private static readonly string[] ModelKeys = ["state_dict", "model_state_dict", "model"];

    public static StateDict From(object? pickled, string source)
    {
        if (pickled is not PickleDict top)
            throw new InvalidDataException(
                $"{source}: it holds {Describe(pickled)}, not a state dict; save model.state_dict().").About(ErrorPage.PyTorchFile);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in top.Items)
            if (value is string or long or BigInteger or double or bool)
                metadata[key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;

        var model = ModelKeys.Select(k => top[k]).OfType<PickleDict>().FirstOrDefault() ?? top;
        var tensors = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
        var others = new List<(string Name, string What)>();
        var visited = 0;
        Flatten(model, "", 0);
        if (tensors.Count + others.Count == 0) throw new InvalidDataException($"{source}: it holds no tensor.");
        return new([.. tensors.Select(t => (t.Key, t.Value))], others, metadata);

        void Flatten(PickleDict dict, string prefix, int depth)
        {
            if (depth == Deepest)
                throw new InvalidDataException($"{source}: dicts are nested deeper than {Deepest} levels " +
                    $"at {prefix[..Math.Min(prefix.Length, 100)]}.");
            foreach (var (key, value) in dict.Items)
            {
                Count();
                if (key.Length > LongestKey)
                    throw new InvalidDataException(
                        $"{source}: the name that starts with {key[..100]} has {key.Length} characters.");
                var name = prefix + key;
                if (value is PickleDict inner) Flatten(inner, name + '.', depth + 1);
                else if (value is TorchTensor tensor && !tensors.TryAdd(name, tensor))
                    throw new InvalidDataException($"{source}: the tensor {name} appears twice.");
                else if (value is PickleOther { IsTensor: true } other) others.Add((name, other.What));
                else if (value is PickleTuple or List<object?> && model != top && HoldsTensor(value, 0))
                    throw new InvalidDataException($"{source}: {name} is {Describe(value)}, not a tensor.");
            }
        }

        // A list of numbers or sizes beside the weights is passed over; one of tensors has no names.
        bool HoldsTensor(object? value, int depth)
        {
            Count();
            return depth == Deepest || value switch
            {
                TorchTensor or PickleOther { IsTensor: true } => true,
                PickleTuple tuple => tuple.Items.Any(v => HoldsTensor(v, depth + 1)),
                List<object?> list => list.Any(v => HoldsTensor(v, depth + 1)),
                PickleDict dict => dict.Items.Any(v => HoldsTensor(v.Value, depth + 1)),
                _ => false,
            };
        }

        // A dict may contain itself, or the same dict many times over.
        void Count()
        {
            if (++visited > MostValues)
                throw new InvalidDataException($"{source}: it has more than {MostValues} values.");
        }
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        TorchTensor => "a single tensor without a name",
        PickleTuple => "a tuple",
        List<object?> => "a list",
        PickleGlobal global => global.Name,
        PickleOther other => other.What,
        _ => $"a {value.GetType().Name}",
    };
}
