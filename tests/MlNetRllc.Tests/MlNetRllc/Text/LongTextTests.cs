using System.Globalization;
using System.Text;
using MlNetRllc.Text;
using MlNetRllc.Text.Formats;

namespace MlNetRllc.Tests.Text;

public sealed class LongTextTests
{
    private const int Whole = PlainText.LongestWhole, Part = PlainText.PartLength;

    [Fact]
    public void FileUpToTheLimit_IsOneDocument()
    {
        var text = Lines(Whole);
        Assert.Equal(new TextDocument(text, "long.txt"), Assert.Single(Read(text)));
    }

    [Fact]
    public void LongerFile_IsPartsThatTogetherAreTheFile()
    {
        var text = Lines(2 * Whole + 12345);
        var parts = Read(text);
        Assert.Equal(text, string.Concat(parts.Select(p => p.Text)));
        Assert.All(parts, p => Assert.InRange(p.Text.Length, 1, Part));
        Assert.All(parts.SkipLast(1), p => Assert.EndsWith("\n", p.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Part_IsNamedByTheLineItBeginsAt()
    {
        var text = Lines(Whole + 1);
        var line = 1;
        foreach (var part in Read(text))
        {
            Assert.Equal($"long.txt:{line}", part.Name);
            line += part.Text.Count(c => c == '\n');
        }
    }

    [Fact]
    public void Paragraphs_AreKeptTogether()
    {
        var paragraph = string.Concat(Enumerable.Repeat("some words of a line\n", 40)) + "\n";
        Assert.All(Read(Repeated(paragraph, Whole + 1)).SkipLast(1), p => Assert.EndsWith("\n\n", p.Text, StringComparison.Ordinal));
    }

    [Theory, InlineData("\U0001F600"), InlineData("a\U0001F600")]
    public void TextWithoutBreaks_IsCutBetweenCharacters(string unit)
    {
        var parts = Read(Repeated(unit, Whole + 2));
        Assert.True(parts.Count > 3);
        Assert.All(parts, p => Assert.False(char.IsLowSurrogate(p.Text[0]) || char.IsHighSurrogate(p.Text[^1])));
    }

    [Fact]
    public void FileLongerThanAnyDocumentMayBe_IsReadAllTheSame()
    {
        var text = Lines(Whole + Part);
        Assert.Equal(text.Length, Read(text, new() { LongestDocument = Whole }).Sum(p => p.Text.Length));
    }

    [Fact]
    public void LimitBelowAPart_IsKept()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Lines(Whole + 1), new() { LongestDocument = 1000 }));
        Assert.Contains("Raise LongestDocument", error.Message);
    }

    private static List<TextDocument> Read(string text, FormatSettings? settings = null) =>
        [.. DocumentReader.Read(new("long.txt", () => new MemoryStream(Encoding.UTF8.GetBytes(text))), TextFormat.Text, settings ?? new())];

    private static string Lines(int length)
    {
        var text = new StringBuilder(length + 100);
        for (var i = 0; text.Length < length; i++) text.Append(CultureInfo.InvariantCulture, $"line {i} of a text that goes on and on\n");
        return text.ToString(0, length);
    }

    private static string Repeated(string unit, int length) => string.Concat(Enumerable.Repeat(unit, length / unit.Length + 1));
}
