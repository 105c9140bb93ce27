namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>The globals of tensors and state dicts, and what a call of them means here. No code is
/// run for any of them; the others that a pickle may name are <see cref="OtherGlobals"/>.</summary>
internal static class TorchGlobals
{
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildOldTensor = "torch._utils._rebuild_tensor";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string RebuildParameterWithState = "torch._utils._rebuild_parameter_with_state";
    private const string RebuildFromType = "torch._tensor._rebuild_from_type_v2";
    private const string Parameter = "torch.nn.parameter.Parameter";
    private const int MostAxes = 64;
    private const string OrderedDict = "collections.OrderedDict";

    private static readonly Dictionary<string, ElementType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.DoubleStorage"] = ElementType.F64,
        ["torch.FloatStorage"] = ElementType.F32,
        ["torch.HalfStorage"] = ElementType.F16,
        ["torch.BFloat16Storage"] = ElementType.BF16,
        ["torch.LongStorage"] = ElementType.I64,
        ["torch.IntStorage"] = ElementType.I32,
        ["torch.ShortStorage"] = ElementType.I16,
        ["torch.CharStorage"] = ElementType.I8,
        ["torch.ByteStorage"] = ElementType.U8,
        ["torch.BoolStorage"] = ElementType.Bool,
    };

    public static PickleGlobal? Find(string module, string name) => $"{module}.{name}" is var full
        && (full is RebuildTensor or RebuildOldTensor or RebuildParameter or RebuildParameterWithState or RebuildFromType or Parameter
            or OrderedDict || Storages.ContainsKey(full) || OtherGlobals.Knows(full)) ? new(full) : null;

    /// <summary>What <c>function(*arguments)</c> stands for.</summary>
    /// <exception cref="InvalidDataException">It is no call that a state dict contains; the message
    /// says why.</exception>
    public static object Call(PickleGlobal function, object?[] arguments) => (function.Name, arguments) switch
    {
        (OrderedDict, []) => new PickleDict(),
        (RebuildTensor, [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride, bool, PickleDict { Count: 0 }, ..]) =>
            Tensor(storage, offset, size, stride),
        (RebuildOldTensor, [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride]) =>
            Tensor(storage, offset, size, stride),
        (RebuildTensor or RebuildOldTensor, [PickleOther { IsTensor: true } storage, ..]) => storage,
        (RebuildParameter, [TorchTensor or PickleOther { IsTensor: true }, bool, PickleDict { Count: 0 }]) => arguments[0]!,
        (RebuildParameterWithState, [TorchTensor or PickleOther { IsTensor: true }, bool, PickleDict { Count: 0 }, _]) => arguments[0]!,
        (Parameter, [TorchTensor or PickleOther { IsTensor: true }, ..]) => arguments[0]!,
        // A tensor with attributes: only those whose class is PyTorch's own have a name that is known.
        (RebuildFromType, [PickleGlobal { Name: not RebuildFromType } rebuild, PickleGlobal { Name: Parameter or OtherGlobals.Tensor },
            PickleTuple inner, _]) => Call(rebuild, inner.Items),
        (RebuildTensor, [_, _, _, _, _, PickleDict, ..]) or (RebuildParameter, [_, _, PickleDict]) =>
            throw new InvalidDataException($"calls {function.Name} with backward hooks or arguments of the wrong type; " +
                "only plain tensors are read."),
        _ => OtherGlobals.Call(function.Name, arguments)
            ?? throw new InvalidDataException($"calls {function.Name} with {arguments.Length} arguments " +
                "that are not those of a plain tensor."),
    };

    /// <summary>The storage that a persistent id names: ('storage', type, key, location, length).</summary>
    public static object Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long length, ..] })
            throw new InvalidDataException("has a persistent id that names no storage of numbers.");
        if (length < 0) throw new InvalidDataException($"has the storage {key} with {length} values.");
        return Storages.TryGetValue(type.Name, out var element) ? new TorchStorage(element, key, length)
            : OtherGlobals.IsStorage(type.Name) ? new PickleOther($"of {type.Name}", IsTensor: true)
            : throw new InvalidDataException("has a persistent id that names no storage of numbers.");
    }

    private static TorchTensor Tensor(TorchStorage storage, long offset, PickleTuple size, PickleTuple stride)
    {
        if (size.Items.Length != stride.Items.Length)
            throw new InvalidDataException(
                $"has a tensor with {size.Items.Length} axes and {stride.Items.Length} strides.");
        if (size.Items.Length > MostAxes)
            throw new InvalidDataException(
                $"has a tensor with {size.Items.Length} axes; PyTorch allows {MostAxes}.");
        var (shape, strides) = (new int[size.Items.Length], new long[size.Items.Length]);
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (size.Items[axis] is not long n || n is < 0 or > int.MaxValue || stride.Items[axis] is not long step || step < 0)
                throw new InvalidDataException($"has a tensor whose axis {axis} has size {size.Items[axis]} " +
                    $"and stride {stride.Items[axis]}; both are whole numbers, not negative.");
            (shape[axis], strides[axis]) = ((int)n, step);
        }
        var text = $"[{string.Join(", ", shape)}]";
        if (TensorShape.Count(shape) is not { } count)
            throw new InvalidDataException(
                $"has a tensor of shape {text}, more values than an array can hold.");
        if (count == 0) return new(storage, 0, shape, strides, 0);
        Int128 last = offset;
        for (var axis = 0; axis < shape.Length; axis++) last += (Int128)(shape[axis] - 1) * strides[axis];
        if (offset < 0 || last >= storage.Length)
            throw new InvalidDataException($"has a tensor of shape {text} with strides [{string.Join(", ", strides)}] " +
                $"and offset {offset}, which reaches value {last} of storage {storage.Key}; that has {storage.Length}.");
        if (count > storage.Length)
            throw new InvalidDataException($"has a tensor of shape {text} expanded from the {storage.Length} values " +
                $"of storage {storage.Key}; save it with .contiguous().");
        return new(storage, offset, shape, strides, count);
    }
}
