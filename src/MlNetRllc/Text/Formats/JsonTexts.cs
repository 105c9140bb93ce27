using System.Text.Json;

namespace MlNetRllc.Text.Formats;

/// <summary>Finds the strings of a record's text column, which may be a path through objects and lists.</summary>
internal sealed class JsonTexts
{
    private readonly string column;
    private readonly string place;
    private readonly List<string?> texts = [];
    private (JsonElement Object, string Path)? without;
    private bool found;
    private bool isList;

    private JsonTexts(string column, string place) => (this.column, this.place) = (column, place);

    /// <summary>The strings, null where one is not there.</summary>
    public IReadOnlyList<string?> Texts => texts;

    /// <summary>Whether they are those of a list.</summary>
    public bool IsList => isList;

    /// <summary>Looks through a record.</summary>
    /// <param name="record">An object.</param>
    /// <param name="column">A name of it, or a path: names with dots between, where a list stands for each of its items.</param>
    /// <param name="place">The record, for messages.</param>
    /// <exception cref="InvalidDataException">The path leads nowhere, or to what is no text; the message says what there is.</exception>
    public static JsonTexts Find(JsonElement record, string column, string place)
    {
        var found = new JsonTexts(column, place);
        found.Walk(record, column, "");
        if (!found.found && found.without is var (nearest, path))
            throw TextFields.Missing(FieldsOf(nearest, path), column, place);
        return found;
    }

    // A name that has dots itself goes before a path. An item of a list may lack the field, as long as another has it.
    private void Walk(JsonElement value, string rest, string path)
    {
        if (EachItem(value, item => Walk(item, rest, path))) return;
        if (value.ValueKind != JsonValueKind.Object)
        {
            if (value.ValueKind != JsonValueKind.Null) throw Wrong(path, value, $"; it has no field '{rest}'.");
            texts.Add(null);
            return;
        }
        for (var length = rest.Length; length > 0; length = rest.LastIndexOf('.', length - 1))
            if (value.TryGetProperty(rest.AsSpan(0, length), out var field))
            {
                if (length < rest.Length) Walk(field, rest[(length + 1)..], Below(path, rest[..length]));
                else Add(field);
                return;
            }
        without ??= (value, path);
        texts.Add(null);
    }

    private void Add(JsonElement value)
    {
        found = true;
        if (EachItem(value, Add)) return;
        texts.Add(value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            JsonValueKind.Object => throw TextFields.HasFields($"{place}: the column '{column}'", FieldsOf(value, column)),
            _ => throw Wrong(column, value, "; the text must be a string or a list of strings."),
        });
    }

    // An empty list is a string that is not there.
    private bool EachItem(JsonElement value, Action<JsonElement> visit)
    {
        if (value.ValueKind != JsonValueKind.Array) return false;
        isList = true;
        foreach (var item in value.EnumerateArray()) visit(item);
        if (value.GetArrayLength() == 0) texts.Add(null);
        return true;
    }

    private InvalidDataException Wrong(string path, JsonElement value, string expected)
    {
        var shown = NonFiniteNumbers.Shown(value);
        var isFinite = value.ValueKind != JsonValueKind.Number || char.IsAsciiDigit(shown[^1]);
        var (kind, remedy) = isFinite ? (value.ValueKind.ToString(), "") : (shown, " Write null where there is none.");
        return new($"{place}, column '{path}' is {kind}{expected}{remedy}");
    }

    private static List<string> FieldsOf(JsonElement record, string path) =>
        [.. record.EnumerateObject().Select(field => Below(path, field.Name))];

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
