using System.Text.RegularExpressions;
using MlNetRllc.Core.Errors;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Reads pipeline files; whatever is wrong is said with its place and the nearest valid name.</summary>
/// <param name="kinds">The kinds of steps that there are.</param>
internal sealed partial class PipelineReader(IReadOnlyList<StepShape> kinds)
{
    public const int Version = 1;

    private readonly OptionPaths options = new(kinds);

    private static readonly string[] Keys =
        ["version", "name", "seed", "datasets", "probes", "matrix", "steps", .. OptionPaths.Execution.Keys];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Assignments such as <c>model.steps=100</c> (a step's option), <c>seed=2</c>.</param>
    /// <exception cref="PipelineException">The file, or an assignment, is wrong.</exception>
    public Pipeline Read(string path, IEnumerable<string>? overrides = null) => Read(YamlFile.Read(path), overrides);

    /// <inheritdoc cref="Read(string, IEnumerable{string})"/>
    public Pipeline Read(YamlFile file, IEnumerable<string>? overrides = null)
    {
        var blame = new AssignmentBlame(file, [.. overrides ?? []]);
        return blame.Name(() => ReadOnce(file, blame.Assignments), ReadOnce);
    }

    private Pipeline ReadOnce(YamlFile file, IReadOnlyList<string> assignments) =>
        ReadPrepared(Prepared(file, assignments)) with { Assignments = assignments };

    /// <summary>Reads a file with all combinations of its matrix.</summary>
    /// <inheritdoc cref="Read(string, IEnumerable{string})"/>
    public StudyMatrix ReadMatrix(string path, IEnumerable<string>? overrides = null) => ReadMatrix(YamlFile.Read(path), overrides);

    /// <inheritdoc cref="ReadMatrix(string, IEnumerable{string})"/>
    public StudyMatrix ReadMatrix(YamlFile file, IEnumerable<string>? overrides = null)
    {
        var blame = new AssignmentBlame(file, [.. overrides ?? []]);
        return blame.Name(() => ReadMatrixOnce(file, blame.Assignments), ReadMatrixOnce);
    }

    private StudyMatrix ReadMatrixOnce(YamlFile file, IReadOnlyList<string> assignments)
    {
        var (text, path) = (file.Text, file.Path);
        var pipeline = ReadOnce(file, assignments);
        if (!file.Root.Children.TryGetValue(new YamlScalarNode("matrix"), out var matrix))
            return new(pipeline.Name, [], [new("", new Dictionary<string, string>(), pipeline)]);
        var combinations = new MatrixReader(file, options).Read(matrix);
        var axes = combinations.SelectMany(c => c.Values.Keys).Distinct(StringComparer.Ordinal).ToList();
        foreach (var assignment in assignments)
            if (axes.Contains(MatrixReader.Short(assignment.Split('=')[0])))
            {
                var (axis, given) = (assignment.Split('=')[0], assignment[(assignment.IndexOf('=', StringComparison.Ordinal) + 1)..]);
                throw new PipelineException(
                    $"--set {assignment}: this is an axis of the matrix; set its values, such as "
                    + $"--set matrix.{axis}=[{GivenValue.InList(given)}].");
            }
        return new(pipeline.Name, axes, [.. combinations.Select(combination =>
        {
            var cell = Prepared(YamlFile.Parse(path, text), assignments);
            foreach (var (axis, value) in combination.Values)
                Assign(cell.Root, axis, value, message => file.Error(value, $"the axis '{axis}': {message}"));
            YamlNode ValueOf(string axis) =>
                combination.Values.GetValueOrDefault(axis) ?? Find(cell.Root, axis) ?? new YamlScalarNode("");
            var values = axes.ToDictionary(axis => axis, axis => MatrixReader.Text(ValueOf(axis)), StringComparer.Ordinal);
            var own = ReadPrepared(cell) with { Name = $"{pipeline.Name} {combination.Name}", Assignments = assignments };
            return new MatrixCell(combination.Name, values, own);
        })]);
    }

    private YamlFile Prepared(YamlFile file, IEnumerable<string> overrides)
    {
        file.MigratedFrom = PipelineMigrations.Apply(file);
        foreach (var assignment in overrides) Override(file, assignment);
        Expand(file);
        return file;
    }

    private Pipeline ReadPrepared(YamlFile file)
    {
        var top = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in file.Entries(file.Root, "the file"))
        {
            if (!Keys.Contains(key.Value)) throw file.Error(key, $"the file has no key '{key.Value}'.{NearestName.Hint(key.Value!, Keys)}")
                .About(ErrorPage.UnknownOption);
            top[key.Value!] = value;
        }
        foreach (var required in (string[])["name", "datasets", "steps"])
            if (!top.ContainsKey(required)) throw new PipelineException($"the key '{required}' is missing.", file.Path, 1, 1);

        var name = file.Scalar(top["name"], "name");
        file.CheckName(top["name"], name, "the name", "a folder");
        var seed = top.TryGetValue("seed", out var given) ? OptionsBinder.Whole(file, given, "seed") : 1;
        var (datasets, masked) = DatasetsReader.Read(file, top["datasets"]);
        var probes = ProbesReader.Read(file, top.GetValueOrDefault("probes"), [.. datasets.Keys], masked);
        var execution = new ExecutionOptions();
        foreach (var (key, property) in OptionPaths.Execution.Where(e => top.ContainsKey(e.Key)))
            OptionsBinder.Set(file, execution, property, top[key]);
        var steps = new StepReader(file, kinds, seed, new([.. datasets.Keys], masked, probes)).Read(top["steps"]);
        return new(file, name, seed, datasets, steps)
        {
            Masked = masked, Probes = probes, Execution = execution,
        };
    }

