using System.Text;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>Plain text: a document a file, line, block of lines, or piece between separators. Blank documents are left out.</summary>
/// <remarks>A file of more than <see cref="LongestWhole"/> characters is a document each
/// <see cref="PartLength"/> or fewer, cut between paragraphs, else between lines, else between words: so memory
/// does not grow with the file, and a split for validation takes some of its parts instead of all or
/// nothing.</remarks>
internal static class PlainText
{
    /// <summary>The longest file that is one document, in characters.</summary>
    internal const int LongestWhole = 1 << 22;

    /// <summary>The longest part of a longer file, in characters.</summary>
    internal const int PartLength = 1 << 20;

    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        using var pieces = new PieceReader(file.OpenDecompressed(), file.Name, settings.LongestDocument);
        foreach (var (text, line) in settings.Unit switch
        {
            DocumentUnit.File => Whole(pieces),
            DocumentUnit.Line => Lines(pieces),
            DocumentUnit.Block => Blocks(pieces, settings.LongestDocument, file.Name),
            DocumentUnit.Separator => Pieces(pieces, settings.Separator),
            var unknown => throw new ArgumentOutOfRangeException(nameof(settings), unknown,
                $"{file.Name}: there is no unit {unknown}; there are: {string.Join(", ", Enum.GetNames<DocumentUnit>())}."),
        })
            if (!string.IsNullOrWhiteSpace(text))
                yield return new TextDocument(text, line == 0 ? file.Name : $"{file.Name}:{line}");
    }

    // A file that is one document has its name; parts have the line at which they begin.
    private static IEnumerable<(string, long)> Whole(PieceReader pieces)
    {
        foreach (var (text, line) in pieces.Rest(LongestWhole, PartLength)) yield return (text, line);
    }

    private static IEnumerable<(string, long)> Lines(PieceReader pieces)
    {
        while (pieces.NextLine() is { } line) yield return (line, pieces.Line);
    }

    private static IEnumerable<(string, long)> Blocks(PieceReader pieces, int limit, string name)
    {
        var block = new StringBuilder();
        var start = 1L;
        while (pieces.NextLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                if (block.Length == 0) start = pieces.Line;
                else block.Append('\n');
                block.Append(line);
                if (block.Length > limit)
                    throw new InvalidDataException(
                        $"{name}, line {start}: a document of more than {limit:N0} characters. "
                        + "Raise LongestDocument, or check what separates documents.");
                continue;
            }
            if (block.Length > 0) yield return (block.ToString(), start);
            block.Clear();
        }
        if (block.Length > 0) yield return (block.ToString(), start);
    }

    private static IEnumerable<(string, long)> Pieces(PieceReader pieces, string separator)
    {
        while (pieces.Next(separator) is { } piece) yield return (piece.Trim('\r', '\n'), pieces.Line);
    }
}
