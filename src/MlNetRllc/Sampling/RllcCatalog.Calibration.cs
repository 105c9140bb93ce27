using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Calibration;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Core.Weights;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Tries step sizes, values of n beta and localizations on one checkpoint, and recommends a setting.</summary>
    /// <remarks>Computes at once: a calibration is looked at before a study is laid out. All settings share
    /// minibatches, noise and the passes of the trained weights (<see cref="SgldCalibration"/>). The table has
    /// the columns of <see cref="CalibrationTableRow"/>: <see cref="SgldCalibrationTable.SaveHeatMap"/> draws
    /// it. With a probe set the table tells how much of each estimate the data set and how much the pull
    /// (<see cref="DataShare"/>), and the largest share among the settings that are good otherwise is recommended; without one, the
    /// setting that misses the fewest wishes.</remarks>
    /// <param name="checkpoint">Path of a safetensors file.</param>
    /// <param name="contexts">Rows with <c>Tokens</c>, a vector of Int32 of known size, and, where only some tokens
    /// count, <c>LossMask</c>, a vector of Boolean of that size.</param>
    /// <param name="components">Names or selectors: <c>heads</c>, <c>layers</c>, <c>l0h3</c>, <c>full</c>,
    /// unions joined with <c>+</c>. A few that stand for the rest are enough.</param>
    /// <param name="options">Which settings to try; a grid around the paper's when null, with the context's seed where it has one.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="probe">Held-out contexts on which the share of the data is observed; none when null. It asks for antithetic
    /// chains, which <paramref name="options"/> of null then has. Its patterns are not looked at.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="ArgumentException">A component is unknown, a list of values is empty, the dataset
    /// does not fit the model or the batch size, or there is a probe set that does not fit the model, holds contexts of the
    /// dataset or meets chains that walk in no pairs; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option, or a value to be tried, lies outside its range.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read.</exception>
    public SgldCalibrationTable CalibrateSgld(
        string checkpoint, IDataView contexts, IReadOnlyList<string> components,
        CalibrationOptions? options = null, IProgress<SamplingProgress>? progress = null, ProbeSet? probe = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(checkpoint);
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(components);
        options ??= DefaultCalibration(inPairs: probe is not null);
        if (probe is not null && !options.Sampling.Antithetic)
            throw new ArgumentException($"The probe set '{probe.Name}' tells the share of the data of antithetic chains alone; "
                + "set Antithetic in the calibration's Sampling, with an even number of chains, 4 or more, or give no probe set.",
                nameof(options));
        var settings = options.Settings().Count;
        var (config, weights) = Checkpoint.Load(checkpoint);
        var text = ContextTables.ReadSampled(contexts, "calibration");
        string[] names = [.. components.SelectMany(c => Component.Expand(c, config)).Distinct(StringComparer.Ordinal)];

        var host = Environment.Register("CalibrateSgld");
        using var channel = host.Start("CalibrateSgld");
        var work = $"{settings} settings on {names.Length} components of {checkpoint}";
        channel.Info($"Trying {work}: {options.Sampling.Chains} chains x {options.Sampling.Draws} draws each.");
        var watch = new StepWatch(channel, work, new(host, cancellation), p => progress?.Report(p));
        var sampler = new SgldSampler(config, weights, text) { Probes = probe is null ? [] : [probe] };
        var result = new SgldCalibration(sampler).Run(names, options, watch, cancellation);
        channel.Info(result.Reason);
        var chosen = (result.Recommended.StepSize, result.Recommended.NBeta, result.Recommended.Localization);
        var rows = result.Rows.Select(
            row => TableRow(row, (row.StepSize, row.NBeta, row.Localization) == chosen)).ToList();
        return new(Context.Data.LoadFromEnumerable(rows), result.Recommended, result.Reason);
    }

    private CalibrationOptions DefaultCalibration(bool inPairs)
    {
        var options = new CalibrationOptions();
        return options with { Sampling = options.Sampling with { Seed = Seed ?? options.Sampling.Seed, Antithetic = inPairs } };
    }

    private static CalibrationTableRow TableRow(CalibrationRow row, bool recommended) => new()
    {
        Component = row.Component,
        StepSize = row.StepSize,
        NBeta = row.NBeta,
        Localization = row.Localization,
        Rllc = row.Estimate.Rllc,
        RllcStdErr = row.Estimate.RllcStdErr,
        Acceptance = row.Estimate.MalaAcceptance,
        Drift = row.Estimate.Drift,
        NegativeShare = row.Estimate.NegativeShare,
        Spike = row.Spike,
        Sensitivity = row.Sensitivity,
        StepBias = row.StepBias,
        DataShare = row.DataShare.Value,
        DataShareStdErr = row.DataShare.StdErr,
        Status = row.Estimate.Status.ToWord(),
        StatusReason = row.Estimate.Reason,
        Recommended = recommended,
    };
}
