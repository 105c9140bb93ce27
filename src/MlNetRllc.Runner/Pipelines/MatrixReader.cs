using System.Text.RegularExpressions;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using MlNetRllc.Foundation;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Reads the key <c>matrix</c>: axes (an option and its values), and combinations to include or exclude.</summary>
/// <param name="file">The file.</param>
/// <param name="options">What its paths of options lead to.</param>
internal sealed partial class MatrixReader(YamlFile file, OptionPaths options)
{
    private const int MostCells = 10_000, LongestName = 100;
    private const string Include = "include", Exclude = "exclude";

    /// <summary>The combinations: the name of each, fit for a folder, and the values that it sets, by axis.</summary>
    /// <param name="node">The value of the key <c>matrix</c>.</param>
    /// <exception cref="PipelineException">Something is wrong, at a place.</exception>
    public IReadOnlyList<(string Name, IReadOnlyDictionary<string, YamlNode> Values)> Read(YamlNode node)
    {
        var axes = new Dictionary<string, IReadOnlyList<YamlNode>>(StringComparer.Ordinal);
        var included = new List<Dictionary<string, YamlNode>>();
        var excluded = new List<(YamlNode Place, Dictionary<string, YamlNode> Values)>();
        foreach (var (key, value) in file.Entries(node, "matrix"))
        {
            if (key.Value == Include) included.AddRange(Combinations(value, Include).Select(c => c.Values));
            else if (key.Value == Exclude) excluded.AddRange(Combinations(value, Exclude));
            else if (!axes.TryAdd(AxisOf(key), Values(key, value))) throw file.Error(key, $"the axis '{AxisOf(key)}' is there twice.");
        }
        if (axes.Count == 0 && included.Count == 0)
            throw file.Error(node, "the matrix has no axis. An axis is an option and its values, such as seed: [1, 2, 3].");
        if (axes.Values.Aggregate(1L, (product, values) => Math.Min(product * values.Count, MostCells + 1)) > MostCells)
            throw file.Error(node, $"the matrix has more than {MostCells:N0} combinations.");

        IEnumerable<Dictionary<string, YamlNode>> cells = axes.Count == 0 ? [] : [new(StringComparer.Ordinal)];
        foreach (var (axis, values) in axes)
            cells = [.. from cell in cells from value in values select With(cell, axis, value)];
        var kept = cells.ToList();
        foreach (var (place, values) in excluded)
        {
            if (values.Keys.FirstOrDefault(k => !axes.ContainsKey(k)) is { } unknown)
                throw file.Error(place, $"'{unknown}' is no axis.{NearestName.Hint(unknown, axes.Keys)}");
            if (kept.RemoveAll(cell => values.All(v => Same(v.Key, cell[v.Key]) == Same(v.Key, v.Value))) == 0)
                throw file.Error(place, "this excludes no combination of the matrix.");
        }
        var names = kept.Concat(included).GroupBy(NameOf, StringComparer.Ordinal).ToList();
        if (names.Count == 0) throw file.Error(node, "the matrix excludes every combination.");
        return names.Find(g => g.Count() > 1) is { } twice
            ? throw file.Error(node, $"the combination {twice.Key} is there twice.")
            : [.. Named([.. names.Select(g => g.Single())])];
    }

    // Values may differ in case only: on Windows and macOS the folders of both would be one.
    private static IEnumerable<(string Name, IReadOnlyDictionary<string, YamlNode> Values)> Named(
        IReadOnlyList<IReadOnlyDictionary<string, YamlNode>> cells)
    {
        var folders = cells.CountBy(NameOf, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return cells.Select(cell => (NameOf(cell) is var name && folders[name] == 1 ? name : WithHash(name, Whole(cell)), cell));
    }

    private static Dictionary<string, YamlNode> With(Dictionary<string, YamlNode> cell, string axis, YamlNode value) =>
        new(cell, StringComparer.Ordinal) { [axis] = value };

    private static string NameOf(IReadOnlyDictionary<string, YamlNode> cell)
    {
        var whole = Whole(cell);
        var name = Unfit().Replace(whole, "-").Trim('-', '.');
        // What is cut or replaced must not make two names one.
        return name == whole && name.Length <= LongestName ? name : WithHash(name, whole);
    }

    private static string Whole(IReadOnlyDictionary<string, YamlNode> cell) =>
        string.Join('_', cell.Select(v => $"{v.Key}-{Text(v.Value)}"));

    private static string WithHash(string name, string whole) =>
        $"{name[..Math.Min(name.Length, LongestName)]}-{ContentHash.OfText(whole)[..8]}";

    /// <summary>A value as text: plain text as it stands, lists and mappings in YAML's short form.</summary>
    public static string Text(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode list => $"[{string.Join(", ", list.Select(Text))}]",
        YamlMappingNode mapping => $"{{{string.Join(", ", mapping.Select(e => $"{Text(e.Key)}: {Text(e.Value)}"))}}}",
        _ => "",
    };

    /// <summary>An axis in short: <c>model.steps</c> for <c>steps.model.train.steps</c>.</summary>
    public static string Short(string path) => path.Split('.') is ["steps", var step, _, .. { Length: > 0 } rest]
        ? $"{step}.{string.Join('.', rest)}"
        : path;

    private string AxisOf(YamlScalarNode key)
    {
        foreach (var part in (key.Value ?? "").Split('.')) file.CheckName(key, part, "the axis", "folders");
        var axis = Short(key.Value!);
        if (axis != "seed" && (axis.Split('.') is ["matrix", ..] or [_]))
        {
            throw file.Error(
                key,
                $"'{key.Value}' cannot be an axis; an axis is seed, a dataset (datasets.docs) or an option of a step (model.steps).");
        }
        return axis;
    }

    private List<YamlNode> Values(YamlScalarNode key, YamlNode node)
    {
        if (node is not YamlSequenceNode { Children.Count: > 0 } list)
            throw file.Error(node, $"the axis '{key.Value}' needs a list of values, such as [1, 2, 3].");
        return list.GroupBy(value => Same(key.Value!, value), StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw file.Error(twice.Last(), $"the axis '{key.Value}' has the value {twice.Key} twice.") : [.. list];
    }

    // What makes two values of an axis one: a number may be written in several ways.
    private string Same(string axis, YamlNode value)
    {
        var type = options.TypeOf(file.Root, axis);
        var isWhole = type == typeof(int) || type == typeof(long);
        if (isWhole && WholeNumber.TryParse(Text(value), out System.Numerics.BigInteger whole)) return $"{whole}";
        if (type == typeof(double) && WholeNumber.TryParseNumber(Text(value), out var number))
            return number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return Text(value);
    }

    private IEnumerable<(YamlNode Place, Dictionary<string, YamlNode> Values)> Combinations(YamlNode node, string what)
    {
        if (node is not YamlSequenceNode list) throw file.Error(node, $"{what} must be a list of combinations, such as [{{ seed: 4 }}].");
        foreach (var entry in list)
        {
            var values = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
            foreach (var (key, value) in file.Entries(entry, "a combination")) values[AxisOf(key)] = value;
            yield return values.Count > 0 ? (entry, values) : throw file.Error(entry, "this combination sets nothing.");
        }
    }

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex Unfit();
}
