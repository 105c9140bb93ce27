namespace MlNetRllc.Text.Formats;

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
            ? Usual(name => columns.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase)))
            : columns.FirstOrDefault(column => column == wanted);
        return found ?? throw Missing(columns, wanted, place);
    }

    /// <summary>No column is <paramref name="wanted"/>, or has a usual name where that is null; the message lists what there is.</summary>
    public static InvalidDataException Missing(IReadOnlyCollection<string> columns, string? wanted, string place)
    {
        var looked = wanted is null ? $"of a usual name ({string.Join(", ", UsualNames)})" : $"'{wanted}'";
        return new($"{place}: no text column {looked}; there are: {string.Join(", ", columns)}. Name it with textColumn.");
    }

    /// <summary>No column is the one that a filter names; the message lists what there is.</summary>
    public static InvalidDataException NoneToFilterBy(IReadOnlyCollection<string> columns, string name, string place) =>
        new(
            $"{place}: there is no column '{name}' to filter by; there are: "
            + $"{string.Join(", ", columns)}. Correct the name in filter.columns.");

    /// <summary>Where the text should be are records; the message lists their fields and says how to name one.</summary>
    /// <param name="place">What has the fields, with its place.</param>
    /// <param name="fields">Full names such as <c>messages.content</c>.</param>
    public static InvalidDataException HasFields(string place, IReadOnlyCollection<string> fields)
    {
        var example = Usual(name => fields.FirstOrDefault(field => field.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase)))
            ?? fields.FirstOrDefault();
        var remedy = example is null ? "" : $" Name the field: textColumn: {example}";
        return new($"{place} has fields ({string.Join(", ", fields)}); the text must be strings or lists of strings.{remedy}");
    }

    private static string? Usual(Func<string, string?> find) => UsualNames.Select(find).FirstOrDefault(name => name is not null);
}
