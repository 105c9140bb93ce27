using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Steps;

/// <summary>What probe sets add to the cost of sampling.</summary>
/// <param name="Size">In words.</param>
/// <param name="Tokens">Tokens that all chains of all rows are observed on.</param>
/// <param name="MemoryBytes">The sets, and what is gathered of the rows in hand.</param>
/// <param name="DiskBytes">What is kept of all rows.</param>
internal readonly record struct ProbeWork(string Size, double Tokens, double MemoryBytes, double DiskBytes)
{
    /// <summary>A step of sampling takes so many times what an observation of as many tokens takes, which goes forward only:
    /// measured for heads of either layer.</summary>
    private const double PassesOfAStep = 2.2;

    /// <summary>A flag a pattern and token, and the places of those that it picks.</summary>
    private const double BytesOfAPick = sizeof(bool) + sizeof(int);

    /// <summary>What is kept of single tokens of a row.</summary>
    public double TokenBytesOfARow { get; init; }

    /// <summary>Tokens of sampling that take as long.</summary>
    public double TokensAsSampled => Tokens / PassesOfAStep;

    /// <summary>Counts.</summary>
    /// <param name="pipeline">The study.</param>
    /// <param name="step">The sample step.</param>
    /// <param name="shape">The model's shape.</param>
    /// <param name="components">Components of a checkpoint and dataset, which are sampled together.</param>
    /// <param name="rows">Rows of the step.</param>
    public static ProbeWork Count(Pipeline pipeline, StepSpec step, TransformerConfig shape, int components, double rows)
    {
        var (sgld, observe) = (step.Get<SgldOptions>(), step.Get<SampledTextOptions>().Observe);
        var probes = SampledContexts.ProbesOf(pipeline, step).Select(p => p.Probe).ToList();
        if (probes.Count == 0) return new("", 0, 0, 0);
        var draws = (sgld.Draws - 1) / observe.Every + 1;
        double Sum(Func<ProbeOptions, double> count) => probes.Sum(count);
        double PatternsOf(ProbeOptions probe) => 1 + probe.PatternNames.Count;
        double TokensOf(ProbeOptions probe) => (double)probe.Contexts * probe.LengthOf(shape.ContextLength);
        var tokens = Sum(TokensOf);
        var sets = Sum(probe =>
            TokensOf(probe) * (sizeof(int) + sizeof(double) + PatternsOf(probe) * BytesOfAPick));
        var differences = Sum(PatternsOf) * sgld.Chains * draws;
        var contexts = Sum(probe => PatternsOf(probe) * probe.Contexts);
        var batches = observe.Tokens switch
        {
            KeptTokens.Batches => Math.Min(observe.Batches, draws),
            KeptTokens.Draws => draws,
            _ => 0,
        };
        var gathered = sizeof(double) * (differences + sgld.Chains * contexts)
            + (batches == 0 ? 0 : sizeof(float) * sgld.Chains * tokens);
        var kept = sizeof(double) * (differences + contexts) + sizeof(int) * contexts;
        var ofTokens = sizeof(float) * (double)sgld.Chains * batches * tokens;
        // The table of traces is in memory as a whole while it is written; the store and the table hold what is kept.
        var size = $"; {tokens:N0} tokens observed at {draws:N0} draws"
            + (observe.Tokens == KeptTokens.Draws ? ", all kept: later patterns sample nothing" : "");
        return new(size, rows * sgld.Chains * draws * tokens,
            sets + components * gathered + rows * kept,
            rows * (2 * kept + ofTokens))
        {
            TokenBytesOfARow = ofTokens,
        };
    }
}
