using MlNetRllc.Runner.Planning;

namespace MlNetRllc.Runner.Running;

/// <summary>How far a whole run is: its steps, each as long as it was planned.</summary>
/// <param name="planned">The steps with their times.</param>
/// <param name="isMeasured">Whether these are times of this machine; else they only say which step is longer than another.</param>
internal sealed class RunProgress(IReadOnlyList<PlannedStep> planned, bool isMeasured)
{
    /// <summary>What a step takes besides what is planned for it, seconds; so that one of no time counts as well.</summary>
    private const double LeastSeconds = 0.2;

    private readonly Dictionary<string, double> weights = planned.ToDictionary(
        step => step.Name, step => LeastSeconds + (double.IsFinite(step.Seconds) ? step.Seconds : 0), StringComparer.Ordinal);

    private readonly Dictionary<string, double> shares = new(StringComparer.Ordinal);

    /// <summary>How far all of it is, and since when.</summary>
    public StepPace Pace { get; } = new();

    /// <summary>Steps that are done.</summary>
    public int Done => shares.Values.Count(share => share >= 1);

    /// <summary>Steps in all.</summary>
    public int Steps => weights.Count;

    /// <summary>Time still to come: as planned, until the run itself says more.</summary>
    public TimeSpan? Left => Pace.Share >= 0.1 || !isMeasured ? Pace.Left
        : TimeSpan.FromSeconds(weights.Sum(step => step.Value * (1 - shares.GetValueOrDefault(step.Key))));

    /// <summary>Notes how far a step is.</summary>
    /// <param name="step">Its name, as it was planned.</param>
    /// <param name="share">From 0 to 1.</param>
    public void Reach(string step, double share)
    {
        weights.TryAdd(step, LeastSeconds);
        shares[step] = share;
        Pace.Reach(weights.Sum(w => w.Value * shares.GetValueOrDefault(w.Key)) / weights.Values.Sum());
    }
}
