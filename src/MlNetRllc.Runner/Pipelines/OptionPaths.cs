using System.Reflection;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Paths of options, such as <c>seed</c>, <c>datasets.docs</c>, <c>model.steps</c>,
/// or in full <c>steps.model.train.steps</c>.</summary>
/// <param name="kinds">The kinds of steps that there are.</param>
internal sealed class OptionPaths(IReadOnlyList<StepShape> kinds)
{
    /// <summary>The keys of a file that say where it runs.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> Execution { get; } =
        OptionsBinder.Properties(typeof(ExecutionOptions)).ToDictionary(OptionsBinder.KeyOf);

    /// <summary>The parts of a path from the root; model.steps stands for steps.model.steps, the kind of step is left out.</summary>
    public static string[] PartsOf(string path) => path.Split('.') switch
    {
        ["matrix", .. { Length: > 0 } axis] => ["matrix", string.Join('.', axis)],
        ["datasets", .. { Length: > 0 } dataset, ("of" or "tokens") and var option] => ["datasets", string.Join('.', dataset), option],
        ["datasets", .. { Length: > 0 } dataset] => ["datasets", string.Join('.', dataset)],
        ["probes", _, ..] => path.Split('.'),
        [_] => [path],
        [var key, ..] when Execution.ContainsKey(key) => path.Split('.'),
        ["steps", var step, _, .. { Length: > 0 } option] => ["steps", step, .. option],
        ["steps", ..] => path.Split('.'),
        var parts => ["steps", .. parts],
    };

    /// <summary>The type of what a path sets; null when there is none of that path.</summary>
    /// <param name="root">The file, which says of what kind a step is.</param>
    /// <param name="path">The path.</param>
    public Type? TypeOf(YamlMappingNode root, string path) => TypeOf(root, PartsOf(path));

    /// <summary>Whether a path's parts lead to a mapping of options, such as a step's <c>tokenizer</c>,
    /// that a file may leave out.</summary>
    public bool IsMapping(YamlMappingNode root, string[] parts) =>
        TypeOf(root, parts) is { IsClass: true } type && type != typeof(string)
        && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type);

    private Type? TypeOf(YamlMappingNode root, string[] parts) => parts switch
    {
        ["name"] or ["datasets", _] or ["datasets", _, "of" or "tokens"] => typeof(string),
        ["seed"] or ["version"] => typeof(int),
        ["probes", _, .. { Length: > 0 } option] => Property([typeof(ProbeOptions)], option),
        ["steps", var step, .. { Length: > 0 } option] => KindOf(root, step) is { } kind
            ? InputType(kind, option) ?? Property(kind.Options, option)
            : null,
        [var key, .. var rest] when Execution.TryGetValue(key, out var property) => rest.Length == 0
            ? property.PropertyType
            : Property([property.PropertyType], rest),
        _ => null,
    };

    /// <summary>Whether a step of the file has that name, and nothing else that may be set.</summary>
    public bool IsStep(YamlMappingNode root, string name) => KindOf(root, name) is not null && TypeOf(root, [name]) is null;

    private StepShape? KindOf(YamlMappingNode root, string step) =>
        Child(Child(root, "steps"), step) is YamlMappingNode { Children.Count: 1 } body
        && body.Children.Keys.Single() is YamlScalarNode name
        ? kinds.FirstOrDefault(k => k.Name == name.Value)
        : null;

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static Type? InputType(StepShape kind, string[] option)
    {
        if (option is not [var key] || kind.Inputs.FirstOrDefault(i => i.Key == key) is not { } input) return null;
        var isList = input.Type is
            Pipelines.InputType.Texts or Pipelines.InputType.Datasets or Pipelines.InputType.Probes;
        return isList ? typeof(IReadOnlyList<string>) : typeof(string);
    }

    private static Type? Property(IEnumerable<Type> records, string[] option)
    {
        var type = records.SelectMany(OptionsBinder.Properties).FirstOrDefault(p => OptionsBinder.KeyOf(p) == option[0])?.PropertyType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type is null || option.Length == 1 ? type : Property([type], option[1..]);
    }
}
