using System.Text;

namespace MlNetRllc.Runner.Commands;

/// <summary>What goes into a file or another program is UTF-8 on every system; the code page that Windows takes for a console, or a
/// locale of eight bits, has no place for names in other scripts.</summary>
/// <remarks>The encoding of the console itself is left as it is: on Windows it would stay changed after the program.</remarks>
internal static class RedirectedOutput
{
    /// <summary>Makes it so for this process.</summary>
    public static void UseUtf8()
    {
        if (Console.IsOutputRedirected) Console.SetOut(Utf8(Console.OpenStandardOutput()));
        if (Console.IsErrorRedirected) Console.SetError(Utf8(Console.OpenStandardError()));
    }

    /// <summary>Writes text as UTF-8 without a mark at its beginning, each line at once.</summary>
    public static StreamWriter Utf8(Stream stream) => new(stream, new UTF8Encoding(false)) { AutoFlush = true };
}
