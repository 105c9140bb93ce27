using System.Collections.Concurrent;
using TorchSharp;

namespace MlNetRllc.Core.Native;

/// <summary>Scalars that stay alive.</summary>
/// <remarks>
/// In TorchSharp 0.107 the Scalar that <c>tensor * 2.0</c> makes for the moment can be collected while libtorch still reads it (an
/// assertion in Scalar.h, or a wrong number). Operands taken from here are never collected.
/// </remarks>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Known = [];

    /// <summary>The scalar of a constant; keep to few distinct values.</summary>
    public static Scalar Of(double value) => Known.GetOrAdd(value, v => v.ToScalar());
}
