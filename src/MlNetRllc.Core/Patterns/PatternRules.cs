using static MlNetRllc.Core.Patterns.PatternNeeds;

namespace MlNetRllc.Core.Patterns;

/// <summary>The built-in patterns. Each speaks of a token that is predicted: "it" is that token.</summary>
/// <remarks>Patterns overlap, and no token need be in any. The numbers that they name are those of <see cref="PatternOptions"/>.</remarks>
public static class PatternRules
{
    /// <summary>All of them, in the order in which tables show them.</summary>
    public static IReadOnlyList<BuiltInPattern> All { get; } =
    [
        new("wordStart", TokenTexts, "It is a space and letters: a word begins.", (c, t) => TokenSpelling.BeginsWord(c.Text(t))),
        new("wordPart", TokenTexts, "It is letters only: a word goes on, or begins where no space is.",
            (c, t) => TokenSpelling.IsPartOfWord(c.Text(t))),
        new("afterNewline", TokenTexts, "The token before it ends a line.", (c, t) => TokenSpelling.EndsLine(c.Text(t - 1))),
        new("indentation", TokenTexts, "It is blanks that begin a line.", (c, t) => c.Indents(t)),
        new("digits", TokenTexts, "It is digits, with a space before them or not.", (c, t) => TokenSpelling.IsNumber(c.Text(t))),
        new("leftBracket", TokenTexts, "It opens a bracket and does not close it itself.", (c, t) => c.Opens(t)),
        new("rightBracket", TokenTexts, "It closes the innermost bracket that an earlier token of the context left open.",
            (c, t) => c.Closes(t)),
        new("firstRepeat", None, "The pair of the token before and it stood earlier in the context, once.", (c, t) => c.RepeatsOf(t) == 1),
        new("laterRepeat", None, "The pair of the token before and it stood earlier in the context, more than once.",
            (c, t) => c.RepeatsOf(t) > 1),
        new("inductionRight", None, "The pair of the token before and it stood earlier in the context.", (c, t) => c.RepeatsOf(t) > 0),
        new("inductionWrong", None, "The token before stood earlier in the context, and always went on otherwise.",
            (c, t) => c.WentOnOtherwise(t)),
        new("inductionNew", TrainingText, "As inductionRight, and the two tokens before go on with it in less than NewBelow of their "
            + "places in the training text.", (c, t) => c.RepeatsOf(t) > 0 && c.IsNew(t)),
        new("bigramKnows", TrainingText, "The token before goes on with it in LeastProbability of its places in the training text or "
            + "more, LeastCount times or more.", (c, t) => c.BigramKnows(t)),
        new("trigramKnows", TrainingText, "The two tokens before know it so, the last of them alone does not.",
            (c, t) => c.TrigramKnows(t) && !c.BigramKnows(t)),
        new("skipBigramKnows", TrainingText, "A token 2 to SkipDistance places before it knows it so at that distance, LeastGain times "
            + "better than its share of the text; bigram and trigram do not.",
            (c, t) => c.SkipBigramKnows(t) && !c.BigramKnows(t) && !c.TrigramKnows(t)),
        new("memorisedNGram", TrainingText, "The three tokens before go on with it in MemorisedProbability of their places in the "
            + "training text or more, LeastCount times or more.", (c, t) => c.IsMemorised(t)),
        new("rare", TrainingText, "Its share of the training text's tokens is below RareBelow.", (c, t) => c.IsRare(t)),
        new("easy", "The trained weights' loss on it is below EasyBelow.", o => (double.NegativeInfinity, o.EasyBelow)),
        new("hard", "The trained weights' loss on it is HardFrom or more.", o => (o.HardFrom, double.PositiveInfinity)),
    ];

    /// <summary>The pattern of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static BuiltInPattern Named(string name) => All.FirstOrDefault(pattern => pattern.Name == name)
        ?? throw new ArgumentException($"There is no pattern '{name}'; there are: {string.Join(", ", All.Select(p => p.Name))}.");
}
