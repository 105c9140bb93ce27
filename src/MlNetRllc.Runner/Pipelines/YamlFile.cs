using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>A YAML file as nodes that know where they stand.</summary>
internal sealed class YamlFile
{
    private const int DeepestNesting = 32;

    // What stands in no file, but was given with the command.
    private static readonly ConditionalWeakTable<YamlNode, string> Given = [];

    private YamlFile(string path, string text, YamlMappingNode root) => (Path, Text, Root) = (path, text, root);

    public string Path { get; }

    public string Text { get; }

    public YamlMappingNode Root { get; }

    /// <summary>The version that the file has; its nodes are in today's form.</summary>
    public int MigratedFrom { get; set; } = PipelineReader.Version;

    /// <summary>Reads a file.</summary>
    /// <exception cref="PipelineException">The file is missing, too large, or not one YAML mapping.</exception>
    public static YamlFile Read(string path) => Parse(path, PipelineText.Read(path));

    /// <summary>Reads a text as if it stood in a file.</summary>
    public static YamlFile Parse(string path, string text)
    {
        var stream = new YamlStream();
        var parser = new Parser(new StringReader(text));
        try
        {
            CheckShape(path, text);
            stream.Load(parser);
        }
        catch (YamlException e)
        {
            throw new PipelineException(PipelineText.WordsOf(e, text), path, e.Start.Line, e.Start.Column)
                .About(ErrorPage.PipelineFile);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException
            or OverflowException or NullReferenceException)
        {
            // The YAML library gives up in several ways on text that is not YAML.
            var last = parser.Current?.End ?? Mark.Empty;
            throw new PipelineException(
                "this is not YAML; the mistake is here or just behind.", path, Math.Max(1, last.Line), Math.Max(1, last.Column))
                .About(ErrorPage.PipelineFile);
        }
        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
            throw new PipelineException(PipelineText.WordsOf(stream.Documents), path, 1, 1).About(ErrorPage.PipelineFile);
        return new(path, text, root);
    }

    /// <summary>An error at a node: at its place in the file, or with the argument that gave it.</summary>
    public PipelineException Error(YamlNode node, string message) =>
        Given.TryGetValue(node, out var argument) ? new(message, argument) : new(message, Path, node.Start.Line, node.Start.Column);

    /// <summary>Notes that a node, and all in it, was given by an argument such as <c>--set seed=2</c>, for errors.</summary>
    public static YamlNode GivenBy(string argument, YamlNode node)
    {
        foreach (var part in node.AllNodes) Given.AddOrUpdate(part, argument);
        return node;
    }

    /// <summary>Notes that a node was given by the argument that gave <paramref name="value"/>, if one did.</summary>
    public static T GivenWith<T>(T node, YamlNode value) where T : YamlNode
    {
        if (Given.TryGetValue(value, out var argument)) Given.AddOrUpdate(node, argument);
        return node;
    }

    /// <summary>The full path that a path in the file stands for: a relative one starts from the file's folder.</summary>
    /// <exception cref="PipelineException">It is empty, or nothing is there although it must.</exception>
    public string PathOf(YamlNode node, string what, string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw Error(node, $"{what} names nothing; give a path, which starts from the folder of the file.");
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, path));
        return System.IO.Path.Exists(full) ? full : throw Error(node, $"the {what} {full} does not exist.");
    }

    /// <summary>Checks a name that becomes part of paths.</summary>
    /// <exception cref="PipelineException">It is not fit for that.</exception>
    public void CheckName(YamlNode node, string? name, string what, string named = "files")
    {
        if (!SafePath.IsName(name)) throw Error(node, $"{what} '{SafePath.Shown(name)}' names {named}: {SafePath.NameRule}.");
    }

    /// <summary>Checks a name that becomes part of paths beside those of others of its kind.</summary>
    /// <exception cref="PipelineException">It is not fit for that, or differs from another's in case only.</exception>
    public void CheckName(YamlNode node, string? name, string what, IEnumerable<string> others)
    {
        CheckName(node, name, what);
        if (PortableName.TwinOf(name!, others) is { } twin)
            throw Error(node, $"{what} '{name}' differs from '{twin}' in case only, and on Windows and macOS the files of both would be "
                + "one: give it another name.");
    }

    /// <summary>A mapping's entries, with text keys.</summary>
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node, string what)
    {
        if (node is not YamlMappingNode mapping) throw Error(node, $"{what} must be a mapping (key: value).");
        foreach (var (key, value) in mapping.Children)
            yield return (key as YamlScalarNode ?? throw Error(key, "a key must be plain text."), value);
    }

    /// <summary>Plain text.</summary>
    public string Scalar(YamlNode node, string what) =>
        node is YamlScalarNode { Value: { } value } ? value : throw Error(node, $"{what} must be plain text.");

    /// <summary>A list of texts; a single text counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(YamlNode node, string what) => node switch
    {
        YamlSequenceNode { Children.Count: 0 } => throw Error(node, $"{what} names nothing; name at least one."),
        YamlSequenceNode sequence => [.. sequence.Select(n => Scalar(n, what))],
        _ => [Scalar(node, what)],
    };

    // Without recursion, so that no file can exhaust the stack; without aliases, so that none can unfold into gigabytes.
    private static void CheckShape(string path, string text)
    {
        var depth = 0;
        for (var parser = new Parser(new StringReader(text)); parser.MoveNext();)
        {
            var at = parser.Current!;
            var (line, column) = (at.Start.Line, at.Start.Column);
            if ((depth += at.NestingIncrease) > DeepestNesting)
                throw new PipelineException($"more than {DeepestNesting} levels are nested here.", path, line, column);
            if (at is AnchorAlias alias)
            {
                throw new PipelineException(
                    $"the alias *{alias.Value} is not read in pipeline files: write the value out.", path, line, column);
            }
        }
    }
}
