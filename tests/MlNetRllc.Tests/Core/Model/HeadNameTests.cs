using MlNetRllc.Core.Model;

namespace MlNetRllc.Tests.Core.Model;

/// <summary>Names of heads are read and written in one place.</summary>
public sealed class HeadNameTests
{
    [Theory, InlineData(0, 0), InlineData(1, 3), InlineData(11, 127)]
    public void WrittenName_IsReadAsTheSameHead(int layer, int head) =>
        Assert.Equal(new HeadName(layer, head), HeadName.TryParse($"l{layer}h{head}"));

    [Theory]
    [InlineData(""), InlineData(null), InlineData("l1"), InlineData("h1"), InlineData("lh"), InlineData("l1h")]
    [InlineData("lh1"), InlineData("l-1h2")]
    [InlineData("l 1h2"), InlineData("l1h2 "), InlineData("l1h2\n"), InlineData("L1h2"), InlineData("l1h2+l1h3"), InlineData("l1 attn")]
    [InlineData("l99999999999h0"), InlineData("l\u0661h0"), InlineData("embed")]
    public void OtherName_IsNoHead(string? name) => Assert.Null(HeadName.TryParse(name));

    [Theory]
    [InlineData("l1h2", 1), InlineData("l1", 1), InlineData("l12 attn", 12), InlineData("l0 mlp", 0)]
    [InlineData("embed", null), InlineData("ln_final", null)]
    [InlineData("l1h2+l1h3", null), InlineData("full", null)]
    public void Layer_IsThatOfTheComponent(string name, int? layer) =>
        Assert.Equal(layer, HeadName.LayerOf(name));
}
