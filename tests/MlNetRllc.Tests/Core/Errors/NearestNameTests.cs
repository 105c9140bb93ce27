using MlNetRllc.Core.Errors;

namespace MlNetRllc.Tests.Core.Errors;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["embed.weight", "layers.0.norm.weight", "layers.0.norm.bias"];

    [Theory]
    [InlineData("embedd.*", "embed.weight")]
    [InlineData("*nrom.bias", "layers.0.norm.bias")]
    [InlineData("LAYERS.0.NORM.WIEGHT", "layers.0.norm.weight")]
    public void Star_TakesAnyLettersForNothing(string given, string expected) => Assert.Equal(expected, NearestName.Nearest(given, Names));

    [Fact]
    public void WhatIsFar_IsNearestAndNotFound()
    {
        Assert.Null(NearestName.Find("attention", Names));
        Assert.NotNull(NearestName.Nearest("attention", Names));
        Assert.Null(NearestName.Nearest("attention", []));
    }
}
