using System.Reflection;
using System.Text.RegularExpressions;
using MlNetRllc.Runner.Executors;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Reads pipeline files; whatever is wrong is said with its place and the nearest valid name.</summary>
internal static partial class PipelineReader
{
    public const int Version = 1;

    private static readonly Dictionary<string, PropertyInfo> Execution = OptionsBinder.Properties(typeof(ExecutionOptions)).ToDictionary(OptionsBinder.KeyOf);

    private static readonly string[] Keys = ["version", "name", "seed", "datasets", "steps", .. Execution.Keys];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Assignments such as <c>model.steps=100</c> (a step's option), <c>seed=2</c>.</param>
    /// <exception cref="PipelineException">The file, or an assignment, is wrong.</exception>
    public static Pipeline Read(string path, IEnumerable<string>? overrides = null) => Read(YamlFile.Read(path), overrides);

    /// <inheritdoc cref="Read(string, IEnumerable{string})"/>
    public static Pipeline Read(YamlFile file, IEnumerable<string>? overrides = null)
    {
        foreach (var assignment in overrides ?? []) Override(file, assignment);
        Expand(file);
        var top = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in file.Entries(file.Root, "the file"))
        {
            if (!Keys.Contains(key.Value)) throw file.Error(key, $"the file has no key '{key.Value}'.{NearestName.Hint(key.Value!, Keys)}");
            top[key.Value!] = value;
        }
        foreach (var required in (string[])["version", "name", "datasets", "steps"])
            if (!top.ContainsKey(required)) throw new PipelineException($"the key '{required}' is missing.", file.Path, 1, 1);

        if (Whole(file, top["version"], "version") is var version && version != Version)
            throw file.Error(top["version"], version > Version
                ? $"the file has version {version}; this program reads version {Version}. Use a newer program."
                : $"the version {version} is unknown; this program reads version {Version}.");
        var name = file.Scalar(top["name"], "name");
        if (!FileName().IsMatch(name)) throw file.Error(top["name"], $"the name '{name}' names a folder: use letters, digits, '-', '_' and '.'.");
        var seed = top.TryGetValue("seed", out var given) ? Whole(file, given, "seed") : 1;
        var datasets = Datasets(file, top["datasets"]);
        var execution = new ExecutionOptions();
        foreach (var (key, property) in Execution.Where(e => top.ContainsKey(e.Key))) OptionsBinder.Set(file, execution, property, top[key]);
        return new(file, name, seed, datasets, new StepReader(file, seed, datasets.Keys.ToList()).Read(top["steps"])) { Execution = execution };
    }

    private static Dictionary<string, string> Datasets(YamlFile file, YamlNode node)
    {
        var datasets = new Dictionary<string, string>(StringComparer.Ordinal);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        foreach (var (key, value) in file.Entries(node, "datasets"))
        {
            // A path stands relative to the file; a known card's name, an address or a pattern stays as it is.
            var text = file.Scalar(value, key.Value!);
            var path = Path.Combine(folder, text);
            datasets[key.Value!] = File.Exists(path) || Directory.Exists(path) ? Path.GetFullPath(path)
                : text.Contains("://", StringComparison.Ordinal) || Text.TextDataset.KnownNames.Contains(text) ? text
                : text.Contains('*', StringComparison.Ordinal) ? Path.GetFullPath(path)
                : throw file.Error(value, $"the dataset '{key.Value}' is '{text}', which is neither a file (looked for {path}) nor a known card.{NearestName.Hint(text, Text.TextDataset.KnownNames)}");
        }
        return datasets;
    }

    private static int Whole(YamlFile file, YamlNode node, string what) =>
        int.TryParse(file.Scalar(node, what), out var value) ? value : throw file.Error(node, $"{what} is '{file.Scalar(node, what)}'; it must be a whole number.");

    private static void Override(YamlFile file, string assignment)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0) throw new PipelineException($"--set {assignment}: write it as step.option=value, such as --set model.steps=500.");
        var path = assignment[..at].Split('.');
        var value = YamlFile.Parse("--set", $"value: {assignment[(at + 1)..]}").Root.Children.Values.Single();
        YamlNode node = file.Root;
        if (path.Length > 1 && path[0] is not ("steps" or "datasets") && !Execution.ContainsKey(path[0]))
        {
            // step.option: through the step's kind.
            node = Child(Child(node, "steps", assignment), path[0], assignment);
            node = node is YamlMappingNode { Children.Count: 1 } kind ? kind.Children.Values.Single() : node;
            path = path[1..];
        }
        foreach (var part in path[..^1]) node = Child(node, part, assignment);
        if (node is not YamlMappingNode mapping) throw new PipelineException($"--set {assignment}: '{assignment[..at]}' is no option.");
        mapping.Children[new YamlScalarNode(path[^1])] = value;
    }

    private static YamlNode Child(YamlNode node, string key, string assignment) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child
            : throw new PipelineException($"--set {assignment}: there is no '{key}'.{NearestName.Hint(key, node is YamlMappingNode m ? m.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value!) : [])}");

    /// <summary>Replaces ${env:NAME} by the environment variable.</summary>
    private static void Expand(YamlFile file)
    {
        foreach (var scalar in file.Root.AllNodes.OfType<YamlScalarNode>().Where(s => s.Value?.Contains("${env:", StringComparison.Ordinal) == true))
            scalar.Value = EnvironmentVariable().Replace(scalar.Value!, match => Environment.GetEnvironmentVariable(match.Groups[1].Value)
                ?? throw file.Error(scalar, $"the environment variable {match.Groups[1].Value} is not set."));
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex EnvironmentVariable();
}
