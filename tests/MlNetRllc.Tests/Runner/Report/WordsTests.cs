using MlNetRllc.Runner.Report.Figures;

namespace MlNetRllc.Tests.Runner.Report;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0.173, 0.0447, "0.173 ± 0.045")]
    [InlineData(0.00678, 0.0272, "0.007 ± 0.027")]
    [InlineData(-12.345, 1.26, "\u221212.3 ± 1.3")]
    [InlineData(251.4, 34, "251 ± 34")]
    [InlineData(1e6, 2e5, "1.00e6 ± 2.0e5")]
    [InlineData(0.5, 1e-5, "0.500 ± 1.0e-5")]
    [InlineData(0.5, double.NaN, "0.500")]
    [InlineData(double.NaN, 0.1, "n/a")]
    [InlineData(3, 0, "3.00 ± 0")]
    public void ValueWithError_HasTheDecimalsOfItsError(double value, double error, string text) =>
        Assert.Equal(text, CaptionWords.WithError(value, error).Replace("e\u2212", "e-", StringComparison.Ordinal));
}
