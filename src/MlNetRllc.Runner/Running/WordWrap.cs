namespace MlNetRllc.Runner.Running;

/// <summary>Breaks lines between words.</summary>
internal static class WordWrap
{
    private const string Indent = "    ";

    /// <summary>Breaks a line where it is longer than a width, and indents what follows. A word, such as a path, is never cut.</summary>
    public static string Wrap(string line, int width)
    {
        if (line.Length <= width) return line;
        var lines = new List<string>();
        string? at = null;
        foreach (var word in line.Split(' '))
        {
            var longer = at is null ? word : $"{at} {word}";
            if (longer.Length <= width || string.IsNullOrWhiteSpace(at)) at = longer;
            else
            {
                lines.Add(at!);
                at = Indent + word;
            }
        }
        return string.Join('\n', [.. lines, at!]);
    }
}
