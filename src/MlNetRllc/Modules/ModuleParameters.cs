using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>The parameters of a module, of which tied ones (an embedding that reads out too) bear several names.</summary>
internal static class ModuleParameters
{
    /// <summary>Each parameter once, by its first name.</summary>
    public static IEnumerable<(string Name, Tensor Parameter)> Distinct(nn.Module module) =>
        module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).DistinctBy(p => PlaceOf(p.Item2));

    /// <summary>Every name, with the name that the values are sampled under.</summary>
    public static IReadOnlyList<ParameterShape> Shapes(nn.Module module)
    {
        var first = Distinct(module).ToDictionary(p => PlaceOf(p.Parameter), p => p.Name);
        return [.. module.named_parameters()
            .Select(p => new ParameterShape(p.name, p.parameter.shape) { Values = first[PlaceOf(p.parameter)] })];
    }

    // TorchSharp wraps a tensor anew where it is assigned, so that objects do not tell: where the values lie does.
    private static (nint Storage, long Offset, long Count) PlaceOf(Tensor parameter)
    {
        using var scope = NewDisposeScope();
        var storage = parameter.dtype switch
        {
            ScalarType.Float32 => parameter.storage<float>().data_ptr(),
            ScalarType.Float64 => parameter.storage<double>().data_ptr(),
            _ => 0,
        };
        return storage == 0 ? (parameter.Handle, -1, 0) : (storage, parameter.storage_offset(), parameter.numel());
    }
}
