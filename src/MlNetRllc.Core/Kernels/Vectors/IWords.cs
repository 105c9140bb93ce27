namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Unsigned 64-bit integers that are worked on together: half as many as the vector of the
/// same width has numbers.</summary>
/// <typeparam name="TSelf">The words.</typeparam>
/// <typeparam name="TVector">The vector that two of them make.</typeparam>
internal interface IWords<TSelf, TVector>
    where TSelf : struct, IWords<TSelf, TVector>
    where TVector : struct, IVector<TVector>
{
    /// <summary>Integers in it.</summary>
    static abstract int Count { get; }

    /// <summary>One value in every lane.</summary>
    static abstract TSelf Create(ulong value);

    /// <summary><paramref name="first"/> and the integers that follow it.</summary>
    static abstract TSelf CountFrom(ulong first);

    static abstract TSelf And(TSelf x, TSelf y);

    static abstract TSelf Xor(TSelf x, TSelf y);

    /// <summary>The upper 32 bits of each lane.</summary>
    static abstract TSelf High(TSelf x);

    /// <summary>The product of the lower 32 bits of each lane.</summary>
    static abstract TSelf MultiplyLow(TSelf x, TSelf y);

    /// <summary>The lower 32 bits of each lane, those of y behind those of x.</summary>
    static abstract TVector Narrow(TSelf x, TSelf y);
}
