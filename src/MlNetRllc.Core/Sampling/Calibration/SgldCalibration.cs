using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Calibration;

/// <summary>Tries settings of the sampler on one checkpoint and recommends one.</summary>
/// <remarks>
/// All settings meet the same minibatches and the same noise, on one engine: what w* makes of a
/// minibatch is computed once for all that fit into memory together, and the settings' estimates
/// differ by the settings and not by their luck. What is asked of a setting is what the field's
/// calibration guides (devinterp) ask: a Metropolis acceptance of about 0.9, an estimate that
/// does not hang on the step size, loss traces that level off without a spike, few draws below
/// the baseline. nbeta and localization also set the scale that is probed
/// (<see cref="SgldOptions"/>): settings that differ in them estimate different things, so
/// compare their quality, not their values. Where the sampler observes a probe set
/// (<see cref="SgldSampler.Probes"/>) and chains walk in pairs (<see cref="SgldOptions.Antithetic"/>), each
/// row tells how much of its estimate the data set and how much the pull (<see cref="DataShare"/>), and the
/// largest share among settings that are good otherwise is recommended.
/// </remarks>
/// <param name="sampler">Samples the checkpoint on the dataset that the calibration is for. Of its probe sets the first
/// counts.</param>
public sealed class SgldCalibration(SgldSampler sampler)
{
    /// <summary>Runs the sweep.</summary>
    /// <param name="components">Component names; a few that stand for the rest are enough.</param>
    /// <param name="options">Settings to try.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <exception cref="ArgumentException">There is no component or one is unknown, a list of
    /// values is empty, or the dataset does not fit the model or the batch size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option, or a value to be tried, lies
    /// outside its range.</exception>
    public CalibrationResult Run(IReadOnlyList<string> components, CalibrationOptions options,
        IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(components);
        if (components.Count == 0)
            throw new ArgumentException(
                "A calibration needs at least one component, such as 'l0h0'.", nameof(components));
        var settings = options.Settings();
        return Judge(settings, sampler.SampleSettings(components, settings, progress, cancellation), options);
    }

    /// <summary>Turns the traces of all settings into a table and a recommendation.</summary>
    /// <param name="settings">As <see cref="CalibrationOptions.Settings"/> gives them.</param>
    /// <param name="traces">[component][setting].</param>
    /// <param name="options">What is asked of a good setting.</param>
    internal static CalibrationResult Judge(
        IReadOnlyList<SgldOptions> settings, LossTrace[][] traces, CalibrationOptions options)
    {
        var estimates = traces
            .Select(own => own.Select(trace => RllcEstimation.Estimate(trace, options.Estimation)).ToArray())
            .ToArray();
        var rows = new List<CalibrationRow>();
        for (var s = 0; s < settings.Count; s++)
            for (var c = 0; c < traces.Length; c++)
                rows.Add(new()
                {
                    Component = traces[c][s].Component,
                    StepSize = settings[s].StepSize,
                    NBeta = settings[s].NBeta,
                    Localization = settings[s].Localization,
                    Estimate = estimates[c][s],
                    Spike = SpikeOf(traces[c][s]),
                    Sensitivity = SensitivityOf(settings, estimates[c], s),
                    StepBias = settings[s].StepBias(),
                    DataShare = DataShareOf(traces[c][s], options.Estimation),
                });
        var (best, reason) = Recommendation.Among(settings, [.. rows.Chunk(traces.Length)], options);
        return new() { Rows = rows, Recommended = settings[best], Reason = reason };
    }

    private static DataShare DataShareOf(LossTrace trace, EstimationOptions options) =>
        trace.Observations is [var probe, ..] ? DataShare.Estimate(trace, probe, options: options) : DataShare.Unknown;

    private static double SpikeOf(LossTrace trace)
    {
        var mean = new double[trace.Draws];
        for (var i = 0; i < trace.Losses.Count; i++)
        {
            var draw = i % trace.Draws;
            mean[draw] += (trace.Losses[i] - trace.BaselineLosses[draw]) / trace.Chains;
        }
        var level = mean[(mean.Length / 2)..].Average();
        var window = Math.Min(mean.Length, Math.Max(3, mean.Length / 20));
        var peak = Enumerable.Range(0, mean.Length - window + 1).Max(first => mean.AsSpan(first, window).ToArray().Average());
        return double.IsFinite(peak) && level > 0 ? peak / level : double.NaN;
    }

    /// <summary>Change to the neighbours in step size at the same nbeta and localization, which lie
    /// beside each other in the list.</summary>
    private static double SensitivityOf(
        IReadOnlyList<SgldOptions> settings, RllcEstimate[] estimates, int setting)
    {
        var own = estimates[setting];
        var largest = double.NaN;
        foreach (var other in (int[])[setting - 1, setting + 1])
        {
            if (other < 0 || other >= settings.Count) continue;
            var (ours, theirs) = (settings[setting], settings[other]);
            if ((theirs.NBeta, theirs.Localization) != (ours.NBeta, ours.Localization)) continue;
            var beside = estimates[other];
            var error = Math.Sqrt(own.RllcStdErr * own.RllcStdErr + beside.RllcStdErr * beside.RllcStdErr);
            var change = Math.Max(0, Math.Abs(own.Rllc - beside.Rllc) - 2 * error) / Math.Abs(own.Rllc);
            if (!double.IsNaN(change) && !(change <= largest)) largest = change;
        }
        return largest;
    }
}
