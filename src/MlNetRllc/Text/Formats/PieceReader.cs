using System.Text;

namespace MlNetRllc.Text.Formats;

/// <summary>Cuts a stream of UTF-8 at a separator, holding one piece in memory.</summary>
/// <remarks>A byte-order mark is skipped. Bytes that are no UTF-8 are an error, never replaced in silence: a file in another
/// encoding would otherwise become a corpus of question marks.</remarks>
internal sealed class PieceReader : IDisposable
{
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly StreamReader reader;
    private readonly string name;
    private readonly int limit;
    private readonly char[] buffer = new char[1 << 16];
    private int start;
    private int end;
    private long line = 1;
    private bool begun;

    public PieceReader(Stream stream, string name, int limit)
    {
        reader = new StreamReader(stream, Strict, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
        (this.name, this.limit) = (name, limit);
    }

    /// <summary>The line that the piece last read begins at, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Everything up to the next <paramref name="separator"/> or the end; null after the end.</summary>
    public string? Next(string separator)
    {
        var piece = new StringBuilder();
        Line = line;
        while (true)
        {
            if (start == end && !Fill())
            {
                if (piece.Length == 0) return null;
                line += Lines(piece);
                return piece.ToString();
            }
            // The separator may lie across the border of two buffers: look for its last character, then back.
            var at = buffer.AsSpan(start, end - start).IndexOf(separator[^1]);
            var taken = at < 0 ? end - start : at + 1;
            piece.Append(buffer, start, taken);
            start += taken;
            CheckLength(piece);
            if (at < 0 || !EndsWith(piece, separator)) continue;
            line += Lines(piece);
            piece.Length -= separator.Length;
            return piece.ToString();
        }
    }

    /// <summary>Everything up to the end: as it is, or in parts where it is long.</summary>
    /// <param name="most">The most characters that come as they are.</param>
    /// <param name="part">The most characters of a part, at most <paramref name="most"/>.</param>
    /// <returns>Each with the line it begins at; 0 for the whole.</returns>
    public IEnumerable<(string Text, long Line)> Rest(int most, int part)
    {
        var (text, isCut) = (new StringBuilder(), false);
        Line = line;
        while (start < end || Fill())
        {
            text.Append(buffer, start, end - start);
            start = end;
            isCut |= text.Length > most;
            if (!isCut) CheckLength(text);
            while (isCut && text.Length > part) yield return Cut(text, LastBreak(text.ToString(0, part)));
        }
        yield return isCut ? Cut(text, text.Length) : (text.ToString(), 0);
    }

    private (string Text, long Line) Cut(StringBuilder text, int length)
    {
        if (length > limit) throw TooLong();
        var cut = text.ToString(0, length);
        text.Remove(0, length);
        Line = line;
        line += cut.AsSpan().Count('\n');
        return (cut, Line);
    }

    /// <summary>Where to end a part: behind its last blank line, line or blank, in its second half; never within a character.</summary>
    private static int LastBreak(string part)
    {
        foreach (var end in (string[])["\n\n", "\r\n\r\n", "\n", " "])
            if (part.LastIndexOf(end, StringComparison.Ordinal) is var at && at > part.Length / 2) return at + end.Length;
        return char.IsHighSurrogate(part[^1]) ? part.Length - 1 : part.Length;
    }

    /// <summary>The next line without its ending; null after the last.</summary>
    public string? NextLine() => Next("\n") is { } text ? text.EndsWith('\r') ? text[..^1] : text : null;

    public void Dispose() => reader.Dispose();

    private void CheckLength(StringBuilder text)
    {
        if (text.Length > limit) throw TooLong();
    }

    private InvalidDataException TooLong() =>
        new(
            $"{name}, line {Line}: a document of more than {limit:N0} characters. "
            + "Raise LongestDocument, or check what separates documents.");

    private bool Fill()
    {
        try
        {
            (start, end) = (0, reader.Read(buffer, 0, buffer.Length));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException(
                $"{name}, at or after line {line}: "
                + $"bytes {Convert.ToHexString(e.BytesUnknown ?? [])} are not UTF-8. Convert the file to UTF-8.", e);
        }
        if (begun || end == 0) return start < end;
        begun = true;
        if (buffer[0] == '\uFEFF') start = 1;
        return start < end || Fill();
    }

    private static bool EndsWith(StringBuilder text, string separator)
    {
        if (text.Length < separator.Length) return false;
        for (var i = 0; i < separator.Length; i++)
            if (text[text.Length - separator.Length + i] != separator[i]) return false;
        return true;
    }

    private static long Lines(StringBuilder text)
    {
        var count = 0L;
        foreach (var chunk in text.GetChunks()) count += chunk.Span.Count('\n');
        return count;
    }
}
