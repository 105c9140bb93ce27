namespace MlNetRllc.Estimation;

/// <summary>One stage of training.</summary>
public sealed class StageRow
{
    /// <summary>Its number, from 1.</summary>
    public int Stage { get; set; }

    /// <summary>Training step at which it begins.</summary>
    public int From { get; set; }

    /// <summary>Training step at which it ends.</summary>
    public int To { get; set; }

    /// <summary>The smoothed coefficient where it ends, in units of rLLC; NaN for the last stage.</summary>
    public double Level { get; set; }

    /// <summary>Training step below which a sixth of the resampled ends lie; NaN for the last stage, or without errors.</summary>
    public double ToLow { get; set; } = double.NaN;

    /// <summary>Training step above which a sixth of the resampled ends lie; NaN for the last stage, or without errors.</summary>
    public double ToHigh { get; set; } = double.NaN;

    /// <summary>Share of resampled curves that end a stage there, 0 to 1; NaN for the last stage, or without errors.</summary>
    public double ToFound { get; set; } = double.NaN;
}
