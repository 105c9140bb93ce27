namespace MlNetRllc.Core.Engines;

/// <summary>Number format of the matrix products; weights, losses and sums stay in float32 or
/// better.</summary>
public enum ProductPrecision
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>bfloat16 factors with float32 sums: faster on processors that have it, with
    /// products rounded to 8 bits.</summary>
    BFloat16,
}
