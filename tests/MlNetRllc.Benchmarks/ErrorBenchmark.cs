using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Benchmarks;

/// <summary>Processor time to a given standard error of a last-layer head's rLLC: paired, in
/// lock-step, against autograd with the unpaired baseline.</summary>
/// <remarks>Variance falls as 1 / time, so the ratio of (time x squared error) is the ratio of the
/// times to one error, whatever it is.</remarks>
internal static class ErrorBenchmark
{
    /// <summary>Of a head, on the mean over heads.</summary>
    /// <param name="Seconds">Processor time, lock-step.</param>
    /// <param name="AutogradSeconds">The same, autograd.</param>
    /// <param name="SquaredError">Of the rLLC, paired baseline.</param>
    /// <param name="UnpairedSquaredError">With the unpaired baseline.</param>
    public sealed record Result(double Seconds, double AutogradSeconds, double SquaredError, double UnpairedSquaredError)
    {
        /// <summary>How many times less processor time one error takes.</summary>
        public double TimeRatio => AutogradSeconds * UnpairedSquaredError / (Seconds * SquaredError);
    }

    public static Result Run(int draws, int trainingSteps)
    {
        var config = BenchmarkModel.Config;
        var contexts = BenchmarkModel.Prose(config);
        Console.WriteLine($"{contexts.Count:N0} contexts of prose; training {trainingSteps} steps");
        var weights = BenchmarkModel.Trained(config, contexts, trainingSteps);
        var options = new SgldOptions { Chains = BenchmarkModel.Chains, Draws = draws, BurnIn = 0, BatchSize = BenchmarkModel.Batch };
        string[] heads = [.. Enumerable.Range(0, config.Heads).Select(h => $"l1h{h}")];

        var start = Machine.CpuSeconds();
        var ours = new SgldSampler(config, weights, contexts).Sample(heads, options);
        var own = (Machine.CpuSeconds() - start) / heads.Length;

        start = Machine.CpuSeconds();
        string[] few = ["l1h0", "l1h5"];
        var plain = new SgldSampler(config, weights, contexts).Sample(few, options with { Engine = SamplingEngine.Autograd });
        var reference = (Machine.CpuSeconds() - start) / few.Length;

        double Error(LossTrace trace, BaselineKind baseline) => RllcEstimation.Estimate(trace, new() { Baseline = baseline }).RllcStdErr;
        Console.WriteLine($"{"head",-6} {"rLLC",8} {"paired error",13} {"unpaired error",15}");
        foreach (var trace in ours)
            {
                var rllc = RllcEstimation.Estimate(trace, new()).Rllc;
                var (lower, higher) = (Error(trace, BaselineKind.Paired), Error(trace, BaselineKind.Unpaired));
                Console.WriteLine($"{trace.Component,-6} {rllc,8:F3} {lower,13:F4} {higher,15:F4}");
            }
        var paired = ours.Average(t => Math.Pow(Error(t, BaselineKind.Paired), 2));
        var unpaired = plain.Average(t => Math.Pow(Error(t, BaselineKind.Unpaired), 2));
        Console.WriteLine($"processor time a head: {own:F1} s against {reference:F1} s ({reference / own:F1} times)");
        Console.WriteLine($"squared error: {paired:G3} against {unpaired:G3} ({unpaired / paired:F1} times)");
        var result = new Result(own, reference, paired, unpaired);
        Console.WriteLine($"processor time to one error: {result.TimeRatio:F0} times less");
        return result;
    }
}
