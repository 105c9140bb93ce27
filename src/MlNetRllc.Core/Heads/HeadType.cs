namespace MlNetRllc.Core.Heads;

/// <summary>What a head does.</summary>
public enum HeadType
{
    /// <summary>The scores do not tell.</summary>
    Unclear,

    /// <summary>It attends to the token before.</summary>
    PreviousToken,

    /// <summary>It attends to the token itself.</summary>
    CurrentToken,

    /// <summary>It attends to what followed the present token earlier.</summary>
    Induction,

    /// <summary>It matters for n-grams and skip n-grams, and does none of the above.</summary>
    Multigram,
}

/// <summary>What a head's type is decided by; a score that is missing is NaN.</summary>
/// <param name="Name">The head, such as <c>l0h3</c>.</param>
/// <param name="PreviousToken">Its previous-token score, 0 to 1.</param>
/// <param name="CurrentToken">Its current-token score, 0 to 1.</param>
/// <param name="PrefixMatching">Its prefix-matching score, 0 to 1.</param>
/// <param name="Ablation">Loss change when its output is replaced by the mean, nats per token.</param>
/// <param name="Tokens">Classes of the tokens it matters for; null leaves them out of account.</param>
public sealed record HeadEvidence(
    string Name,
    double PreviousToken,
    double CurrentToken,
    double PrefixMatching,
    Measured Ablation,
    TokenCounts? Tokens);

/// <summary>How one score of a head stands against the other heads'.</summary>
/// <param name="Type">What a high score speaks for.</param>
/// <param name="Score">The score, 0 to 1.</param>
/// <param name="Rank">1 for the highest of all heads; heads of equal score share the better rank. 0
/// when the score is missing.</param>
/// <param name="Reference">What it is compared with: the lower quartile of the other heads' scores,
/// or the score of even attention where that is higher; 0 to 1.</param>
/// <param name="Margin">Score over Reference, dimensionless; NaN when the score is missing.</param>
public sealed record ScoreStanding(HeadType Type, double Score, int Rank, double Reference, double Margin);

/// <summary>A head's type, with the evidence.</summary>
/// <param name="Name">The head, such as <c>l0h3</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Standings">Previous-token, current-token and prefix-matching scores against the
/// other heads.</param>
/// <param name="Reason">One sentence: why this type.</param>
public sealed record HeadClass(
    string Name, HeadType Type, IReadOnlyList<ScoreStanding> Standings, string Reason)
{
    /// <summary>The type as the field writes it: <c>previous-token</c>, <c>current-token</c>,
    /// <c>induction</c>, <c>multigram</c>, <c>unclear</c>.</summary>
    public string Word => WordOf(Type);

    /// <summary>A type as the field writes it.</summary>
    public static string WordOf(HeadType type) => type switch
    {
        HeadType.PreviousToken => "previous-token",
        HeadType.CurrentToken => "current-token",
        HeadType.Induction => "induction",
        HeadType.Multigram => "multigram",
        _ => "unclear",
    };
}
