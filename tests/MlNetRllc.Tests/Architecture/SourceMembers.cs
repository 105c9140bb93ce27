using System.Text.RegularExpressions;

namespace MlNetRllc.Tests.Architecture;

/// <summary>A member of a type as its source says it, attributes and all, without comments.</summary>
/// <param name="Type">The type, which no other contains.</param>
/// <param name="Name">The member's name; of a constructor the type's.</param>
/// <param name="Text">The source.</param>
/// <param name="Head">The type's own line, under its attributes.</param>
internal sealed record SourceMember(string Type, string Name, string Text, string Head)
{
    public bool IsTest => Text.Contains("[Fact", StringComparison.Ordinal) || Text.Contains("[Theory", StringComparison.Ordinal);

    public bool IsStatic => Regex.IsMatch(Text, @"^    \w[^(=\n]*\b(static|const)\b", RegexOptions.Multiline);
}

/// <summary>The members of a file of C#, told from each other by how the project's source is indented.</summary>
internal static partial class SourceMembers
{
    private static readonly HashSet<string> Modifiers =
    [
        "public", "internal", "private", "protected", "static", "async", "readonly", "required", "unsafe", "extern", "partial", "override",
    ];

    public static IEnumerable<SourceMember> In(string file)
    {
        var (type, head, member) = ("", "", new List<string>());
        foreach (var line in file.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
        {
            var begins = line.StartsWith('[') || TypeHead().IsMatch(line);
            if ((begins || BeginsMember(line)) && member.Exists(IsDeclaration))
            {
                yield return Member();
                member.Clear();
            }
            if (begins)
            {
                if (type != "") head = "";
                head += line + "\n";
                type = TypeHead().Match(line).Groups["name"].Value; // of an attribute none
            }
            else if (type != "") member.Add(line);
        }
        if (member.Exists(IsDeclaration)) yield return Member();

        SourceMember Member() => new(type, NameOf(member.First(IsDeclaration)), string.Join('\n', member), head);
    }

    private static string NameOf(string declaration) =>
        Name().Matches(declaration).Select(m => m.Groups["name"].Value).FirstOrDefault(name => !Modifiers.Contains(name)) ?? "";

    private static bool BeginsMember(string line) => IsDeclaration(line) || line.StartsWith("    [", StringComparison.Ordinal);

    private static bool IsDeclaration(string line) => Declaration().IsMatch(line);

    [GeneratedRegex(@"^    [A-Za-z]")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\w.*\b(class|record|struct|interface|enum) (?<name>\w+)")]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"\b(?<name>\w+)(<[\w, ]+>)?\s*(?=\(|=|\{|;|$)")]
    private static partial Regex Name();
}
