using System.Collections.Concurrent;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;

namespace MlNetRllc.Runner.Running;

/// <summary>Runs steps behind those that they read, side by side where the cores suffice: a light step takes one, any other all.</summary>
/// <remarks>Results do not depend on it: a step reads what the steps before it gave, and nothing else.</remarks>
/// <param name="cores">Cores in all.</param>
/// <param name="keepGoing">Whether a failure leaves the steps that do not depend on it to run.</param>
internal sealed class StepScheduler(int cores, bool keepGoing)
{
    private readonly ConcurrentDictionary<string, Exception> failures = new(StringComparer.Ordinal);

    /// <summary>Runs the steps; returns when none runs any more.</summary>
    /// <param name="steps">In an order in which they can run; steps that are not among them count as done.</param>
    /// <param name="run">Does a step, on a thread of its own.</param>
    /// <param name="cancellation">Starts no further step.</param>
    /// <returns>What the steps that failed threw, by name. Steps behind them, and those that were not started, were not run.</returns>
    public IReadOnlyDictionary<string, Exception> Run(IReadOnlyList<StepSpec> steps, Action<StepSpec> run, CancellationToken cancellation)
    {
        var waiting = steps.ToList();
        var (free, running) = (cores, 0);
        using var ended = new BlockingCollection<StepSpec>();
        var open = steps.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        while (true)
        {
            var stopped = cancellation.IsCancellationRequested || (!failures.IsEmpty && !keepGoing);
            while (!stopped && waiting.Find(s => !s.Needs.Any(open.Contains) && CostOf(s) <= free) is { } next)
            {
                waiting.Remove(next);
                free -= CostOf(next);
                running++;
                new Thread(() => Do(next)) { IsBackground = true, Name = next.Name }.Start();
            }
            if (running == 0) return failures;
            var done = ended.Take(CancellationToken.None);
            (free, running) = (free + CostOf(done), running - 1);
            // A failed step stays open, so that nothing behind it starts.
            if (!failures.ContainsKey(done.Name)) open.Remove(done.Name);
        }

        void Do(StepSpec step)
        {
            try { run(step); }
            catch (Exception e) { failures[step.Name] = e; }
            finally { ended.Add(step, CancellationToken.None); }
        }
    }

    private int CostOf(StepSpec step) => step.Planned().IsLight ? 1 : cores;
}
