using System.Reflection;
using System.Text.Json;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a step's result follows from in its options: their values, and of a path what lies there, wherever that is.</summary>
internal static class OptionsIdentity
{
    /// <summary>The identity of an options record.</summary>
    public static string IdentityOf(object options, JsonSerializerOptions json, InputHashes hashes) =>
        KeyedOptions.Default.Say(options, json, said =>
    {
        foreach (var (parents, property, path) in Paths(options))
        {
            var at = parents.Aggregate(said, (parent, name) => parent[OptionsBinder.KeyOf(name)]!.AsObject());
            at[OptionsBinder.KeyOf(property)] = ContentOf(path, hashes);
        }
    }).ToJsonString(json);

    /// <summary>The paths that an options record names, with the properties that they stand in.</summary>
    public static IEnumerable<(PropertyInfo[] Parents, PropertyInfo Property, string Path)> Paths(object record) => Paths(record, []);

    private static IEnumerable<(PropertyInfo[] Parents, PropertyInfo Property, string Path)> Paths(object record, PropertyInfo[] parents)
    {
        foreach (var property in OptionsBinder.Properties(record.GetType()))
        {
            var value = property.GetValue(record);
            if (value is string path && property.GetCustomAttribute<PathOptionAttribute>() is not null)
                yield return (parents, property, path);
            else if (value is not (null or string or System.Collections.IEnumerable) && property.PropertyType.IsClass)
                foreach (var nested in Paths(value, [.. parents, property])) yield return nested;
        }
    }

    // Of a folder, what is read from it lies side by side; weights of a model beside a tokenizer are not read.
    private static string ContentOf(string path, InputHashes hashes) => File.Exists(path) ? hashes.OfFile(path)
        : string.Join(' ', Text.Tokens.LibraryTokenizer.FilesIn(path).Select(file => $"{Path.GetFileName(file)} {hashes.OfFile(file)}"));
}
