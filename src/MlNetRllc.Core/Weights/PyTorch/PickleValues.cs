namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>A Python dict or OrderedDict, in insertion order. Keys are text or whole numbers.</summary>
internal sealed class PickleDict
{
    private readonly List<string> order = [];
    private readonly Dictionary<string, object?> items = new(StringComparer.Ordinal);

    public IEnumerable<(string Key, object? Value)> Items => order.Select(k => (k, items[k]));

    public int Count => order.Count;

    public object? this[string key]
    {
        get => items.GetValueOrDefault(key);
        set
        {
            if (items.TryAdd(key, value)) order.Add(key);
            else items[key] = value;
        }
    }
}

/// <summary>A Python tuple.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A global named by the pickle, one of those allowed; only ever compared, never called.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>A storage of the archive: <paramref name="Length"/> values of one type under <c>data/Key</c>.</summary>
internal sealed record TorchStorage(ElementType Type, string Key, long Length);

/// <summary>A strided view of a storage; sizes, strides and offset count values and are checked against the storage's length.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, int[] Shape, long[] Strides, int Count)
{
    /// <summary>Whether the values lie one after another, row-major.</summary>
    public bool Contiguous
    {
        get
        {
            var expected = 1L;
            for (var axis = Shape.Length - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != expected) return Count == 0;
                expected *= Shape[axis];
            }
            return true;
        }
    }
}
