using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlNetRllc.Core.Options;

/// <summary>Refuses arguments outside their range. The framework's own checks write the value as
/// the current culture does.</summary>
internal static class Limits
{
    public static void AtLeast<T>(T value, T least, [CallerArgumentExpression(nameof(value))] string name = "") where T : INumber<T>
    {
        if (!(value >= least))
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be at least {least}.");
    }

    public static void AtMost<T>(T value, T most, [CallerArgumentExpression(nameof(value))] string name = "") where T : INumber<T>
    {
        if (!(value <= most))
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be at most {most}.");
    }

    public static void Positive<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : INumber<T>
    {
        if (!(value > T.Zero))
            throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must be greater than 0.");
    }
}
