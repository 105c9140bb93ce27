using System.Numerics;
using MlNetRllc.Foundation;

namespace MlNetRllc.Tests.Foundation;

public sealed class WholeNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("+7", 7)]
    [InlineData("-12", -12)]
    [InlineData("1000", 1000)]
    [InlineData("1_000", 1000)]
    [InlineData("1_0_0_0", 1000)]
    [InlineData("1e4", 10_000)]
    [InlineData("1E+4", 10_000)]
    [InlineData("-2e3", -2000)]
    [InlineData("1.5e3", 1500)]
    [InlineData("1_000e2", 100_000)]
    [InlineData("12.50e1", 125)]
    [InlineData("500e-2", 5)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("-2147483648", int.MinValue)]
    public void WholeNumbers_AreRead(string text, int expected)
    {
        Assert.True(WholeNumber.TryParse(text, out int value));
        Assert.Equal(expected, value);
        Assert.Matches(WholeNumber.Pattern, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("1__000")]
    [InlineData("-_1")]
    [InlineData("0x10")]
    [InlineData("0o17")]
    [InlineData("0b1")]
    [InlineData("1,000")]
    [InlineData("1.000")]
    [InlineData("1.0")]
    [InlineData("1.")]
    [InlineData("1.5")]
    [InlineData("1e")]
    [InlineData("e4")]
    [InlineData("1e_4")]
    [InlineData("1e-1")]
    [InlineData("1.25e1")]
    [InlineData("1e99999")]
    [InlineData("1:30")]
    [InlineData("10k")]
    [InlineData("\u0661")]
    [InlineData("\u22121")]
    [InlineData("NaN")]
    [InlineData("two")]
    public void AnythingElse_IsNot(string text) => Assert.False(WholeNumber.TryParse(text, out BigInteger _));

    [Theory]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("1e10")]
    [InlineData("1e9999")]
    public void BeyondTheRange_IsAWholeNumber_ThatDoesNotFit(string text)
    {
        Assert.True(WholeNumber.TryParse(text, out BigInteger _));
        Assert.False(WholeNumber.TryParse(text, out int _));
    }

    [Theory]
    [InlineData("1_000.5", 1000.5)]
    [InlineData("-3e-3", -0.003)]
    [InlineData(".5", 0.5)]
    [InlineData("1e3", 1000)]
    public void OtherNumbers_AreReadLikewise(string text, double expected)
    {
        Assert.True(WholeNumber.TryParseNumber(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("0,5")]
    [InlineData("1_")]
    [InlineData("1__0.5")]
    [InlineData("1_.5")]
    [InlineData("1._5")]
    [InlineData("1e_3")]
    [InlineData("0x1")]
    [InlineData(" 1")]
    [InlineData("")]
    public void WhatLooksLikeANumber_IsNone(string text) => Assert.False(WholeNumber.TryParseNumber(text, out _));
}
