namespace MlNetRllc.Core.Clustering;

/// <summary>Curves made comparable: each channel of each curve filled, resampled and smoothed by
/// itself, then normalised over what the options say.</summary>
internal sealed class CurvePreparation
{
    private readonly ClusteringOptions options;
    private readonly int channels;
    private readonly double[] positions;
    private readonly bool resamples;
    private readonly Dictionary<int, Scale> shared = [];

    /// <param name="curves">[curve][channel][point], checked.</param>
    /// <param name="options">How.</param>
    /// <param name="steps">Training step of each point; null for 0, 1, ...</param>
    /// <param name="channels">Channels of each curve.</param>
    public CurvePreparation(IReadOnlyList<double[][]> curves, ClusteringOptions options, IReadOnlyList<double>? steps, int channels)
    {
        (this.options, this.channels) = (options, channels);
        positions = steps is not null ? [.. steps]
            : [.. Enumerable.Range(0, curves.Count == 0 ? 0 : curves[0][0].Length).Select(i => (double)i)];
        resamples = options.LogSteps && positions.Length > 1;
        Axis = resamples
            ? TrajectoryPreparation.LogSpacedSteps(positions,
                Math.Max(2, options.ResampledPoints == 0 ? positions.Length : options.ResampledPoints))
            : positions;
        var smooth = curves.Select(Smoothed).ToArray();
        if (Scope is NormalizationScope.Channel or NormalizationScope.Everything) ShareScales([.. smooth.OfType<double[][]>()]);
        Prepared = [.. smooth.Select(curve => curve is null ? null : Normalized(curve))];
        Excluded = [.. curves.Index().Where(c => Prepared[c.Index] is null).Select(c => new ExcludedCurve(c.Index, Reason(c.Item)))];
        Filled =
        [
            .. from curve in curves.Index()
               where Prepared[curve.Index] is not null
               from channel in curve.Item.Index()
               let missing = channel.Item.Count(value => !double.IsFinite(value))
               where missing > 0
               select new FilledCurve(curve.Index, channel.Index, missing),
        ];
    }

    /// <summary>[curve][channel * point]; null for one that is left out.</summary>
    public double[]?[] Prepared { get; }

    /// <summary>Training step of each point.</summary>
    public double[] Axis { get; }

    public IReadOnlyList<ExcludedCurve> Excluded { get; }

    public IReadOnlyList<FilledCurve> Filled { get; }

    // k-Shape compares shapes alone, whatever the options say.
    private TrajectoryNormalization Normalization =>
        options.Method == ClusteringMethod.KShape ? TrajectoryNormalization.Standardize : options.Normalization;

    private NormalizationScope Scope =>
        options.Method == ClusteringMethod.KShape ? NormalizationScope.ChannelOfCurve : options.NormalizationScope;

    /// <summary>Given centres, prepared as the curves are.</summary>
    /// <param name="centres">[cluster][channel][point]; null where none are given.</param>
    /// <returns>Null also where the curves have fewer than 2 points, so that none takes part.</returns>
    public double[][]? CentresOf(IReadOnlyList<double[][]>? centres) =>
        centres is null || positions.Length < 2 ? null : [.. centres.Select(centre => Normalized(Smoothed(centre)!))];

    /// <summary>[channel][point]; null where a channel is no curve.</summary>
    private double[][]? Smoothed(double[][] curve)
    {
        var smooth = new double[channels][];
        for (var c = 0; c < channels; c++)
        {
            if (TrajectoryPreparation.FillGaps(curve[c], positions) is not { } filled) return null;
            if (resamples) filled = TrajectoryPreparation.Resample(filled, positions, Axis);
            smooth[c] = TrajectoryPreparation.Smooth(filled, options.SmoothingWindow);
        }
        return smooth;
    }

    private double[] Normalized(double[][] curve)
    {
        if (Scope == NormalizationScope.Curve) return TrajectoryPreparation.Normalize([.. curve.SelectMany(c => c)], Normalization);
        return [.. curve.SelectMany((values, c) =>
            (Scope == NormalizationScope.ChannelOfCurve ? Scale.Measured(values, Normalization) : shared[c]).Apply(values))];
    }

    private void ShareScales(double[][][] curves)
    {
        double[] Values(Func<int, bool> isIn) =>
            [.. curves.SelectMany(curve => curve.Where((_, c) => isIn(c)).SelectMany(values => values))];
        for (var c = 0; c < channels; c++)
            shared[c] = Scale.Measured(Values(other => Scope == NormalizationScope.Everything || other == c), Normalization);
    }

    private string Reason(double[][] curve)
    {
        var c = Array.FindIndex(curve, values => values.Count(double.IsFinite) < 2);
        var channel = channels == 1 ? "" : $" of channel {c}";
        return $"{curve[c].Count(double.IsFinite)} of {curve[c].Length} points{channel} are finite; a curve needs 2.";
    }
}
