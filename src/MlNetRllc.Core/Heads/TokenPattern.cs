namespace MlNetRllc.Core.Heads;

/// <summary>What can explain that a token is predicted; a token may have several.</summary>
[Flags]
public enum TokenPattern
{
    /// <summary>Nothing found.</summary>
    None = 0,

    /// <summary>[A][B] ... [A][B]: the pair stands earlier in the context, and is no bigram of the
    /// text.</summary>
    Induction = 1,

    /// <summary>It closes the innermost bracket that an earlier token opened (a Dyck pattern).</summary>
    Brackets = 2,

    /// <summary>The 1 to 3 tokens before it go on with it often enough in the text.</summary>
    NGram = 4,

    /// <summary>[A] ... [B][C]: the token before together with an earlier one goes on with it often
    /// enough in the text.</summary>
    SkipNGram = 8,
}

/// <summary>An n-gram (the tokens in order) or a skip n-gram (tokens A, B, C with anything between
/// A and B).</summary>
/// <param name="Skips">Whether anything may stand between the first and the second token.</param>
/// <param name="First">First token.</param>
/// <param name="Second">Second token.</param>
/// <param name="Third">Third token; -1 in a bigram.</param>
/// <param name="Fourth">Fourth token; -1 where there is none.</param>
public readonly record struct Multigram(bool Skips, int First, int Second, int Third = -1, int Fourth = -1);

/// <summary>Why a token of a context could be predicted.</summary>
/// <param name="Patterns">All patterns found.</param>
/// <param name="Multigram">The shortest n-gram found, else the nearest skip n-gram, else null.</param>
public readonly record struct TokenExplanation(TokenPattern Patterns, Multigram? Multigram)
{
    /// <summary>The class the token is counted in: the first that applies of induction, brackets,
    /// n-gram, skip n-gram.</summary>
    public TokenPattern Class => Patterns & (TokenPattern)(-(int)Patterns);
}
