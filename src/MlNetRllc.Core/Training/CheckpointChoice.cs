using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Training;

/// <summary>A few of many checkpoints, for what is too dear to do at all of them.</summary>
public static class CheckpointChoice
{
    /// <summary>Chooses steps that lie nearest to even spacing in log(step + s), s the smallest
    /// positive step; first and last among them.</summary>
    /// <param name="steps">Training steps, rising.</param>
    /// <param name="count">How many: all of them when 0, or as many as there are; the last when 1.</param>
    /// <exception cref="ArgumentException">The steps do not rise.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static IReadOnlyList<int> Spread(IReadOnlyList<int> steps, int count)
    {
        ArgumentNullException.ThrowIfNull(steps);
        Limits.AtLeast(count, 0);
        for (var i = 1; i < steps.Count; i++)
            if (steps[i] <= steps[i - 1])
                throw new ArgumentException(
                    $"Step {steps[i]} follows step {steps[i - 1]}; steps rise.", nameof(steps));
        if (count == 0 || count >= steps.Count) return [.. steps];
        if (count == 1) return [steps[^1]];
        var shift = steps.FirstOrDefault(s => s > 0, 1);
        var places = steps.Select(s => ScalarFunctions.Log(s + (double)shift)).ToArray();
        var chosen = new List<int>();
        for (int i = 0, next = 0; i < count; i++, next++)
        {
            var wanted = places[0] + (places[^1] - places[0]) * i / (count - 1);
            // Room is left behind for those that are still to be chosen.
            for (var at = next + 1; at <= steps.Count - (count - i); at++)
                if (Math.Abs(places[at] - wanted) < Math.Abs(places[next] - wanted)) next = at;
            chosen.Add(steps[next]);
        }
        return chosen;
    }
}
