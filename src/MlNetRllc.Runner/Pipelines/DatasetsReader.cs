using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Sources;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Reads the datasets of a pipeline file: texts, and texts of which only a pattern's tokens count.</summary>
internal static class DatasetsReader
{
    /// <summary>The key of a masked dataset that names the one whose contexts it has.</summary>
    public const string Of = "of";

    /// <summary>The key of a masked dataset that names the pattern.</summary>
    public const string Tokens = "tokens";

    /// <summary>The patterns that a dataset may name: those that follow from the text, whatever a model thinks of it.</summary>
    public static IReadOnlyList<string> Patterns { get; } =
        [.. PatternRules.All.Where(pattern => !pattern.Needs.HasFlag(PatternNeeds.Losses)).Select(pattern => pattern.Name)];

    /// <summary>Reads them.</summary>
    /// <returns>The card, path or address of each by name, of a masked one that of the dataset it is of; and what is masked.</returns>
    public static (IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, MaskedDataset> Masked) Read(
        YamlFile file, YamlNode node)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var masked = new Dictionary<string, MaskedDataset>(StringComparer.Ordinal);
        var entries = file.Entries(node, "datasets").ToList();
        foreach (var (key, value) in entries)
        {
            file.CheckName(key, key.Value, "the dataset", entries.TakeWhile(e => e.Key != key).Select(e => e.Key.Value!));
            if (value is not YamlMappingNode) texts[key.Value!] = Text(file, key.Value!, value);
        }
        foreach (var (key, value) in entries.Where(e => e.Value is YamlMappingNode))
            masked[key.Value!] = Masked(file, key.Value!, (YamlMappingNode)value, [.. texts.Keys]);
        foreach (var (name, mask) in masked) texts[name] = texts[mask.Of];
        return (texts, masked);
    }

    // A path stands relative to the file; a known card's name, an address or a pattern stays as it is.
    private static string Text(YamlFile file, string name, YamlNode value)
    {
        var text = file.Scalar(value, name);
        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal))
            throw file.Error(value, $"the dataset '{name}' names nothing; give a file, a folder, an address or a known card."
                + NearestName.Hint(text, TextDataset.KnownNames));
        var found = Found(file, name, value, text);
        try { DatasetSources.CheckFound(found); }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            // An argument's exception says behind the sentence which one it was.
            var error = file.Error(value, $"the dataset '{name}': {e.Message.Split(" (Parameter '")[0]}");
            throw ErrorPage.SectionOf(e) is { } section ? error.About(section) : error;
        }
        return found;
    }

    private static string Found(YamlFile file, string name, YamlNode value, string text)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, text);
        return File.Exists(path) || Directory.Exists(path) ? Path.GetFullPath(path)
            : text.Contains("://", StringComparison.Ordinal) || TextDataset.KnownNames.Contains(text) ? text
            : GlobPattern.IsPattern(text) ? Path.GetFullPath(path)
            : throw file.Error(
                value,
                $"the dataset '{name}' is '{text}', which is neither a file (looked for {path}) nor a known card."
                + NearestName.Hint(text, TextDataset.KnownNames));
    }

    private static MaskedDataset Masked(YamlFile file, string name, YamlMappingNode node, IReadOnlyList<string> texts)
    {
        var given = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in file.Entries(node, name))
            given[key.Value is Of or Tokens ? key.Value : throw file.Error(key,
                $"the dataset '{name}' has no key '{key.Value}'.{NearestName.Hint(key.Value!, [Of, Tokens])}")
                .About(ErrorPage.UnknownOption)] = value;
        string Value(string key, string what) => given.TryGetValue(key, out var value) ? file.Scalar(value, key)
            : throw file.Error(node, $"the dataset '{name}' needs the key '{key}': {what}.");

        var (of, tokens) = (Value(Of, "the dataset whose contexts it has"), Value(Tokens, "the pattern whose tokens count"));
        if (!texts.Contains(of))
            throw IsMasked(file, of) ? file.Error(given[Of], $"the dataset '{name}' is of '{of}', which is masked itself; name its 'of'.")
                : file.Error(given[Of], $"there is no dataset '{of}'.{NearestName.Hint(of, texts)}").About(ErrorPage.UnknownName);
        if (!Patterns.Contains(tokens)) throw file.Error(given[Tokens], UnknownPattern(tokens)).About(ErrorPage.UnknownName);
        return new(of, tokens);
    }

    private static bool IsMasked(YamlFile file, string name) =>
        file.Root.Children.TryGetValue(new YamlScalarNode("datasets"), out var all) && all is YamlMappingNode datasets
        && datasets.Children.TryGetValue(new YamlScalarNode(name), out var other) && other is YamlMappingNode;

    private static string UnknownPattern(string name) => PatternRules.All.Any(pattern => pattern.Name == name)
        ? $"the pattern '{name}' follows from the losses of a model, which every checkpoint has its own of; "
            + $"a dataset's tokens are the same for all. Valid are: {string.Join(", ", Patterns)}."
        : $"there is no pattern '{name}'.{NearestName.Hint(name, Patterns)}";
}
