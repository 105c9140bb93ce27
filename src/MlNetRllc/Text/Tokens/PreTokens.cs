using System.Text.RegularExpressions;

namespace MlNetRllc.Text.Tokens;

/// <summary>Cuts text into the pieces that byte pairs may not cross, as GPT-2's tokenizer does: contractions, words, numbers and
/// marks with one leading space, and runs of white space (Radford et al. 2019, section 2.2).</summary>
/// <remarks>Characters beyond the Basic Multilingual Plane count as marks, whatever their category: .NET's expressions see
/// UTF-16 units. Nothing is lost by it, since the pieces laid end to end are the text.</remarks>
internal static partial class PreTokens
{
    private const byte Mark = 0;
    private const byte Letter = 1;
    private const byte Number = 2;
    private const byte White = 3;

    private static readonly byte[] Classes = BuildClasses();

    /// <summary>The rule as an expression, for tokenizers of other libraries. <see cref="Length"/> says the
    /// same, many times faster.</summary>
    [GeneratedRegex(@"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    public static partial Regex Pattern { get; }

    /// <summary>Characters in the piece that <paramref name="text"/> begins with; the text must not be empty.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var classes = Classes;
        var (first, kind) = (text[0], classes[text[0]]);
        if (first == '\'' && Contraction(text) is > 0 and var contraction) return contraction;
        var length = 1;
        if (first == ' ' && text.Length > 1 && classes[text[1]] is not White and var next) (kind, length) = (next, 2);
        while (length < text.Length && classes[text[length]] == kind) length++;
        // White space before a word leaves its last character to stand alone or to lead the word.
        return kind == White && length < text.Length && length > 1 ? length - 1 : length;
    }

    /// <summary>The first place at or after <paramref name="start"/> where a piece ends whatever stands around it: white space behind
    /// something else. The length of the text when there is none.</summary>
    public static int NextCut(ReadOnlySpan<char> text, int start)
    {
        for (var i = Math.Max(1, start); i < text.Length; i++)
            if (Classes[text[i]] == White && Classes[text[i - 1]] != White) return i;
        return text.Length;
    }

    private static int Contraction(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[1] is 's' or 't' or 'm' or 'd' ? 2
        : text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;

    private static byte[] BuildClasses()
    {
        var classes = new byte[char.MaxValue + 1];
        for (var c = 0; c < classes.Length; c++)
            classes[c] = char.IsLetter((char)c) ? Letter : char.IsNumber((char)c) ? Number : char.IsWhiteSpace((char)c) ? White : Mark;
        return classes;
    }
}
