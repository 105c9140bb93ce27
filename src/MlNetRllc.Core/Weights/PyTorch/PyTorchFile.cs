using System.IO.Compression;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>Reads the state dicts that <c>torch.save(model.state_dict(), "x.pt")</c> writes
/// (PyTorch 1.6 and newer), without running any code.</summary>
/// <remarks>
/// The file is a zip archive with a pickle of names and views and one stored entry a storage.
/// Understood: dicts of plain tensors, also nested (names are joined with a dot) and also under one
/// of the keys <c>state_dict</c>, <c>model_state_dict</c>, <c>model</c>; parameters, shared
/// storages, any strides; F64, F32, F16, BF16 in either byte order. Numbers (NumPy's too) and text
/// beside the tensors become metadata. Passed over beside them is what PyTorch's own reader of
/// weights lets through: <c>Counter</c>, <c>defaultdict</c>, <c>torch.Size</c>, types, devices,
/// bytes, sets. Refused by name: any other global in the pickle, sparse and quantised tensors among
/// the weights, modules, TorchScript archives, files from before PyTorch 1.6.
/// </remarks>
public static class PyTorchFile
{
    private const int LargestPickle = 64 << 20;

    /// <summary>Reads the tensors of a state dict as float32, and the numbers and text beside
    /// them.</summary>
    /// <param name="path">A <c>.pt</c> or <c>.pth</c> file.</param>
    /// <param name="wanted">Names to read; all when null.</param>
    /// <exception cref="InvalidDataException">The file is damaged or holds anything but such a
    /// state dict, a wanted tensor is not of a floating-point type or holds a value that is not
    /// finite; the message names it and the reason.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        string path, Func<string, bool>? wanted = null) => Read(path, wanted, named: null);

    /// <summary>The same; <paramref name="named"/> is told the names of all tensors before any is looked at.</summary>
    internal static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        string path, Func<string, bool>? wanted, Action<IEnumerable<string>>? named)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Read(file, path, wanted, named);
    }

    /// <summary>Reads from a stream that can seek and holds nothing else.</summary>
    /// <param name="stream">The archive; stays open.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <param name="wanted">Names to read; all when null.</param>
    /// <inheritdoc cref="Read(string, Func{string, bool})"/>
    public static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        Stream stream, string source, Func<string, bool>? wanted = null) => Read(stream, source, wanted, named: null);

    private static (WeightSet Weights, IReadOnlyDictionary<string, string> Metadata) Read(
        Stream stream, string source, Func<string, bool>? wanted, Action<IEnumerable<string>>? named)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var archive = TorchArchive.Open(stream, source);
        var state = StateDict.From(Unpickler.Read(archive.Pickle(LargestPickle), source), source);
        named?.Invoke(state.Tensors.Select(t => t.Name).Concat(state.Others.Select(t => t.Name)));
        var tensors = state.Tensors.Where(t => wanted?.Invoke(t.Name) ?? true).ToList();
        if (state.Others.FirstOrDefault(t => wanted?.Invoke(t.Name) ?? true) is { Name: not null } special)
            throw new InvalidDataException(
                $"{source}: the tensor {special.Name} is {special.What}; only plain tensors are read.");
        if (tensors.Sum(t => (long)t.Tensor.Count) is var total && total > Math.Max(1 << 20, 4 * stream.Length))
            throw new InvalidDataException($"{source}: its tensors unfold to {total} values, " +
                $"far more than its {stream.Length} bytes hold; save them without overlap.");

        var read = new Dictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var group in tensors.GroupBy(t => t.Tensor.Storage.Key))
        {
            // One storage at a time; a storage that is one whole tensor becomes its array without a copy.
            var storage = group.First().Tensor.Storage;
            if (group.FirstOrDefault(t => t.Tensor.Storage != storage) is { Name: not null } other)
                throw new InvalidDataException(
                    $"{source}: the tensor {other.Name} gives the storage {storage.Key} another type or length "
                    + $"than {group.First().Name} does.");
            if (!storage.Type.IsWeight())
                throw new InvalidDataException($"{source}: the tensor {group.First().Name} is of type {storage.Type}; weights are F64, " +
                    "F32, F16 or BF16.");
            var values = archive.Read(storage, group.First().Name);
            foreach (var (name, tensor) in group)
                read[name] = new Weight(name, tensor.Shape, Gather(values, tensor)).CheckedFinite(source);
        }
        return (new(tensors.Select(t => read[t.Name])), state.Metadata);
    }

    private static float[] Gather(float[] values, TorchTensor tensor)
    {
        if (tensor.Contiguous)
            return tensor.Offset == 0 && tensor.Count == values.Length
                ? values
                : values.AsSpan((int)tensor.Offset, tensor.Count).ToArray();
        var gathered = new float[tensor.Count];
        var index = new int[tensor.Shape.Length];
        var from = tensor.Offset;
        for (var to = 0; to < gathered.Length; to++)
        {
            gathered[to] = values[from];
            for (var axis = index.Length - 1; axis >= 0; axis--)
            {
                from += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis]) break;
                from -= tensor.Strides[axis] * tensor.Shape[axis];
                index[axis] = 0;
            }
        }
        return gathered;
    }
}
