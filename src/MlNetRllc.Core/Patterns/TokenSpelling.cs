namespace MlNetRllc.Core.Patterns;

/// <summary>What kind of text a token stands for.</summary>
internal static class TokenSpelling
{
    /// <summary>A space, then letters only: a word begins.</summary>
    public static bool BeginsWord(string text) => text.Length > 1 && text[0] == ' ' && text.Skip(1).All(char.IsLetter);

    /// <summary>Letters only: a word goes on, or begins where no space is.</summary>
    public static bool IsPartOfWord(string text) => text.Length > 0 && text.All(char.IsLetter);

    /// <summary>Digits only, but for one space before them.</summary>
    public static bool IsNumber(string text)
    {
        var digits = text.AsSpan(text.StartsWith(' ') ? 1 : 0);
        foreach (var letter in digits)
            if (!char.IsDigit(letter)) return false;
        return digits.Length > 0;
    }

    /// <summary>Whether the text ends a line.</summary>
    public static bool EndsLine(string text) => text.EndsWith('\n');

    /// <summary>Which tokens are blanks that begin a line, with the line's break before them or not, [pos].</summary>
    /// <param name="texts">Texts of a context's tokens, [pos].</param>
    public static bool[] Indentation(IReadOnlyList<string> texts)
    {
        var (found, lineIsBlank) = (new bool[texts.Count], false);
        for (var t = 0; t < texts.Count; t++)
        {
            var text = texts[t];
            var line = text.LastIndexOf('\n') + 1;
            var blank = string.IsNullOrWhiteSpace(text);
            found[t] = blank && line < text.Length && (line > 0 || lineIsBlank);
            lineIsBlank = line > 0 ? string.IsNullOrWhiteSpace(text[line..]) : lineIsBlank && blank;
        }
        return found;
    }
}
