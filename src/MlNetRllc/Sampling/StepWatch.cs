using System.Diagnostics;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>What happens between two steps of sampling: whoever stops is heeded, the log gets a line now and
/// then, the caller is told.</summary>
/// <remarks>On the calling thread, in order (<c>Progress</c> would post to another). Knows what it has thrown
/// from the sampler's own exceptions.</remarks>
/// <param name="channel">The log.</param>
/// <param name="what">What is sampled, in the log's words.</param>
/// <param name="stopping">Who may stop.</param>
/// <param name="report">Told of every step.</param>
internal sealed class StepWatch(
    IChannel channel, string what, Stopping stopping, Action<SamplingProgress>? report)
    : IProgress<SamplingProgress>
{
    private readonly Stopwatch sinceLine = Stopwatch.StartNew();

    /// <summary>Time between two lines of the log.</summary>
    public static TimeSpan LogInterval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Another time between two lines, for tests.</summary>
    public TimeSpan Interval { get; init; } = LogInterval;

    public Exception? Thrown { get; private set; }

    public void Report(SamplingProgress value)
    {
        try
        {
            if (value.Step < value.Steps) stopping.ThrowIfAsked(); // what is complete is kept
            Log(value);
            report?.Invoke(value);
        }
        catch (Exception e)
        {
            Thrown = e;
            throw;
        }
    }

    private void Log(SamplingProgress value)
    {
        if (sinceLine.Elapsed < Interval) return;
        channel.Info($"{what}: step {value.Step} of {value.Steps}.");
        sinceLine.Restart();
    }
}
