using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine does some work: as fast as it did it when steps of a study did the same, else as a short
/// measurement says. Both are kept in the user's cache folder, by processor and kernels.</summary>
internal static class MachineSpeed
{
    /// <summary>Share of the cores' time that a program must have had for its speed to be the machine's.</summary>
    private const double LeastShare = 0.5;

    /// <summary>Steps of studies whose speeds are remembered; the median counts.</summary>
    private const int MostRemembered = 5;

    private const int Version = 9;

    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(1.8), MostWarmUp = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(0.15);

    private static readonly ConcurrentDictionary<string, bool> Warm = new(StringComparer.Ordinal);

    /// <summary>What a busy machine gave, for as long as this program runs.</summary>
    private static readonly ConcurrentDictionary<string, double> Passing = new(StringComparer.Ordinal);

    /// <summary>Tokens a second.</summary>
    /// <param name="work">What the speed depends on, as an object that can be written down.</param>
    /// <param name="measure">Measures it, in a second or two.</param>
    public static double TokensPerSecond(object work, Func<double> measure)
    {
        var name = NameOf(work);
        if (Remembered(name) is { Count: > 0 } seen) return seen.Order().ElementAt(seen.Count / 2);
        if (Passing.TryGetValue(name, out var passing)) return passing;
        if (UserCache.Find<KeptSpeed>(CalibrationOf(name)) is { } known) return known.TokensPerSecond;
        var share = new CoreShare();
        var found = measure();
        if (share.Now < LeastShare) return Passing[name] = found;
        UserCache.Keep(CalibrationOf(name), new KeptSpeed(found));
        return found;
    }

    /// <summary>Remembers the speed of a step that has done such work.</summary>
    /// <param name="work">As in <see cref="TokensPerSecond"/>.</param>
    /// <param name="tokensPerSecond">How fast it was.</param>
    /// <param name="share">Of the cores' time that this program had meanwhile: what a busy machine gives is forgotten.</param>
    public static void Remember(object work, double tokensPerSecond, double share)
    {
        if (share < LeastShare || !double.IsFinite(tokensPerSecond) || tokensPerSecond <= 0) return;
        var name = NameOf(work);
        UserCache.Keep(StudiesOf(name), new SeenSpeeds([.. Remembered(name).TakeLast(MostRemembered - 1), tokensPerSecond]));
    }

    /// <summary>Does some work again and again until it gets no faster: what runs often is compiled twice and better each time,
    /// and before that a study's speed is not to be seen.</summary>
    /// <param name="kind">The kind of work: what one of its kind has made fast need not be waited for again.</param>
    /// <param name="work">Does it.</param>
    public static void WarmUp(string kind, Action work)
    {
        var least = Warm.TryAdd(kind, true) ? LeastWarmUp : TimeSpan.Zero;
        var since = Stopwatch.StartNew();
        var best = double.PositiveInfinity;
        // What is compiled better waits until nothing new has run for a tenth of a second: windows without gain may be that wait.
        for (var noGain = 0; since.Elapsed < MostWarmUp && (noGain < 3 || since.Elapsed < least);)
        {
            var seconds = SecondsEach(work);
            noGain = seconds < 0.9 * best ? 0 : noGain + 1;
            best = Math.Min(best, seconds);
        }
    }

    private static double SecondsEach(Action work)
    {
        var watch = Stopwatch.StartNew();
        var times = 0;
        do
        {
            work();
            times++;
        }
        while (watch.Elapsed < Window);
        return watch.Elapsed.TotalSeconds / times;
    }

    private static IReadOnlyList<double> Remembered(string name) => UserCache.Find<SeenSpeeds>(StudiesOf(name))?.TokensPerSecond ?? [];

    private static string NameOf(object work)
    {
        var machine = new
        {
            Version, Processor = Processor.Name, Kernels = KernelSet.Used.Name, Cores = Environment.ProcessorCount,
        };
        return ContentHash.OfText(JsonSerializer.Serialize(new { machine, work }, RunRecord.Json))[..16];
    }

    private static string CalibrationOf(string name) => $"calibration/{name}.json";

    private static string StudiesOf(string name) => $"calibration/{name}-studies.json";

    private sealed record KeptSpeed(double TokensPerSecond);

    private sealed record SeenSpeeds(IReadOnlyList<double> TokensPerSecond);
}

/// <summary>How much of the cores' time this program has had since.</summary>
internal sealed class CoreShare
{
    private readonly TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <summary>From 0 to 1: what keeps every core at work has 1 when it gets them.</summary>
    public double Now => (Process.GetCurrentProcess().TotalProcessorTime - before) / (watch.Elapsed * Environment.ProcessorCount);
}
