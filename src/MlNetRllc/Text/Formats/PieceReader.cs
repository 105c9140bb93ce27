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

    /// <summary>Everything up to the end, as it is.</summary>
    public string Rest()
    {
        var text = new StringBuilder();
        Line = line;
        while (start < end || Fill())
        {
            text.Append(buffer, start, end - start);
            start = end;
            CheckLength(text);
        }
        return text.ToString();
    }

    /// <summary>The next line without its ending; null after the last.</summary>
    public string? NextLine() => Next("\n") is { } text ? text.EndsWith('\r') ? text[..^1] : text : null;

    public void Dispose() => reader.Dispose();

    private void CheckLength(StringBuilder text)
    {
        if (text.Length > limit)
            throw new InvalidDataException($"{name}, line {Line}: a document of more than {limit:N0} characters. Raise LongestDocument, or check what separates documents.");
    }

    private bool Fill()
    {
        try
        {
            (start, end) = (0, reader.Read(buffer, 0, buffer.Length));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException(
                $"{name}, at or after line {line}: bytes {Convert.ToHexString(e.BytesUnknown ?? [])} are not UTF-8. Convert the file to UTF-8.", e);
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
