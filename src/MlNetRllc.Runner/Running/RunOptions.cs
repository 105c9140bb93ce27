namespace MlNetRllc.Runner.Running;

/// <summary>Which steps a run does, and how.</summary>
internal sealed record RunOptions
{
    /// <summary>Only these steps; all when empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Only this step and those that depend on it; all when null.</summary>
    public string? From { get; init; }

    /// <summary>Steps to compute anew although their results are there.</summary>
    public IReadOnlyList<string> Force { get; init; } = [];

    /// <summary>Goes on after a failure with the steps that do not depend on it.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Cores that steps side by side may use together; all when 0.</summary>
    public int Cores { get; init; }
}
