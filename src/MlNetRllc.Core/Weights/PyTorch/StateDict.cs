using System.Globalization;

namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>The named tensors of what a pickle holds, and the numbers and text beside them.</summary>
internal sealed record StateDict(IReadOnlyList<(string Name, TorchTensor Tensor)> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const int Deepest = 16;
    private const int MostValues = 100_000;
    private const int LongestKey = 1000;

    /// <summary>Keys under which training scripts keep the model's state dict beside other things.</summary>
    private static readonly string[] ModelKeys = ["state_dict", "model_state_dict", "model"];

    public static StateDict From(object? pickled, string source)
    {
        if (pickled is not PickleDict top)
            throw new InvalidDataException($"{source}: it holds {Describe(pickled)}, not a state dict; save model.state_dict().");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in top.Items)
            if (value is string or long or double or bool) metadata[key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;

        var model = ModelKeys.Select(k => top[k]).OfType<PickleDict>().FirstOrDefault() ?? top;
        var tensors = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
        var visited = 0;
        Flatten(model, "", 0);
        if (tensors.Count == 0) throw new InvalidDataException($"{source}: it holds no tensor.");
        return new([.. tensors.Select(t => (t.Key, t.Value))], metadata);

        void Flatten(PickleDict dict, string prefix, int depth)
        {
            if (depth == Deepest)
                throw new InvalidDataException($"{source}: dicts are nested deeper than {Deepest} levels " +
                    $"at {prefix[..Math.Min(prefix.Length, 100)]}.");
            foreach (var (key, value) in dict.Items)
            {
                // A dict may contain itself, or the same dict many times over.
                if (++visited > MostValues) throw new InvalidDataException($"{source}: it has more than {MostValues} values.");
                if (key.Length > LongestKey)
                    throw new InvalidDataException($"{source}: the name that starts with {key[..100]} has {key.Length} characters.");
                var name = prefix + key;
                if (value is PickleDict inner) Flatten(inner, name + '.', depth + 1);
                else if (value is TorchTensor tensor && !tensors.TryAdd(name, tensor))
                    throw new InvalidDataException($"{source}: the tensor {name} appears twice.");
                else if (value is PickleTuple or List<object?> && model != top)
                    throw new InvalidDataException($"{source}: {name} is {Describe(value)}, not a tensor.");
            }
        }
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        TorchTensor => "a single tensor without a name",
        PickleTuple => "a tuple",
        List<object?> => "a list",
        PickleGlobal global => global.Name,
        _ => $"a {value.GetType().Name}",
    };
}
