using System.Globalization;
using System.Text;

// The compiler turns every interpolated string of a project into calls on the type of this name, and takes the project's own before the
// framework's.
namespace System.Runtime.CompilerServices;

/// <summary>Makes <c>$"{value:F2}"</c> the same text under every culture: what the library writes, hashes and says must not depend on the
/// culture of the service that it runs in. The framework's own writes <c>0,50</c> under de-DE, and a minus sign of another kind under
/// sv-SE.</summary>
[InterpolatedStringHandler]
internal ref struct DefaultInterpolatedStringHandler
{
    private readonly StringBuilder text;
    private StringBuilder.AppendInterpolatedStringHandler inner;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        text = new(literalLength + 8 * formattedCount);
        inner = new(literalLength, formattedCount, text, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string value) => inner.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => inner.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => inner.AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment) => inner.AppendFormatted(value, alignment);

    public void AppendFormatted<T>(T value, int alignment, string? format) => inner.AppendFormatted(value, alignment, format);

    public void AppendFormatted(scoped ReadOnlySpan<char> value) => inner.AppendFormatted(value);

    public void AppendFormatted(scoped ReadOnlySpan<char> value, int alignment = 0, string? format = null) =>
        inner.AppendFormatted(value, alignment, format);

    public void AppendFormatted(string? value) => inner.AppendFormatted(value);

    public void AppendFormatted(string? value, int alignment = 0, string? format = null) => inner.AppendFormatted(value, alignment, format);

    public void AppendFormatted(object? value, int alignment = 0, string? format = null) => inner.AppendFormatted(value, alignment, format);

    public string ToStringAndClear() => text.ToString();
}
