using System.Reflection;
using System.Xml.Linq;

namespace MlNetRllc.Tests.Documentation;

/// <summary>What the compiler wrote of an assembly's docstrings, beside the assembly.</summary>
internal sealed class Docstrings(Assembly assembly)
{
    private readonly Dictionary<string, XElement> members =
        XDocument.Load(Path.ChangeExtension(assembly.Location, "xml")).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value);

    /// <summary>The summary of a property, one line; empty where there is none.</summary>
    public string SummaryOf(PropertyInfo property) => SummaryOf($"P:{NameOf(property.DeclaringType!)}.{property.Name}");

    /// <summary>The summary of a constant or field, one line; empty where there is none.</summary>
    public string SummaryOf(FieldInfo field) => SummaryOf($"F:{NameOf(field.DeclaringType!)}.{field.Name}");

    /// <summary>Programs shown in <c>example</c> and <c>code</c>, their lines from the first column.</summary>
    public IEnumerable<string> Examples => members.Values.Descendants("example").Descendants("code")
        .Select(code => string.Join('\n', code.Value.Split('\n').Select(line => line.TrimStart())));

    private string SummaryOf(string member) => members.GetValueOrDefault(member)?.Element("summary") is { } summary
        ? string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : "";

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');
}
