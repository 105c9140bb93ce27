using System.Text.Json.Serialization;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>What a study was cut down to, so that it fits a time.</summary>
/// <param name="Within">The time, as it was given: <c>10m</c>.</param>
/// <param name="Steps">The sample steps that do less than the file says; none where it fits as it stands.</param>
internal sealed record BudgetChoice(string Within, IReadOnlyList<ReducedSampling> Steps)
{
    /// <summary>The choice as assignments to options of the file.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Assignments => [.. Steps.SelectMany(step => step.Assignments)];

    /// <summary>The choice in words, with the error to expect.</summary>
    [JsonIgnore]
    public string Words => Steps.Count == 0 ? "all that the file says"
        : string.Join("; ", Steps.Select(step => step.Words));
}

/// <summary>A sample step that does less than the file says.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Checkpoints">Checkpoints that it samples.</param>
/// <param name="OfCheckpoints">Those of the file.</param>
/// <param name="Draws">Draws of each chain.</param>
/// <param name="OfDraws">Those of the file.</param>
internal sealed record ReducedSampling(string Step, int Checkpoints, int OfCheckpoints, int Draws, int OfDraws)
{
    /// <summary>Standard errors, as a multiple of those of the file's own settings: they fall as one over the root of the draws.</summary>
    public double StandardErrors => Math.Round(Math.Sqrt((double)OfDraws / Draws), 2);

    /// <summary>The choice as assignments.</summary>
    [JsonIgnore]
    public IEnumerable<string> Assignments =>
    [
        .. Checkpoints < OfCheckpoints ? (string[])[$"{Step}.checkpointCount={Checkpoints}"] : [],
        .. Draws < OfDraws ? (string[])[$"{Step}.draws={Draws}"] : [],
    ];

    /// <summary>The choice in words.</summary>
    [JsonIgnore]
    public string Words => $"{Step} samples {Checkpoints} of {OfCheckpoints} checkpoints with {Draws} of {OfDraws} draws, "
        + (Draws == OfDraws ? "standard errors as with the file's own settings"
            : $"standard errors about {StandardErrors:0.0#} times those of the file's own settings");
}
