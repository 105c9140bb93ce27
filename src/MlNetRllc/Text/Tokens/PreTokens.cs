using System.Text.RegularExpressions;

namespace MlNetRllc.Text.Tokens;

/// <summary>Cuts text into the pieces that byte pairs may not cross, as GPT-2's tokenizer does: contractions, words, numbers and
/// marks with one leading space, and runs of white space (Radford et al. 2019, section 2.2).</summary>
/// <remarks>Characters beyond the Basic Multilingual Plane count as marks, whatever their category: .NET's expressions see
/// UTF-16 units. Nothing is lost by it, since the pieces laid end to end are the text.</remarks>
internal static partial class PreTokens
{
    [GeneratedRegex(@"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    public static partial Regex Pattern { get; }
}
