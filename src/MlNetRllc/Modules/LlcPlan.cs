using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Modules;

/// <summary>What a <c>Fit</c> on a table will do, and how long it will take.</summary>
public sealed record LlcPlan
{
    /// <summary>Rows of the table.</summary>
    public required int Rows { get; init; }

    /// <summary>Names of the selections, in order.</summary>
    public required IReadOnlyList<string> Selections { get; init; }

    /// <summary>Number of sampled weights of each selection.</summary>
    public required IReadOnlyList<int> Dimensions { get; init; }

    /// <summary>How they are sampled, with all that follows the rows and the context.</summary>
    public required SgldOptions Sampling { get; init; }

    /// <summary>Steps of the chains.</summary>
    public int Steps => Sampling.BurnIn + (Sampling.Draws - 1) * Sampling.Thinning + 1;

    /// <summary>Time for all steps: that of a few, multiplied. None where a <c>Fit</c> begins, which tells after its first
    /// steps.</summary>
    public TimeSpan? PredictedTime { get; init; }

    /// <summary>The plan in a sentence or two.</summary>
    public override string ToString() =>
        $"{Selections.Count} {(Selections.Count == 1 ? "selection" : "selections")} on {Rows} rows: nbeta {Sampling.NBeta:#,0.##}, "
        + $"localization {Sampling.Localization:#,0.##}, step size {Sampling.StepSize:0.##e-0}, "
        + $"{Sampling.Chains} chains x {Sampling.Draws} draws ({Steps} steps), minibatches of {Sampling.BatchSize}, seed {Sampling.Seed}."
        + (PredictedTime is { } time ? $" About {Words(time)}." : "");

    /// <summary>A time as it is said.</summary>
    internal static string Words(TimeSpan time) => time.TotalSeconds < 0.95 ? "a second"
        : time.TotalSeconds < 100 ? $"{time.TotalSeconds:0} s"
        : time.TotalMinutes < 100 ? $"{time.TotalMinutes:0} min" : $"{time.TotalHours:0.0} h";
}
