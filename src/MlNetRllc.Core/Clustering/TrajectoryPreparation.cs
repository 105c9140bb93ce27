using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Core.Clustering;

/// <summary>Makes curves comparable: gaps, log-step axis, smoothing, normalisation; each curve by
/// itself.</summary>
public static class TrajectoryPreparation
{
    /// <summary>Values that are not finite replaced by the straight line between their finite
    /// neighbours on the step axis; before the first and after the last finite value, by that
    /// value.</summary>
    /// <param name="values">[point].</param>
    /// <param name="steps">[point], rising.</param>
    /// <returns>A new curve; null when fewer than 2 values are finite, since a single value is no
    /// curve.</returns>
    public static double[]? FillGaps(ReadOnlySpan<double> values, ReadOnlySpan<double> steps)
    {
        List<double> knownSteps = [], knownValues = [];
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) continue;
            knownSteps.Add(steps[i]);
            knownValues.Add(values[i]);
        }
        if (knownValues.Count < 2) return null;
        var filled = values.ToArray();
        for (var i = 0; i < filled.Length; i++)
            if (!double.IsFinite(filled[i])) filled[i] = Interpolate(knownSteps, knownValues, steps[i]);
        return filled;
    }

    /// <summary>Steps evenly apart in log(step + s), s the smallest positive step, so that step 0
    /// has a place.</summary>
    /// <param name="steps">[point], rising, from 0 on.</param>
    /// <param name="points">How many; 2 or more.</param>
    public static double[] LogSpacedSteps(IReadOnlyList<double> steps, int points)
    {
        var shift = steps.First(step => step > 0);
        double from = ScalarFunctions.Log(steps[0] + shift), to = ScalarFunctions.Log(steps[^1] + shift);
        var spaced = Enumerable.Range(0, points)
            .Select(i => ScalarFunctions.Exp(from + (to - from) * i / (points - 1)) - shift)
            .ToArray();
        // The ends are those of the data, whatever rounding says.
        (spaced[0], spaced[^1]) = (steps[0], steps[^1]);
        return spaced;
    }

    /// <summary>The curve at other steps, along straight lines.</summary>
    public static double[] Resample(
        IReadOnlyList<double> values, IReadOnlyList<double> steps, IReadOnlyList<double> at) =>
        [.. at.Select(step => Interpolate(steps, values, step))];

    /// <summary>Centred moving average over <paramref name="window"/> points (an even window counts
    /// as the next odd one); at the ends over as many points on both sides as there are, so that
    /// the ends stay where they are.</summary>
    public static double[] Smooth(ReadOnlySpan<double> values, int window)
    {
        var smooth = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var reach = Math.Min(window / 2, Math.Min(i, values.Length - 1 - i));
            var sum = 0.0;
            for (var j = i - reach; j <= i + reach; j++) sum += values[j];
            smooth[i] = sum / (2 * reach + 1);
        }
        return smooth;
    }

    /// <summary>The curve normalised by itself. Where the largest and the smallest value are apart
    /// by 1e-12 of the largest size or less, that is rounding: the curve is constant and becomes
    /// zero.</summary>
    public static double[] Normalize(ReadOnlySpan<double> values, TrajectoryNormalization normalization) =>
        Scale.Measured(values, normalization).Apply(values);

    private static double Interpolate(IReadOnlyList<double> steps, IReadOnlyList<double> values, double at)
    {
        if (at <= steps[0]) return values[0];
        if (at >= steps[^1]) return values[^1];
        var right = 1;
        while (steps[right] < at) right++;
        var share = (at - steps[right - 1]) / (steps[right] - steps[right - 1]);
        return values[right - 1] + share * (values[right] - values[right - 1]);
    }
}
