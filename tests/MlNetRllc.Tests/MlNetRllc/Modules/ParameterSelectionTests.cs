using MlNetRllc.Core.Model;
using MlNetRllc.Modules;

namespace MlNetRllc.Tests.Modules;

public sealed class ParameterSelectionTests
{
    private static readonly ParameterShape[] Module =
    [
        new("embed.weight", [5, 4]), new("l0.in_proj_weight", [12, 4]), new("l0.in_proj_bias", [12]), new("l0.out_proj.weight", [4, 4]),
        new("l0.out_proj.bias", [4]), new("l1.query.weight", [4, 4]), new("l1.key.weight", [4, 4]), new("l1.value.weight", [4, 4]),
        new("l1.output.weight", [4, 4]), new("l2.W_Q", [2, 4, 3]), new("l2.W_K", [2, 4, 3]), new("l2.W_V", [2, 4, 3]),
        new("l2.W_O", [2, 3, 4]), new("conv.weight", [2, 3, 2, 2]), new("shared.key.weight", [2, 4]),
    ];

    private static string Said(ParameterSelection selection) =>
        string.Join(' ', selection.In(Module).Select(s => $"{s.Weight}:{s.Start}+{s.Length}"));

    private static string Refused(ParameterSelection selection) => Assert.Throws<ArgumentException>(() => selection.In(Module)).Message;

    [Theory]
    [InlineData("l?.in*weight", "l0.in_proj_weight:0+48")]
    [InlineData("*bias", "l0.in_proj_bias:0+12 l0.out_proj.bias:0+4")]
    [InlineData("l*key*", "l1.key.weight:0+16")]
    [InlineData("embed.weight", "embed.weight:0+20")]
    public void Stars_StandForAnyCharacters(string pattern, string expected) =>
        Assert.Equal(expected, Said(new("some", pattern)));

    [Fact]
    public void Rows_AreOneRunOfEach() => Assert.Equal("embed.weight:4+8 l0.in_proj_bias:9+3",
        Said(new ParameterSelection("some").Rows("embed.*", 1..3).Rows("*in_proj_bias", ^3..)));

    [Fact]
    public void Columns_AreARunARow() => Assert.Equal(
        "embed.weight:1+2 embed.weight:5+2 embed.weight:9+2 embed.weight:13+2 embed.weight:17+2 conv.weight:4+4 conv.weight:16+4",
        Said(new ParameterSelection("some").Columns("embed.weight", 1..3).Columns("conv.weight", 1..2)));

    [Fact]
    public void FusedHead_IsItsRowsOfEachThirdAndItsColumns() => Assert.Equal(
        "l0.in_proj_weight:8+8 l0.in_proj_weight:24+8 l0.in_proj_weight:40+8 "
        + "l0.in_proj_bias:2+2 l0.in_proj_bias:6+2 l0.in_proj_bias:10+2 "
        + "l0.out_proj.weight:2+2 l0.out_proj.weight:6+2 l0.out_proj.weight:10+2 l0.out_proj.weight:14+2",
        Said(new ParameterSelection("l0h1").Head(1, of: 2, fused: "l0.in_proj_*", output: "l0.out_proj.weight")));

    [Fact]
    public void UnfusedHead_IsItsRowsAndItsColumns() => Assert.Equal(
        "l1.query.weight:0+8 l1.key.weight:0+8 l1.value.weight:0+8 "
        + "l1.output.weight:0+2 l1.output.weight:4+2 l1.output.weight:8+2 l1.output.weight:12+2",
        Said(new ParameterSelection("l1h0").Head(0, 2, "l1.query.*", "l1.key.*", "l1.value.*", "l1.output.*")));

    [Fact]
    public void HeadOfWeightsByHead_IsItsMatrices() => Assert.Equal("l2.W_Q:12+12 l2.W_K:12+12 l2.W_V:12+12 l2.W_O:12+12",
        Said(new ParameterSelection("l2h1").Head(1, 2, "l2.W_Q", "l2.W_K", "l2.W_V", "l2.W_O")));

    [Fact]
    public void HeadsTogether_AreTheWhole()
    {
        static ParameterSelection Add(ParameterSelection all, int head) =>
            all.Head(head, of: 2, fused: "l0.in_proj_weight", output: "l0.out_proj.weight");
        Assert.Equal(Said(new("all", "l0.*weight")), Said(Add(Add(new("all"), 1), 0)));
    }

    [Fact]
    public void WhatIsNamedTwice_IsSampledOnce_InTheModulesOrder()
    {
        var crossed = new ParameterSelection("some") { Slices = [new("conv.weight", 20, 4), new("conv.weight", 0, 6)] }
            .Columns("conv.weight", 0..1).Rows("embed.weight", 1..5).Rows("embed.weight", 0..2);
        Assert.Equal("embed.weight:0+20 conv.weight:0+6 conv.weight:12+4 conv.weight:20+4", Said(crossed));
    }

    [Fact]
    public void UnknownName_IsRefusedWithTheNearest()
    {
        Assert.Contains("the nearest is 'l0.out_proj.weight'", Refused(new("some", "l0.out_prj.weight")), StringComparison.Ordinal);
        Assert.Contains("the nearest is 'embed.weight'", Refused(new ParameterSelection("some").Rows("embedd.*", 0..1)),
            StringComparison.Ordinal);
        var sliced = new ParameterSelection("some") { Slices = [new("conv.wieght", 0, 1)] };
        Assert.Contains("asks for 'conv.wieght'; the nearest is 'conv.weight'", Refused(sliced), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatLiesOutside_IsRefusedWithTheShape()
    {
        Assert.Contains("'some' asks for the rows 3..9 of 'embed.weight' [5, 4], which has 5",
            Refused(new ParameterSelection("some").Rows("embed.weight", 3..9)), StringComparison.Ordinal);
        Assert.Contains("columns of 'l0.out_proj.bias' [4], which has none",
            Refused(new ParameterSelection("some").Columns("*out_proj*", 0..1)), StringComparison.Ordinal);
        Assert.Contains("asks for the values 18..22 of 'embed.weight'",
            Refused(new ParameterSelection("some") { Slices = [new ParameterSlice("embed.weight", 18, 4)] }), StringComparison.Ordinal);
        Assert.Contains("names no parameter", Refused(new("some")), StringComparison.Ordinal);
        var none = Assert.Throws<ArgumentException>(() => ParameterSelection.All.In([]));
        Assert.Contains("registers none (RegisterComponents)", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HeadThatIsNone_IsRefused()
    {
        static ParameterSelection One() => new("some");
        var far = Assert.Throws<ArgumentOutOfRangeException>(() => One().Head(2, of: 2, fused: "l0.in_*", output: "l0.out_*"));
        Assert.Contains("no head 2 of 2", far.Message, StringComparison.Ordinal);
        Assert.Contains("whose 12 rows cannot be shared between 3 x 3",
            Refused(One().Head(0, of: 3, fused: "l0.in_proj_weight", output: "l0.out_proj.weight")), StringComparison.Ordinal);
        Assert.Contains("'l0.out_proj.bias' [4], which has no columns",
            Refused(One().Head(0, of: 2, fused: "l0.in_proj_weight", output: "l0.out_proj.*")), StringComparison.Ordinal);
        Assert.Contains("'shared.key.weight' [2, 4], which has 2 rows, while 'l1.query.weight' [4, 4] has 4",
            Refused(One().Head(0, 2, "l1.query.*", "shared.key.*", "l1.value.*", "l1.output.*")), StringComparison.Ordinal);
    }
}
