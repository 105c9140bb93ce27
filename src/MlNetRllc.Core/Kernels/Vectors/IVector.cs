namespace MlNetRllc.Core.Kernels.Vectors;

/// <summary>Float32 numbers that are worked on together: a register of some width, or several that
/// stand for a wider one.</summary>
/// <remarks>
/// Kernels are written once over this and compiled for each width. What a kernel gives does not
/// depend on the width: every operation here is one operation of IEEE 754 on each lane, and a sum
/// over lanes is taken in one order (<see cref="Sum"/>).
/// The bits of a lane may be worked on as a 32-bit integer, which logarithm, sine and the
/// exponential need.
/// </remarks>
/// <typeparam name="TSelf">The vector.</typeparam>
internal unsafe interface IVector<TSelf> where TSelf : struct, IVector<TSelf>
{
    /// <summary>Numbers in it.</summary>
    static abstract int Count { get; }

    /// <summary>Whether this processor has the instructions that it names.</summary>
    static abstract bool IsSupported { get; }

    static abstract TSelf Load(float* source);

    void Store(float* target);

    /// <summary>One value in every lane.</summary>
    static abstract TSelf Create(float value);

    /// <summary>One integer's bits in every lane.</summary>
    static abstract TSelf CreateBits(int value);

    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x, TSelf y);

    static abstract TSelf operator *(TSelf x, TSelf y);

    /// <summary>x y + z, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>The greater; y where either is no number.</summary>
    static abstract TSelf Max(TSelf x, TSelf y);

    /// <summary>The less; y where either is no number.</summary>
    static abstract TSelf Min(TSelf x, TSelf y);

    static abstract TSelf Sqrt(TSelf x);

    /// <summary>Lanes from <paramref name="lanes"/> on become 0.</summary>
    static abstract TSelf KeepFirst(TSelf x, int lanes);

    /// <summary>x where the mask's bits are set, y where they are not.</summary>
    static abstract TSelf Select(TSelf mask, TSelf x, TSelf y);

    static abstract TSelf AddBits(TSelf x, TSelf y);

    static abstract TSelf SubtractBits(TSelf x, TSelf y);

    static abstract TSelf And(TSelf x, TSelf y);

    static abstract TSelf Xor(TSelf x, TSelf y);

    static abstract TSelf ShiftLeft(TSelf x, int bits);

    /// <summary>Shifts the sign in.</summary>
    static abstract TSelf ShiftRight(TSelf x, int bits);

    /// <summary>Shifts zeros in.</summary>
    static abstract TSelf ShiftRightLogical(TSelf x, int bits);

    /// <summary>The signed integers of the lanes as numbers, rounded to nearest.</summary>
    static abstract TSelf FromIntegers(TSelf bits);

    /// <summary>The sum of all lanes: the upper half is added to the lower, lane by lane, until one
    /// is left.</summary>
    float Sum();

    /// <summary>The greatest lane.</summary>
    float Maximum();
}
