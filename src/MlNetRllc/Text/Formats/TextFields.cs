namespace MlNetRllc.Text;

/// <summary>Finds the field of a record that holds its text.</summary>
internal static class TextFields
{
    /// <summary>The usual names, in the order they are looked for.</summary>
    public static readonly IReadOnlyList<string> UsualNames = ["text", "contents", "content", "code", "sentences", "abstract"];

    /// <summary>The name of the text field among <paramref name="columns"/>.</summary>
    /// <exception cref="InvalidDataException">None is; the message lists the columns.</exception>
    public static string Choose(IReadOnlyCollection<string> columns, string? wanted, string place)
    {
        var found = wanted is null
            ? UsualNames.Select(name => columns.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(name => name is not null)
            : columns.FirstOrDefault(column => column == wanted);
        return found ?? throw new InvalidDataException(
            $"{place}: no text column {(wanted is null ? $"of a usual name ({string.Join(", ", UsualNames)})" : $"'{wanted}'")}; there are: {string.Join(", ", columns)}. Name it with textColumn.");
    }
}
