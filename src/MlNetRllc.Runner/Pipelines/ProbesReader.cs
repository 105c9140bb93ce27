using MlNetRllc.Core.Errors;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Reads the probe sets of a pipeline file.</summary>
internal static class ProbesReader
{
    /// <summary>The key that names the dataset.</summary>
    public const string Of = "of";

    /// <summary>The key that names the patterns.</summary>
    public const string Patterns = "patterns";

    /// <summary>Reads them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="node">The value of the key <c>probes</c>; null where there is none.</param>
    /// <param name="datasets">Names of the file's datasets.</param>
    /// <param name="masked">Those of which only some tokens count.</param>
    public static IReadOnlyDictionary<string, ProbeOptions> Read(
        YamlFile file, YamlNode? node,
        IReadOnlyList<string> datasets, IReadOnlyDictionary<string, MaskedDataset> masked)
    {
        var probes = new Dictionary<string, ProbeOptions>(StringComparer.Ordinal);
        foreach (var (key, value) in node is null ? [] : file.Entries(node, "probes"))
        {
            file.CheckName(key, key.Value, "the probe set", probes.Keys);
            probes[key.Value!] = Probe(file, key.Value!, value, datasets, masked);
        }
        return probes;
    }

    private static ProbeOptions Probe(
        YamlFile file, string name, YamlNode node,
        IReadOnlyList<string> datasets, IReadOnlyDictionary<string, MaskedDataset> masked)
    {
        var probe = new ProbeOptions();
        var places = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var keys = OptionsBinder.Properties(typeof(ProbeOptions)).ToDictionary(OptionsBinder.KeyOf);
        foreach (var (key, value) in file.Entries(node, $"the probe set '{name}'"))
        {
            if (!keys.TryGetValue(key.Value!, out var property))
                throw file.Error(
                    key,
                    $"the probe set '{name}' has no key '{key.Value}'."
                    + NearestName.Hint(key.Value!, keys.Keys)).About(ErrorPage.UnknownOption);
            OptionsBinder.Set(file, probe, property, value);
            places[key.Value!] = value;
        }
        OptionsBinder.CheckTogether(file, node, probe, $"the probe set '{name}'");
        if (!places.TryGetValue(Of, out var of))
            throw file.Error(
                node, $"the probe set '{name}' needs the key '{Of}': the dataset whose contexts are observed.");
        if (!datasets.Contains(probe.Of))
            throw file.Error(of, $"there is no dataset '{probe.Of}'.{NearestName.Hint(probe.Of, datasets)}")
                .About(ErrorPage.UnknownName);
        if (masked.TryGetValue(probe.Of, out var mask))
            throw file.Error(
                of,
                $"the probe set '{name}' is of '{probe.Of}', "
                + "of which only some tokens count when it is sampled; "
                + $"name the dataset that it is of, '{mask.Of}', and the pattern '{mask.Tokens}'.");
        if (probe.Patterns is not null) CheckPatterns(file, name, probe, (YamlSequenceNode)places[Patterns]);
        return probe;
    }

    private static void CheckPatterns(YamlFile file, string name, ProbeOptions probe, YamlSequenceNode given)
    {
        var known = ProbeOptions.PatternsOf(probe.Question);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (pattern, place) in probe.Patterns!.Zip(given))
        {
            if (!seen.Add(pattern))
                throw file.Error(place, $"{Patterns}: '{pattern}' is there twice; name it once.");
            if (known.Contains(pattern)) continue;
            throw file.Error(place, (ProbeOptions.AllPatterns.Contains(pattern)
                ? $"the probe set '{name}' has no pattern '{pattern}', which sets of another question have."
                : $"there is no pattern '{pattern}'.") + NearestName.Hint(pattern, known)).About(ErrorPage.UnknownName);
        }
    }
}
