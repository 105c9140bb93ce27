using System.Text;
using System.Text.RegularExpressions;

namespace MlNetRllc.Core.Files;

/// <summary>Names of files and folders that every system takes: a folder made on one can be moved to
/// another.</summary>
/// <remarks>Windows keeps some names for devices, takes no <c>&lt; &gt; : " | ? *</c>, drops dots and blanks
/// at the end, and as macOS does holds names that differ in case only for one.</remarks>
public static partial class PortableName
{
    /// <summary>Bytes of UTF-8 that a name may have on Linux, and more than Windows and macOS ask
    /// for.</summary>
    private const int MostBytes = 255;

    /// <summary>Characters that are kept of a name that is not fit.</summary>
    private const int Kept = 60;

    /// <summary>Whether a file or folder of this name can be made on every system.</summary>
    /// <param name="name">One part of a path.</param>
    public static bool IsFit(string? name) =>
        name is { Length: > 0 } && !Unfit().IsMatch(name) && !name.EndsWith('.') && !name.EndsWith(' ')
        && !Device().IsMatch(name) && Encoding.UTF8.GetByteCount(name) <= MostBytes;

    /// <summary>The name as it is where it is fit, else one like it that is: what was replaced or cut
    /// makes no two names one.</summary>
    /// <param name="name">One part of a path; its ending stays.</param>
    /// <param name="room">Bytes that are wanted after it, for an ending.</param>
    public static string Fit(string name, int room = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (IsFit(name) && Encoding.UTF8.GetByteCount(name) <= MostBytes - room) return name;
        var plain = Unfit().Replace(name, "-");
        while (Encoding.UTF8.GetByteCount(plain) > Kept) plain = plain[(char.IsSurrogatePair(plain, 0) ? 2 : 1)..];
        return $"{ContentHash.OfText(name)[..8]}-{plain}".TrimEnd('-', '.', ' ');
    }

    /// <summary>The first of some names that differs from another in case only; null where none
    /// does.</summary>
    /// <param name="name">The name.</param>
    /// <param name="others">The names beside it.</param>
    public static string? TwinOf(string name, IEnumerable<string> others) =>
        others.FirstOrDefault(other => other != name && other.Equals(name, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("""[<>:"/\\|?*\x00-\x1f]""", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit();

    [GeneratedRegex(@"\A(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\..*)?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Device();
}
