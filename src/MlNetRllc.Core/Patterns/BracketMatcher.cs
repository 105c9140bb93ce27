namespace MlNetRllc.Core.Patterns;

/// <summary>Matches the brackets of a context across its tokens. A closing bracket that fits nothing is passed over.</summary>
internal sealed class BracketMatcher
{
    /// <summary>Opening and closing brackets, in pairs.</summary>
    public const string Usual = "()[]{}";

    private readonly string brackets;
    private readonly Stack<(int Kind, int Token)> open = new();
    private readonly bool[] opens, closes;

    /// <summary>Matches them.</summary>
    /// <param name="tokens">The context, [pos].</param>
    /// <param name="texts">What each token stands for; tokens beyond have no brackets.</param>
    /// <param name="brackets">Opening and closing brackets, in pairs.</param>
    public BracketMatcher(ReadOnlySpan<int> tokens, IReadOnlyList<string> texts, string brackets)
    {
        (this.brackets, opens, closes) = (brackets, new bool[tokens.Length], new bool[tokens.Length]);
        for (var t = 0; t < tokens.Length; t++)
            if (tokens[t] < texts.Count) Read(texts[tokens[t]], t);
    }

    /// <summary>Which tokens leave a bracket of their own open, [pos].</summary>
    public IReadOnlyList<bool> Opens => opens;

    /// <summary>Which tokens close the innermost bracket left open, of an earlier token, [pos].</summary>
    public IReadOnlyList<bool> Closes => closes;

    private void Read(string text, int token)
    {
        foreach (var letter in text)
        {
            var kind = brackets.IndexOf(letter, StringComparison.Ordinal);
            if (kind < 0) continue;
            if (kind % 2 == 0) open.Push((kind / 2, token));
            else if (open.TryPeek(out var top) && top.Kind == kind / 2) closes[token] |= open.Pop().Token < token;
        }
        opens[token] = open.TryPeek(out var left) && left.Token == token;
    }
}
