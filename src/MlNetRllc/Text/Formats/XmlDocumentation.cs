using System.Text;
using System.Xml;
using System.Xml.Linq;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Text.Formats;

/// <summary>The prose of .NET's XML documentation: the texts of a type and its members, in order, are a document.</summary>
internal static class XmlDocumentation
{
    public static IEnumerable<TextDocument> Read(SourceFile file)
    {
        XDocument xml;
        try
        {
            using var stream = file.OpenDecompressed();
            xml = XDocument.Load(stream, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"{file.Name}:{e.LineNumber}:{e.LinePosition}: not XML documentation: {e.Message}", e);
        }
        // What the reader throws where the declared encoding is not that of the bytes, or ends it too early.
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{file.Name}: bytes that are not in the encoding it declares: {e.Message}", e);
        }
        var types = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        foreach (var member in xml.Descendants("member"))
        {
            if (member.Attribute("name")?.Value is not { Length: > 2 } name || name[1] != ':') continue;
            var type = TypeOf(name);
            if (!types.TryGetValue(type, out var text)) types.Add(type, text = new());
            foreach (var element in member.Elements()) AppendLine(text, element);
        }
        foreach (var (type, text) in types)
            if (text.Length > 0) yield return new TextDocument(text.ToString(), type);
    }

    private static string TypeOf(string member)
    {
        var name = member[2..];
        if (member[0] == 'T') return name;
        var arguments = name.IndexOf('(', StringComparison.Ordinal);
        var dot = (arguments < 0 ? name : name[..arguments]).LastIndexOf('.');
        return dot < 0 ? name : name[..dot];
    }

    private static void AppendLine(StringBuilder text, XElement element)
    {
        var start = text.Length;
        Append(text, element);
        Collapse(text, start);
        if (text.Length > start) text.Append('\n');
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText plain) text.Append(plain.Value);
            if (node is not XElement child) continue;
            var name = child.Attribute("name")?.Value ?? child.Attribute("langword")?.Value
                ?? (child.Attribute("cref")?.Value is { } reference ? Readable(reference) : null);
            if (!child.Nodes().Any()) text.Append(name ?? " ");
            else
            {
                var block = child.Name.LocalName is "para" or "item" or "description" or "list" or "code" or "example";
                if (block) text.Append(' ');
                Append(text, child);
                if (block) text.Append(' ');
            }
        }
    }

    /// <summary>The name that a reader would use: <c>M:System.Linq.Enumerable.Count``1(...)</c> is
    /// <c>Enumerable.Count</c>, <c>T:System.String</c> is <c>String</c>.</summary>
    internal static string Readable(string reference)
    {
        var name = reference.Length > 2 && reference[1] == ':' ? reference[2..] : reference;
        var arguments = name.IndexOf('(', StringComparison.Ordinal);
        if (arguments >= 0) name = name[..arguments];
        var parts = name.Split('.');
        var kept = reference is ['M' or 'P' or 'F' or 'E', ':', ..] ? 2 : 1;
        var readable = string.Join('.', parts.TakeLast(Math.Min(kept, parts.Length)));
        var text = new StringBuilder(readable.Length);
        for (var i = 0; i < readable.Length; i++)
        {
            // `1 and ``2 count type parameters.
            if (readable[i] != '`') text.Append(readable[i]);
            else
                while (i + 1 < readable.Length && (readable[i + 1] == '`' || char.IsAsciiDigit(readable[i + 1]))) i++;
        }
        return text.Replace(".#ctor", "").Replace(".#cctor", "").ToString();
    }

    private static void Collapse(StringBuilder text, int start)
    {
        var words = text.ToString(start, text.Length - start).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        text.Length = start;
        text.AppendJoin(' ', words);
    }
}
