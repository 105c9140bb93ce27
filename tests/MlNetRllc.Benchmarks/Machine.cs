using System.Diagnostics;
using static TorchSharp.torch;

namespace MlNetRllc.Benchmarks;

/// <summary>Times and rates of this machine.</summary>
internal static class Machine
{
    /// <summary>Float32 rate of a large matrix product, GFLOP/s: what useful work is held
    /// against.</summary>
    public static double ProductRate(int threads)
    {
        const int n = 1024;
        set_num_threads(threads);
        using var scope = NewDisposeScope();
        var (a, b) = (ones(n, n), ones(n, n));
        a.mm(b).Dispose();
        return Median(Enumerable.Range(0, 9).Select(_ =>
        {
            var watch = Stopwatch.StartNew();
            a.mm(b).Dispose();
            return 2.0 * n * n * n / watch.Elapsed.TotalSeconds / 1e9;
        }));
    }

    public static double CpuSeconds() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
