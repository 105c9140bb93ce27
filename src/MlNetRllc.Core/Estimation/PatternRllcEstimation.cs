using MathNet.Numerics.Distributions;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Estimation;

/// <summary>Turns what was observed of probe sets into rLLCs of patterns.</summary>
public static class PatternRllcEstimation
{
    /// <summary>Every pattern of every probe set of a trace.</summary>
    /// <param name="trace">The trace; without <see cref="LossTrace.Observations"/> there is nothing to estimate.</param>
    /// <param name="options">Draws to discard and what counts as converged; an unpaired baseline has no meaning here, since w* is
    /// taken on the same tokens, and a negative value is no fault.</param>
    /// <param name="patterns">How errors are found.</param>
    /// <exception cref="ArgumentException">The lists of an observation do not have the lengths that its sizes ask for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static IReadOnlyList<PatternRllc> Estimate(LossTrace trace, EstimationOptions options, PatternEstimationOptions patterns)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(patterns);
        options.Validated();
        patterns.Validated();
        return [.. (trace.Observations ?? []).SelectMany(probe => Estimate(trace, probe, options, patterns))];
    }

    private static IEnumerable<PatternRllc> Estimate(
        LossTrace trace, ProbeTrace probe, EstimationOptions options, PatternEstimationOptions patterns)
    {
        Check(trace, probe);
        var own = options with
        {
            Baseline = BaselineKind.Paired,
            DiscardDraws = probe.ObservedIn(options.DiscardDraws),
        };
        var texts = TextErrors.Estimate(probe, trace.NBeta, patterns);
        var whole = TraceOf(trace, probe, 0);
        var all = RllcEstimation.Estimate(whole, own, negativeIsFault: false);
        // Where the draws never differ there is rounding alone, and nothing to compare.
        var error = Math.Sqrt(Square(all.RllcStdErr) + Square(texts[0].Rllc));
        var known = Varies(all) && Math.Abs(all.Rllc) > patterns.DenominatorErrors * error;
        for (var p = 0; p < probe.Patterns.Count; p++)
        {
            var observed = TraceOf(trace, probe, p);
            var estimate = probe.Tokens[p] == 0 ? Missing(trace, probe, p) : p == 0 ? all
                : RllcEstimation.Estimate(observed, own, negativeIsFault: false);
            var profile = known && Varies(estimate) && double.IsFinite(estimate.Rllc) ? estimate.Rllc / all.Rllc : double.NaN;
            var (chains, text) = double.IsNaN(profile) ? (double.NaN, double.NaN) : p == 0 ? (0.0, 0.0)
                : (RatioError(observed, whole, profile, own) / Math.Abs(all.Rllc / trace.NBeta), texts[p].Profile);
            yield return new()
            {
                Probe = probe.Probe,
                Pattern = probe.Patterns[p],
                Tokens = probe.Tokens[p],
                BaselineLoss = probe.BaselineLosses[p],
                Estimate = estimate,
                TextStdErr = probe.Tokens[p] == 0 ? double.NaN : texts[p].Rllc,
                Profile = profile,
                ProfileStdErr = chains,
                ProfileTextStdErr = text,
                DataShare = DataShare.Estimate(trace, probe, p, options),
                PValue = p == 0 ? double.NaN : PValueOf((profile - 1) / Math.Sqrt(Square(chains) + Square(text))),
            };
        }
    }

    /// <summary>The differences of a pattern as if they were losses above a baseline of 0.</summary>
    private static LossTrace TraceOf(LossTrace trace, ProbeTrace probe, int pattern)
    {
        var differences = probe.DifferencesOf(pattern, trace);
        int DivergedAt(int chain, int observed) => chain < trace.DivergedAt.Count && trace.DivergedAt[chain] >= 0 ? trace.DivergedAt[chain]
            : observed < 0 ? -1 : observed * probe.Every;
        return trace with
        {
            Draws = probe.Draws,
            Losses = differences,
            BaselineLosses = new double[probe.Draws],
            DivergedAt = [.. differences.Chunk(Math.Max(1, probe.Draws)).Select((chain, c) =>
                DivergedAt(c, Array.FindIndex(chain, d => !double.IsFinite(d))))],
            Observations = null,
        };
    }

    /// <summary>Standard error of the mean of p - R q, nats: the numerator of the error of the ratio R.</summary>
    private static double RatioError(LossTrace pattern, LossTrace whole, double ratio, EstimationOptions options) =>
        LossDifferences.From(
            pattern with { Losses = [.. pattern.Losses.Zip(whole.Losses, (p, q) => p - ratio * q)] }, options, pattern.Draws).StandardError;

    private static RllcEstimate Missing(LossTrace trace, ProbeTrace probe, int pattern) =>
        RllcEstimate.None(RllcStatus.Missing, $"no token of the probe set '{probe.Probe}' has the pattern '{probe.Patterns[pattern]}'.")
            with { ChainRllcs = [.. Enumerable.Repeat(double.NaN, trace.Chains)] };

    private static bool Varies(RllcEstimate estimate) => !double.IsNaN(estimate.RHat);

    private static double PValueOf(double z) => double.IsNaN(z) ? double.NaN : 2 * Normal.CDF(0, 1, -Math.Abs(z));

    private static double Square(double value) => value * value;

    private static void Check(LossTrace trace, ProbeTrace probe)
    {
        var patterns = probe.Patterns.Count;
        Wanted(probe.Differences.Count, patterns * trace.Chains * probe.Draws, "differences");
        Wanted(probe.Tokens.Count, patterns, "numbers of tokens");
        Wanted(probe.BaselineLosses.Count, patterns, "baseline losses");
        Wanted(probe.ContextTokens.Count, patterns * probe.Contexts, "numbers of tokens in contexts");
        Wanted(probe.ContextSums.Count, patterns * probe.Contexts, "sums over contexts");

        void Wanted(int found, int wanted, string what)
        {
            if (found != wanted || patterns == 0)
                throw new ArgumentException($"{trace.Component}: the probe set '{probe.Probe}' has {found} {what}; {patterns} patterns, "
                    + $"{trace.Chains} chains, {probe.Draws} draws and {probe.Contexts} contexts want {wanted}.", nameof(trace));
        }
    }
}
