using System.Text;
using System.Text.Json;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>JSON as Python writes it, with <c>NaN</c> and <c>Infinity</c>, as JSON: numbers of as many bytes stand in for them.</summary>
/// <remarks>Strings stay as they are, and so does what is no value by itself, such as <c>NaNs</c>. Places in messages stay true.</remarks>
internal sealed class NonFiniteNumbers(Stream inner) : ReadingStream
{
    // Nobody writes a zero so, and the other lies beyond every number.
    private static readonly (string Name, string StandIn)[] Tokens = [("NaN", "0E0"), ("Infinity", "9E999999")];

    private const int Longest = 9; // A token and what follows it.

    private readonly byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private int filled;
    private bool ended;
    private bool inString;
    private byte before = (byte)'\n';

    /// <summary>The value as text: a number that stands in for another is that other.</summary>
    public static string Shown(JsonElement value)
    {
        var text = value.ToString();
        if (value.ValueKind != JsonValueKind.Number) return text;
        foreach (var (name, standIn) in Tokens)
            if (text == standIn || text == $"-{standIn}") return text.Replace(standIn, name, StringComparison.Ordinal);
        return text;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (start == end && !Fill()) return 0;
        var read = Math.Min(count, end - start);
        Buffer.BlockCopy(this.buffer, start, buffer, offset, read);
        start += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    // What may be half a token stays behind until more is there.
    private bool Fill()
    {
        Buffer.BlockCopy(buffer, end, buffer, 0, filled - end);
        (start, end, filled) = (0, 0, filled - end);
        while (end == 0 && !ended)
        {
            var read = inner.Read(buffer, filled, buffer.Length - filled);
            ended = read == 0;
            filled += read;
            end = Examine();
        }
        if (end > 0) before = buffer[end - 1];
        return end > 0;
    }

    // How many bytes are as they shall be.
    private int Examine()
    {
        for (var i = 0; ;)
        {
            var rest = buffer.AsSpan(i, filled - i);
            var next = inString ? rest.IndexOfAny((byte)'"', (byte)'\\') : rest.IndexOfAny((byte)'"', (byte)'N', (byte)'I');
            if (next < 0) return filled;
            i += next;
            if (!ended && filled - i < Longest) return i;
            if (buffer[i] == '"') inString = !inString;
            i += buffer[i] switch
            {
                (byte)'"' => 1,
                (byte)'\\' => 2,
                _ => Replace(i),
            };
            if (i >= filled) return filled;
        }
    }

    private int Replace(int at)
    {
        foreach (var (name, standIn) in Tokens)
        {
            var after = at + name.Length;
            if (after > filled || !Ascii.Equals(buffer.AsSpan(at, name.Length), name)) continue;
            var (last, next) = (at > 0 ? buffer[at - 1] : before, after < filled ? buffer[after] : (byte)'\n');
            var begins = ":,[ \t\r\n"u8.Contains(last) || last == '-' && name[0] == 'I';
            if (!begins || !",]} \t\r\n"u8.Contains(next)) continue;
            Encoding.ASCII.GetBytes(standIn, buffer.AsSpan(at));
            return name.Length;
        }
        return 1;
    }
}
