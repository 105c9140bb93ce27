using System.Text.Json;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>JSON Lines and JSON arrays: an object is a document; a list of strings is joined by line breaks or
/// gives a document each, as asked.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions StrictRecords =
        new() { AllowDuplicateProperties = false, TypeInfoResolver = FormatsJson.Default };

    public static IEnumerable<TextDocument> ReadLines(SourceFile file, FormatSettings settings)
    {
        using var pieces = new PieceReader(new NonFiniteNumbers(file.OpenDecompressed()), file.Name, settings.LongestDocument);
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
        using var stream = new NonFiniteNumbers(file.OpenDecompressed());
        var stored = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, StrictRecords);
        using var records = stored.ToBlockingEnumerable().GetEnumerator();
        for (var index = 0; ; index++)
        {
            try
            {
                if (!records.MoveNext()) yield break;
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{file.Name}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {Sentence(e)}", e);
            }
            foreach (var document in ToDocuments(records.Current, $"{file.Name}[{index}]", settings)) yield return document;
        }
    }

    // Of a value that is no array the library says which of its own types it does not become.
    private static string Sentence(JsonException e) => !e.Message.Contains("could not be converted", StringComparison.Ordinal)
        ? $"not an array of JSON objects: {e.Message}"
        : "expected an array of JSON objects, [{...}, {...}]. Where each line is an object of its own (JSON Lines), say format: jsonl, "
            + "or let the file's name end in .jsonl; put a single object between [ and ].";

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

    /// <summary>JSON may escape half of a surrogate pair, in a value or (found while looking for names given
    /// twice) in a name; there is no such text.</summary>
    private static InvalidDataException NoText(string place, InvalidOperationException e) =>
        new($"{place}: a string is no text: {e.Message} Correct the escape, or drop the record.", e);

    private static List<TextDocument> Read(JsonElement record, string place, FormatSettings settings)
    {
        if (record.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{place}: expected a JSON object, found {record.ValueKind}.");
        var column = settings.TextColumn ?? TextFields.Choose([.. record.EnumerateObject().Select(property => property.Name)], null, place);
        var found = JsonTexts.Find(record, column, place);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        AddFields(record, "", column, fields);
        var each = found.IsList && settings.Lists == ListHandling.Documents;
        var documents = new List<TextDocument>();
        var pieces = each ? found.Texts.Select((text, item) => (text, $"{place}[{item}]")) : [(string.Join('\n', found.Texts), place)];
        foreach (var (text, name) in pieces)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (text.Length > settings.LongestDocument)
                throw new InvalidDataException(
                    $"{name}: a document of more than {settings.LongestDocument:N0} characters. Raise LongestDocument.");
            documents.Add(new TextDocument(text, name, fields));
        }
        return documents;
    }

    private static void AddFields(JsonElement record, string prefix, string textColumn, Dictionary<string, string> fields)
    {
        foreach (var property in record.EnumerateObject())
        {
            var name = prefix + property.Name;
            var isList = property.Value.ValueKind == JsonValueKind.Array;
            if (name == textColumn || isList && textColumn.StartsWith(name + ".", StringComparison.Ordinal)) continue;
            if (property.Value.ValueKind == JsonValueKind.Object) AddFields(property.Value, name + ".", textColumn, fields);
            else if (isList) fields[name] = string.Join('\n', property.Value.EnumerateArray().Select(NonFiniteNumbers.Shown));
            else fields[name] = NonFiniteNumbers.Shown(property.Value);
        }
    }
}
