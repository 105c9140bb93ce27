using System.Text;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>Plain text: a document a file, line, block of lines, or piece between separators. Blank documents are left out.</summary>
internal static class PlainText
{
    public static IEnumerable<TextDocument> Read(SourceFile file, FormatSettings settings)
    {
        using var pieces = new PieceReader(file.OpenDecompressed(), file.Name, settings.LongestDocument);
        foreach (var (text, line) in settings.Unit switch
        {
            DocumentUnit.File => Whole(pieces),
            DocumentUnit.Line => Lines(pieces),
            DocumentUnit.Block => Blocks(pieces, settings.LongestDocument, file.Name),
            _ => Pieces(pieces, settings.Separator),
        })
            if (!string.IsNullOrWhiteSpace(text))
                yield return new TextDocument(text, settings.Unit == DocumentUnit.File ? file.Name : $"{file.Name}:{line}");
    }

    private static IEnumerable<(string, long)> Whole(PieceReader pieces)
    {
        yield return (pieces.Rest(), 1);
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
                    throw new InvalidDataException($"{name}, line {start}: a document of more than {limit:N0} characters. Raise LongestDocument, or check what separates documents.");
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
