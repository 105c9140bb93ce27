using System.Reflection;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Weights;
using MlNetRllc.Text.Tokens;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Reads the steps of a pipeline file and puts them into the order in which they can run.</summary>
/// <param name="file">The file.</param>
/// <param name="kinds">The kinds of steps that there are.</param>
/// <param name="seed">Seed of every step that sets none.</param>
/// <param name="texts">The file's datasets and probe sets.</param>
internal sealed class StepReader(YamlFile file, IReadOnlyList<StepShape> kinds, int seed, NamedTexts texts)
{
    private readonly Dictionary<string, PlacedStep> steps = new(StringComparer.Ordinal);

    public IReadOnlyList<StepSpec> Read(YamlNode node)
    {
        foreach (var (key, value) in file.Entries(node, "steps")) steps[key.Value!] = ReadStep(key, value);
        if (steps.Count == 0) throw file.Error(node, "there is no step.");
        CheckTables();
        CheckFiles();
        foreach (var (_, spec, places) in steps.Values) CheckReferences(spec, places);
        foreach (var (_, spec, places) in steps.Values) CheckLengths(spec, places);
        return Ordered();
    }

    // A step's tables bear its name, some with an ending, and that may be the name of another step.
    private void CheckTables()
    {
        var writers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, spec, _) in steps.Values)
        foreach (var table in spec.Kind.Tables.Select(ending => spec.Name + ending))
        {
            if (!writers.TryAdd(table, spec.Name))
                throw file.Error(key, $"the steps '{writers[table]}' and '{spec.Name}' would both write the table '{table}': "
                    + "give one of them another name.");
        }
    }

    private void CheckFiles()
    {
        foreach (var others in steps.Values.Where(s => s.Spec.Kind.OnlyFile is not null).GroupBy(s => s.Spec.Kind.OnlyFile))
            if (others.ElementAtOrDefault(1) is { } second)
                throw file.Error(second.Key, $"the steps '{others.First().Spec.Name}' and '{second.Spec.Name}' would both write the "
                    + $"run's {others.Key}: leave one of them out.");
    }

    private PlacedStep ReadStep(YamlScalarNode key, YamlNode node)
    {
        file.CheckName(key, key.Value, "the step", steps.Keys);
        var names = kinds.Select(k => k.Name);
        var entries = file.Entries(node, $"the step '{key.Value}'").ToList();
        if (entries.Count != 1) throw file.Error(node, $"the step '{key.Value}' must have one key, its kind: {string.Join(", ", names)}.");
        var (kindKey, body) = entries[0];
        var kind = kinds.FirstOrDefault(k => k.Name == kindKey.Value)
            ?? throw file.Error(kindKey, $"there is no kind of step '{kindKey.Value}'.{NearestName.Hint(kindKey.Value!, names)}");

        var options = kind.Options.Select(type => Activator.CreateInstance(type)!).ToList();
        var keys = options.SelectMany(o => OptionsBinder.Properties(o.GetType()).Select(p => (Record: o, Property: p)))
            .Where(k => !kind.LeftOut.Contains(k.Property.Name)).ToDictionary(k => OptionsBinder.KeyOf(k.Property));
        if (keys.TryGetValue("seed", out var own)) own.Property.SetValue(own.Record, seed);

        var inputs = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var places = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var enabled = new Dictionary<StepInput, YamlScalarNode>();
        foreach (var (name, value) in file.Entries(body, $"the step '{key.Value}'"))
        {
            if (kind.Inputs.FirstOrDefault(i => i.Key == name.Value) is { } input)
            {
                if (input.Optional && OptionsBinder.IsNothing(value)) continue;
                inputs[input.Key] = input.Type == InputType.Folder ? [Folder(value, input.Key)] : file.Texts(value, input.Key);
                if (inputs[input.Key].Any(string.IsNullOrWhiteSpace))
                    throw file.Error(value, $"{input.Key} has an empty name: {input.Description}.");
                CheckOnce(value, input.Key);
                places[input.Key] = value;
            }
            else if (keys.TryGetValue(name.Value!, out var option))
            {
                var enabling = kind.Inputs.FirstOrDefault(i => i.Enables == name.Value);
                if (enabling is not null && OptionsBinder.IsNothing(value)) continue;
                OptionsBinder.Set(file, option.Record, option.Property, value);
                if (enabling is not null) enabled[enabling] = name;
            }
            else
            {
                string[] known = [.. kind.Inputs.Select(i => i.Key), .. keys.Keys];
                throw file.Error(name, $"a {kind.Name} step has no key '{name.Value}'.{NearestName.Hint(name.Value!, known)}")
                    .About(ErrorPage.UnknownOption);
            }
        }
        foreach (var record in options) OptionsBinder.CheckTogether(file, kindKey, record, $"the {kind.Name} step '{key.Value}'");
        foreach (var missing in kind.Inputs.Where(i => !i.Optional && !inputs.ContainsKey(i.Key)))
            throw file.Error(kindKey, $"the {kind.Name} step '{key.Value}' needs the key '{missing.Key}': {missing.Description}.");
        foreach (var (input, option) in enabled.Where(e => !inputs.ContainsKey(e.Key.Key)))
            throw file.Error(
                option, $"{option.Value} has no meaning without {input.Key}: {input.Description}.");
        return new(key, new(key.Value!, kind, inputs, options), places);
    }

    private void CheckOnce(YamlNode node, string key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in node is YamlSequenceNode list ? list.Children : [])
            if (!seen.Add(file.Scalar(name, key).Trim()))
                throw file.Error(name, $"{key}: '{file.Scalar(name, key)}' is there twice; name it once.");
    }

    private string Folder(YamlNode node, string key)
    {
        var path = file.PathOf(node, key, file.Scalar(node, key));
        if (!Directory.Exists(path)) throw file.Error(node, $"the {key} {path} is a file; give the folder that holds it.");
        // What a checkpoint is called, or holds, is no fault of the pipeline file: the step that reads it says so.
        try { _ = CheckpointFiles.In(path); }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            var error = file.Error(node, $"the {key}: {e.Message}");
            throw ErrorPage.SectionOf(e) is { } section ? error.About(section) : error;
        }
        return path;
    }

    private void CheckReferences(StepSpec spec, Dictionary<string, YamlNode> places)
    {
        foreach (var input in spec.Kind.Inputs.Where(i => spec.Has(i.Key)))
        foreach (var name in spec.Inputs[input.Key])
        {
            if (input.Type is InputType.Dataset or InputType.Datasets && !texts.Datasets.Contains(name))
                throw file.Error(places[input.Key], $"there is no dataset '{name}'.{NearestName.Hint(name, texts.Datasets)}")
                    .About(ErrorPage.UnknownName);
            if (input.Type == InputType.Probes && !texts.Probes.ContainsKey(name))
                throw file.Error(places[input.Key], texts.Probes.Count == 0
                    ? $"there is no probe set '{name}': the file has no key 'probes', which names them."
                    : $"there is no probe set '{name}'.{NearestName.Hint(name, texts.Probes.Keys)}").About(ErrorPage.UnknownName);
            if (input.IsFile && !input.TakesMasked && texts.Masked.TryGetValue(name, out var mask))
                throw file.Error(places[input.Key], $"of '{name}' only some tokens count when it is sampled, "
                    + $"but a {spec.Kind.Name} step takes all; name the dataset that it is of, '{mask.Of}'.");
            if (input.Type != InputType.Step) continue;
            var fitting = steps.Values.Where(s => input.Takes(s.Spec.Kind)).Select(s => s.Spec.Name);
            if (!steps.TryGetValue(name, out var other))
                throw file.Error(places[input.Key], $"there is no step '{name}'.{NearestName.Hint(name, fitting)}")
                    .About(ErrorPage.UnknownName);
            if (!input.Takes(other.Spec.Kind))
                throw file.Error(places[input.Key], $"'{name}' is a {other.Spec.Kind.Name} step; {input.Key} needs {input.Description}.");
            if (input.With is { } with && !other.Spec.Has(with))
                throw file.Error(places[input.Key], $"'{name}' has no {with}; {input.Key} needs {input.Description}.");
            if (input.Lacks?.Invoke(other.Spec) is { } lacking)
                throw file.Error(places[input.Key], $"'{name}' {lacking}; {input.Key} needs {input.Description}.");
        }
    }

    // A model reads no longer contexts than its tokens come in.
    private void CheckLengths(StepSpec spec, Dictionary<string, YamlNode> places)
    {
        foreach (var input in spec.Kind.Inputs.Where(i => i.Type == InputType.Probes && spec.Has(i.Key)))
        foreach (var name in spec.Inputs[input.Key])
            if (texts.Probes[name].Length is { } length && ContextLengthBehind(spec) is { } most && length > most)
                throw file.Error(places[input.Key], $"the probe set '{name}' has contexts of {length:N0} tokens, longer than those of the "
                    + $"model, {most:N0}.").About(ErrorPage.ValueRefused);
    }

    private int? ContextLengthBehind(StepSpec spec) => spec.Options.OfType<TokenizeTextOptions>().FirstOrDefault()?.ContextLength
        ?? spec.Needs.Select(name => ContextLengthBehind(steps[name].Spec)).FirstOrDefault(length => length is not null);

    private List<StepSpec> Ordered()
    {
        // Kinds refer to kinds of earlier stages only, so no cycle can be written down; the order is that of the file where it may be.
        var ordered = new List<StepSpec>();
        void Visit(StepSpec step)
        {
            if (ordered.Contains(step)) return;
            foreach (var input in step.Kind.Inputs.Where(i => i.Type == InputType.Step && step.Has(i.Key)))
                foreach (var name in step.Inputs[input.Key]) Visit(steps[name].Spec);
            ordered.Add(step);
        }
        foreach (var (_, spec, _) in steps.Values) Visit(spec);
        return ordered;
    }

    /// <summary>A step with the place of its name and those of its keys.</summary>
    private sealed record PlacedStep(YamlScalarNode Key, StepSpec Spec, Dictionary<string, YamlNode> Places);
}
