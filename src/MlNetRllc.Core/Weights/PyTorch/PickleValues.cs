using System.Text;

namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>A Python dict, OrderedDict, defaultdict or Counter, in insertion order. Keys are text;
/// other keys are told apart by text.</summary>
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

/// <summary>What PyTorch lets through beside weights and is not read here; only its description is
/// known.</summary>
/// <param name="What">As messages call it, such as <c>torch.device</c>.</param>
/// <param name="IsTensor">Whether it would be a tensor, one that is not plain.</param>
internal sealed record PickleOther(string What, bool IsTensor = false);

/// <summary>Bytes, as they lie in the pickle or as text of one byte a character, by which protocol
/// 2 writes them.</summary>
internal sealed record PickleBytes(ReadOnlyMemory<byte> Raw, string? Latin = null)
{
    public int Length => Latin?.Length ?? Raw.Length;

    public byte[] ToArray() => Latin is null ? Raw.ToArray() : Encoding.Latin1.GetBytes(Latin);
}

/// <summary>The type of a NumPy scalar, such as f8; its byte order is told after it was made.</summary>
internal sealed class NumpyType(string kind)
{
    public string Kind => kind;

    public bool BigEndian { get; set; }
}

/// <summary>A storage of the archive: <paramref name="Length"/> values of one type under
/// <c>data/Key</c>.</summary>
internal sealed record TorchStorage(ElementType Type, string Key, long Length);

/// <summary>A strided view of a storage; sizes, strides and offset count values and are checked
/// against the storage's length.</summary>
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
