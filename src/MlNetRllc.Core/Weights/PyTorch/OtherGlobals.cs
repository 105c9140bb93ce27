using System.Buffers.Binary;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>The globals that PyTorch's own reader of weights lets through beside them: types,
/// sizes, devices, bytes, sets, counters, and NumPy's scalars. They are passed over or become plain
/// values; no code is run for any of them.</summary>
internal static partial class OtherGlobals
{
    public const string Tensor = "torch.Tensor";
    private const string Counter = "collections.Counter", DefaultDict = "collections.defaultdict";
    private const string Size = "torch.Size", Device = "torch.device", Layout = "torch.serialization._get_layout";
    private const string Encode = "_codecs.encode", NumpyDtype = "numpy.dtype";

    /// <summary>A Python set: what it holds is not kept.</summary>
    public static readonly PickleOther Set = new("a set");

    /// <summary>What protocol 2 calls __builtin__ and later ones builtins: set, bytearray and
    /// complex may be called, the others only stand in a defaultdict.</summary>
    private static readonly string[] Builtins =
        ["set", "bytearray", "complex", "list", "dict", "tuple", "int", "long", "float", "bool", "str", "unicode", "bytes"];

    private static readonly string[] Scalar = ["numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"];

    public static bool Knows(string name) => name is Tensor or Counter or DefaultDict or Size or Device or Layout or Encode or NumpyDtype
        || Scalar.Contains(name) || Builtin(name) is not null || IsStorage(name) || Names().IsMatch(name) || SpecialTensor().IsMatch(name);

    /// <summary>Whether it is a storage of numbers that are no weights: complex, quantised, of
    /// bytes.</summary>
    public static bool IsStorage(string name) => OtherStorage().IsMatch(name);

    /// <summary>What <c>name(*arguments)</c> stands for; null when it is no call that is let
    /// through.</summary>
    /// <exception cref="InvalidDataException">A NumPy scalar is damaged.</exception>
    public static object? Call(string name, object?[] arguments) => (name, arguments) switch
    {
        // No copy is made: the dict given is in no other place, and work stays proportional to the
        // pickle's length.
        (Counter, [PickleDict counts]) => counts,
        (Counter, []) or (DefaultDict, [] or [PickleGlobal or null]) => new PickleDict(),
        (Size, [PickleTuple axes]) => axes,
        (Device, [string] or [string, long]) or (Layout, [string]) => new PickleOther(name),
        (Encode, [string text, "latin1"]) => new PickleBytes(default, text),
        (NumpyDtype, [string kind, bool, bool]) => new NumpyType(kind),
        (_, [NumpyType type, PickleBytes bytes]) when Scalar.Contains(name) => Number(type, bytes),
        (_, _) when SpecialTensor().IsMatch(name) => new PickleOther($"made by {name}", IsTensor: true),
        (_, []) or (_, [List<object?>]) when Builtin(name) == "set" => Set,
        (_, [] or [PickleBytes] or [string, "latin1"]) when Builtin(name) == "bytearray" => new PickleOther("a bytearray"),
        (_, [double, double]) when Builtin(name) == "complex" => new PickleOther("a complex number"),
        _ => null,
    };

    private static object Number(NumpyType type, PickleBytes bytes)
    {
        if (type.Kind is not [('b' or 'i' or 'u' or 'f'), ('1' or '2' or '4' or '8')])
            return new PickleOther($"a NumPy scalar of type {type.Kind}");
        var size = type.Kind[1] - '0';
        if (bytes.Length != size)
            throw new InvalidDataException(
                $"has a NumPy scalar of type {type.Kind} with {bytes.Length} bytes.");
        var raw = bytes.ToArray();
        if (type.BigEndian) Array.Reverse(raw);
        return type.Kind switch
        {
            "b1" => raw[0] != 0,
            "f2" => (double)BinaryPrimitives.ReadHalfLittleEndian(raw),
            "f4" => (double)BinaryPrimitives.ReadSingleLittleEndian(raw),
            "f8" => BinaryPrimitives.ReadDoubleLittleEndian(raw),
            _ when type.Kind[0] is 'i' or 'u' => new BigInteger(raw, isUnsigned: type.Kind[0] == 'u'),
            _ => new PickleOther($"a NumPy scalar of type {type.Kind}"),
        };
    }

    private static string? Builtin(string name) =>
        name.Split('.') is ["builtins" or "__builtin__", var last] && Builtins.Contains(last) ? last : null;

    // Types of numbers and tensors, and ways of quantising: values, never called.
    [GeneratedRegex(@"^torch\.(?:b?float[0-9]\w*|complex(?:32|64|128)|q?u?int[0-9]+(?:x[0-9])?|bool|bits[0-9]\w*|per_(?:tensor|channel)_\w+"
        + @"|(?:cuda\.|sparse\.|cuda\.sparse\.)?(?:Double|Float|Half|BFloat16|Long|Int|Short|Char|Byte|Bool)Tensor)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    [GeneratedRegex(@"^torch\.(?:storage\.(?:Untyped|Typed)Storage"
        + @"|Complex(?:Float|Double)Storage|Q(?:U?Int8|Int32|UInt4x2|UInt2x4)Storage)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex OtherStorage();

    [GeneratedRegex(@"^torch\._utils\._rebuild_(?:tensor_v3|sparse_tensor|qtensor|meta_tensor_no_storage|wrapper_subclass|nested_tensor"
        + @"|device_tensor_from_(?:numpy|cpu_tensor))\z", RegexOptions.CultureInvariant)]
    private static partial Regex SpecialTensor();
}
