using System.Text;

namespace MlNetRllc.Text.Tokens;

/// <summary>The printable characters by which <c>vocab.json</c> and <c>merges.txt</c> write bytes, in GPT-2's order: visible Latin-1
/// bytes stand for themselves and come first, the others follow as the characters from U+0100 on.</summary>
internal static class ByteAlphabet
{
    private static readonly byte[] Order = BuildOrder();
    private static readonly char[] Characters = BuildCharacters();
    private static readonly Dictionary<char, byte> Values =
        Enumerable.Range(0, 256).ToDictionary(value => Characters[value], value => (byte)value);

    /// <summary>The byte with this token id, for ids below 256.</summary>
    public static byte ByteAt(int id) => Order[id];

    /// <summary>The characters that stand for <paramref name="bytes"/>.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes) text.Append(Characters[value]);
        return text.ToString();
    }

    /// <summary>The bytes that <paramref name="text"/> stands for, or null when a character stands for none.</summary>
    public static byte[]? Read(string text)
    {
        var bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
            if (!Values.TryGetValue(text[i], out bytes[i])) return null;
        return bytes;
    }

    private static bool IsVisible(int value) => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;

    private static byte[] BuildOrder() =>
        [.. Enumerable.Range(0, 256).OrderBy(value => IsVisible(value) ? 0 : 1).Select(value => (byte)value)];

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        var next = 0;
        foreach (var value in Order) characters[value] = IsVisible(value) ? (char)value : (char)(256 + next++);
        return characters;
    }
}