    private void Override(YamlFile file, string assignment)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0) throw new PipelineException($"--set {assignment}: write it as step.option=value, such as --set model.steps=500.");
        if (assignment[..at] == "version")
            throw new PipelineException($"--set {assignment}: the version says in what form the file is written; it is no option.");
        var isText = options.TypeOf(file.Root, assignment[..at]) == typeof(string);
        var node = GivenValue.Read(assignment, assignment[(at + 1)..], isText);
        Assign(file.Root, assignment[..at], node, message => new($"--set {assignment}: {message}"));
    }

    /// <summary>Sets an option: <c>seed</c>, <c>datasets.docs</c>, <c>model.steps</c>, or in full <c>steps.model.train.steps</c>.</summary>
    private void Assign(YamlMappingNode root, string path, YamlNode value, Func<string, PipelineException> error)
    {
        var parts = OptionPaths.PartsOf(path);
        if (parts is [var step] && options.IsStep(root, step))
            throw error($"'{step}' is a step; set one of its options, as {step}.option=value.");
        YamlNode node = root;
        foreach (var (part, i) in parts[..^1].Select((part, i) => (part, i)))
        {
            if (node is YamlMappingNode m && m.Children.TryGetValue(new YamlScalarNode(part), out var child)
                && !(OptionsBinder.IsNothing(child) && options.IsMapping(root, parts[..(i + 1)]))) node = InKind(root, m, child, parts);
            else if (node is YamlMappingNode open && options.IsMapping(root, parts[..(i + 1)]))
            {
                var key = YamlFile.GivenWith(new YamlScalarNode(part), value);
                open.Children[key] = node = YamlFile.GivenWith(new YamlMappingNode(), value);
            }
            else
            {
                var known = node is YamlMappingNode at ? at.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value!) : [];
                throw error($"there is no '{part}'.{NearestName.Hint(part, known)}");
            }
        }
        if (node is not YamlMappingNode mapping) throw error($"'{path}' is no option.");
        mapping.Children[YamlFile.GivenWith(new YamlScalarNode(parts[^1]), value)] = value;
    }

    private static YamlNode? Find(YamlMappingNode root, string path)
    {
        var parts = OptionPaths.PartsOf(path);
        YamlNode node = root;
        foreach (var part in parts)
        {
            if (node is not YamlMappingNode m || !m.Children.TryGetValue(new YamlScalarNode(part), out var child)) return null;
            node = InKind(root, m, child, parts);
        }
        return node;
    }

    // A step holds its kind, which holds the options: step.option leaves the kind out.
    private static YamlNode InKind(YamlMappingNode root, YamlMappingNode parent, YamlNode child, string[] parts) =>
        parts is ["steps", _, ..] && root.Children.TryGetValue(new YamlScalarNode("steps"), out var steps) && ReferenceEquals(parent, steps)
        && child is YamlMappingNode { Children.Count: 1 } kind ? kind.Children.Values.Single() : child;

    /// <summary>Replaces ${env:NAME} by the environment variable.</summary>
    private static void Expand(YamlFile file)
    {
        var scalars = file.Root.AllNodes.OfType<YamlScalarNode>();
        foreach (var scalar in scalars.Where(s => s.Value?.Contains("${env:", StringComparison.Ordinal) == true))
            scalar.Value = EnvironmentVariable().Replace(scalar.Value!, match => Environment.GetEnvironmentVariable(match.Groups[1].Value)
                ?? throw file.Error(scalar, $"the environment variable {match.Groups[1].Value} is not set."));
    }

    [GeneratedRegex(@"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex EnvironmentVariable();
}
