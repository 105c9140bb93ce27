using System.Text;
using MlNetRllc.Text;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

public sealed class XmlDocumentationTests
{
    private static List<string> Texts(string members)
    {
        var document = Encoding.UTF8.GetBytes($"<doc><members>{members}</members></doc>");
        var file = new SourceFile("a.xml", () => new MemoryStream(document));
        return [.. DocumentReader.Read(file, TextFormat.XmlDoc, new()).Select(d => d.Text)];
    }

    [Fact]
    public void TypeAndItsMembers_AreOneDocument() => Assert.Equal(["A list.\nIts length.\n", "A set.\n"], Texts(
        "<member name=\"T:A.List\"><summary>A  list.</summary></member>"
        + "<member name=\"T:A.Set\"><summary>A set.</summary></member>"
        + "<member name=\"P:A.List.Count\"><summary>Its\n length.</summary></member>"));

    [Theory]
    [InlineData("T:System.String", "String")]
    [InlineData("M:System.Linq.Enumerable.Count``1(System.Collections.Generic.IEnumerable{``0})", "Enumerable.Count")]
    [InlineData("M:System.Uri.#ctor(System.String)", "Uri")]
    [InlineData("P:A.List`1.Count", "List.Count")]
    [InlineData("Name", "Name")]
    [InlineData("", "")]
    [InlineData("M", "M")]
    [InlineData("M:", "M:")]
    public void Reference_IsTheNameThatAReaderWouldUse(string reference, string name)
    {
        var expected = $"See {name}{(name.Length > 0 ? " " : "")}there.\n";
        var members = $"<member name=\"T:A.B\"><summary>See <see cref=\"{reference}\"/> there.</summary></member>";
        Assert.Equal([expected], Texts(members));
    }
}
