using System.Text.Json;

namespace MlNetRllc.Text;

/// <summary>JSON Lines and JSON arrays: an object is a document; a list of strings is joined by line breaks or gives a document each, as asked.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions StrictRecords = new() { AllowDuplicateProperties = false };

    public static IEnumerable<TextDocument> ReadLines(SourceFile file, FormatSettings settings)
    {
        using var pieces = new PieceReader(file.OpenDecompressed(), file.Name, settings.LongestDocument);
        while (pieces.NextLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var place = $"{file.Name}:{pieces.Line}";
            JsonDocument record;
            try
            {
                record = JsonDocument.Parse(line, Strict);
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{place}:{e.BytePositionInLine + 1}: not a JSON object: {e.Message}", e);
            }
            catch (InvalidOperationException e)
            {
                throw NoText(place, e);
            }
            using (record)
                foreach (var document in ToDocuments(record.RootElement, place, settings)) yield return document;
        }
    }

    public static IEnumerable<TextDocument> ReadArray(SourceFile file, FormatSettings settings)
    {
        using var stream = file.OpenDecompressed();
        using var records = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, StrictRecords).ToBlockingEnumerable().GetEnumerator();
        for (var index = 0; ; index++)
        {
            try
            {
                if (!records.MoveNext()) yield break;
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{file.Name}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not an array of JSON objects: {e.Message}", e);
            }
            foreach (var document in ToDocuments(records.Current, $"{file.Name}[{index}]", settings)) yield return document;
        }
    }

    private static List<TextDocument> ToDocuments(JsonElement record, string place, FormatSettings settings)
    {
        try
        {
            return Read(record, place, settings);
        }
        catch (InvalidOperationException e)
        {
            throw NoText(place, e);
        }
    }

    /// <summary>JSON may escape half of a surrogate pair, in a value or (found while looking for names given twice) in a name; there is no such text.</summary>
    private static InvalidDataException NoText(string place, InvalidOperationException e) =>
        new($"{place}: a string is no text: {e.Message} Correct the escape, or drop the record.", e);

    private static List<TextDocument> Read(JsonElement record, string place, FormatSettings settings)
    {
        if (record.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{place}: expected a JSON object, found {record.ValueKind}.");
        var column = TextFields.Choose([.. record.EnumerateObject().Select(property => property.Name)], settings.TextColumn, place);
        var value = record.GetProperty(column);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        AddFields(record, "", column, fields);
        var documents = new List<TextDocument>();
        if (value.ValueKind == JsonValueKind.Array && settings.Lists == ListHandling.Documents)
            foreach (var (item, index) in value.EnumerateArray().Select((item, index) => (item, index))) Add(item, $"{place}[{index}]");
        else Add(value, place);
        return documents;

        void Add(JsonElement element, string name)
        {
            var text = TextOf(element, $"{place}, column '{column}'");
            if (string.IsNullOrWhiteSpace(text)) return;
            if (text.Length > settings.LongestDocument)
                throw new InvalidDataException($"{name}: a document of more than {settings.LongestDocument:N0} characters. Raise LongestDocument.");
            documents.Add(new TextDocument(text, name, fields));
        }
    }

    private static string? TextOf(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(item => TextOf(item, place))),
        var kind => throw new InvalidDataException($"{place} is {kind}; the text must be a string or a list of strings."),
    };

    private static void AddFields(JsonElement record, string prefix, string textColumn, Dictionary<string, string> fields)
    {
        foreach (var property in record.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (name == textColumn) continue;
            if (property.Value.ValueKind == JsonValueKind.Object) AddFields(property.Value, name + ".", textColumn, fields);
            else if (property.Value.ValueKind == JsonValueKind.Array) fields[name] = string.Join('\n', property.Value.EnumerateArray());
            else fields[name] = property.Value.ToString();
        }
    }
}
