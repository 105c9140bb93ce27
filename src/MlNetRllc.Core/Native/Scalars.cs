using System.Collections.Concurrent;
using TorchSharp;

namespace MlNetRllc.Core.Native;

/// <summary>Scalars that stay alive.</summary>
/// <remarks>
/// In TorchSharp 0.107 the Scalar that <c>tensor * 2.0</c> makes for the moment can be collected
/// while libtorch still reads it (an assertion in Scalar.h, or a wrong number). So can the factor 1
/// that the operators + and - of two tensors make (seen once in some minutes of mixed use by many
/// threads). Operands taken from here are never collected; a test reads from the compiled
/// assemblies that no other is used.
/// </remarks>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Known = [];

    /// <summary>The scalar of a constant; keep to few distinct values.</summary>
    public static Scalar Kept(double value) => Known.GetOrAdd(value, v => v.ToScalar());

    /// <summary>a + b, the bits of the operator.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, torch.Tensor b) => a.add(b, Kept(1));

    /// <summary>a - b, the bits of the operator.</summary>
    public static torch.Tensor Minus(this torch.Tensor a, torch.Tensor b) => a.add(b, Kept(-1));
}
