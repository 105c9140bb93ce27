namespace MlNetRllc.Heads;

/// <summary>Whose score a column holds.</summary>
internal enum ScoreScope
{
    /// <summary>The row's head.</summary>
    Head,

    /// <summary>The whole model at the row's checkpoint.</summary>
    Model,
}

/// <summary>A score that is a number.</summary>
/// <param name="Name">Its column.</param>
/// <param name="Scope">Whose it is.</param>
/// <param name="Unit">What it is measured in.</param>
/// <param name="Description">What it is, in a phrase.</param>
/// <param name="Value">What a row has of it; null where it was not measured.</param>
internal sealed record HeadScoreColumn(string Name, ScoreScope Scope, string Unit, string Description, Func<ScoredRow, double?> Value);

/// <summary>A score that is a vector.</summary>
/// <param name="Name">Its column.</param>
/// <param name="Scope">Whose it is.</param>
/// <param name="Unit">What its values are measured in.</param>
/// <param name="Description">What it is, in a phrase.</param>
/// <param name="Slots">Names of the slots; null for one a head of the layer below, <c>h0</c>, <c>h1</c>, ...</param>
/// <param name="Values">What a row has of it; null where it was not measured.</param>
internal sealed record HeadScoreVector(
    string Name,
    ScoreScope Scope,
    string Unit,
    string Description,
    IReadOnlyList<string>? Slots,
    Func<ScoredRow, IReadOnlyList<double>?> Values);
