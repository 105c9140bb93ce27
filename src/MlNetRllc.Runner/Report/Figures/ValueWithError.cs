namespace MlNetRllc.Runner.Report.Figures;

/// <summary>A value with its standard error; the error is NaN where it is not known.</summary>
internal readonly record struct ValueWithError(double Value, double StdErr)
{
    /// <summary>Standard errors that a difference must have to be called one.</summary>
    public const double Clear = 2;

    /// <summary>The value in its standard errors; NaN where the error is not known or nought.</summary>
    public double StandardErrors => StdErr > 0 ? Value / StdErr : double.NaN;

    public bool IsClearlyAbove => StandardErrors > Clear;

    public bool IsClearlyBelow => StandardErrors < -Clear;

    /// <summary>The difference of two independent estimates.</summary>
    public static ValueWithError operator -(ValueWithError left, ValueWithError right) =>
        new(left.Value - right.Value, Math.Sqrt(left.StdErr * left.StdErr + right.StdErr * right.StdErr));

    /// <summary>The mean of independent estimates, with the error of their errors.</summary>
    public static ValueWithError Mean(IReadOnlyCollection<ValueWithError> estimates) => estimates.Count == 0
        ? new(double.NaN, double.NaN)
        : new(estimates.Average(e => e.Value), Math.Sqrt(estimates.Sum(e => e.StdErr * e.StdErr)) / estimates.Count);

    /// <summary>The mean of a group of heads, with the standard error of their spread.</summary>
    public static ValueWithError MeanOf(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return new(double.NaN, double.NaN);
        var mean = values.Average();
        if (values.Count < 2) return new(mean, double.NaN);
        return new(mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1.0) / values.Count));
    }
}
