using CsCheck;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Tests.Core.Files;

public sealed class PortableNameTests
{
    // Of Microsoft's page on naming files, paths and namespaces; each is refused by Windows, or becomes another name.
    public static TheoryData<string> Unfit =>
    [
        "", ".", "..", "con", "CON", "prn", "aux", "nul", "com1", "COM0", "lpt9", "com¹", "nul.txt", "aux.tar.gz", "con .x", "conin$", "x.",
        "x ", "x. ", "a:b", "a<b", "a>b", "a\"b", "a/b", "a\\b", "a|b", "a?b", "a*b", "a\tb", "a\0b", "a\nb",
        new string('x', 256), new string('日', 86),
    ];

    [Theory]
    [MemberData(nameof(Unfit))]
    public void NameThatSomeSystemRefuses_IsUnfit_AndGetsOneThatIsFit(string name)
    {
        Assert.False(PortableName.IsFit(name));
        Assert.True(PortableName.IsFit(PortableName.Fit(name)), PortableName.Fit(name));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(".hidden")]
    [InlineData("console.txt")]
    [InlineData("com10")]
    [InlineData("my notes (2).jsonl.gz")]
    [InlineData("été 日本.txt")]
    public void NameThatEverySystemTakes_StaysAsItIs(string name)
    {
        Assert.True(PortableName.IsFit(name));
        Assert.Equal(name, PortableName.Fit(name));
    }

    [Fact]
    public void UnfitNames_KeepTheirEnding_AndAreNoTwoAlike()
    {
        string[] names = ["a:b.jsonl.gz", "a?b.jsonl.gz", "a*b.jsonl.gz", new string('x', 300) + ".jsonl.gz"];
        var fit = names.Select(PortableName.Fit).ToList();
        Assert.All(fit, name => Assert.EndsWith(".jsonl.gz", name, StringComparison.Ordinal));
        Assert.Equal(names.Length, fit.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void AnyText_GetsAFitName_ThatStaysAsItIs() => Gen.String.ForAll(text =>
    {
        var fit = PortableName.Fit(text);
        return PortableName.IsFit(fit) && PortableName.Fit(fit) == fit;
    });

    /// <summary>What is cut at the end may bare a blank or a dot, which Windows drops.</summary>
    [Theory, InlineData("a \""), InlineData("a.?"), InlineData("a. *. "), InlineData("??"), InlineData("a -.")]
    public void EndOfAFitName_IsNeitherDotNorBlank(string text) => Assert.True(PortableName.IsFit(PortableName.Fit(text)));

    [Fact]
    public void NamesThatDifferInCaseOnly_AreTwins()
    {
        Assert.Equal("Model", PortableName.TwinOf("model", ["models", "Model"]));
        Assert.Null(PortableName.TwinOf("model", ["models", "model"]));
    }
}
