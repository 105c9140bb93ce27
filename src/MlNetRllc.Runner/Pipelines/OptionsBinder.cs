using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Fills options records from YAML: the records are the one source of keys, types, ranges and defaults.</summary>
internal static class OptionsBinder
{
    /// <summary>The key of a property in a file.</summary>
    public static string KeyOf(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    /// <summary>The properties of a record that a file may set.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type record) =>
        record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>() is not null);

    /// <summary>Sets one property.</summary>
    public static void Set(YamlFile file, object record, PropertyInfo property, YamlNode node)
    {
        var key = KeyOf(property);
        var value = Convert(file, node, property.PropertyType, key, property.GetValue(record));
        if (property.GetCustomAttribute<RangeAttribute>() is { } range && value is not null && (!range.IsValid(value) || value is double.NaN))
            throw file.Error(node, $"{key} is {Text(value)}; it must lie between {Text(range.Minimum)} and {Text(range.Maximum)}.");
        property.SetValue(record, value);
    }

    private static object? Convert(YamlFile file, YamlNode node, Type type, string key, object? current)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return node is YamlScalarNode { Value: "null" or "auto" or "" or "~", Style: ScalarStyle.Plain } ? null : Convert(file, node, inner, key, current);
        if (type == typeof(IReadOnlyList<int>))
            return node is YamlSequenceNode list ? list.Select(n => (int)Convert(file, n, typeof(int), key, null)!).ToList()
                : throw file.Error(node, $"{key} must be a list of whole numbers.");
        if (type.IsClass && type != typeof(string)) return Nested(file, node, type, key, current);

        var text = file.Scalar(node, key);
        if (type == typeof(string)) return text;
        if (type.IsEnum)
            return Enum.GetNames(type).FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(type, name)
                : throw file.Error(node, $"{key} is '{text}'.{NearestName.Hint(text, Enum.GetNames(type))}");
        if (type == typeof(bool) && bool.TryParse(text, out var flag)) return flag;
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (type == typeof(int) && int.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        if (type == typeof(long) && long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)) return large;
        if (type == typeof(double) && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        throw file.Error(node, $"{key} is '{text}'; it must be {Name(type)}.");
    }

    private static object Nested(YamlFile file, YamlNode node, Type type, string key, object? current)
    {
        var properties = Properties(type).ToDictionary(KeyOf);
        // A copy through the record's clone method, so that defaults shared between records are never changed.
        var copy = current is null ? Activator.CreateInstance(type)! : type.GetMethod("<Clone>$")!.Invoke(current, null)!;
        foreach (var (name, value) in file.Entries(node, key))
        {
            if (!properties.TryGetValue(name.Value!, out var property))
                throw file.Error(name, $"{key} has no key '{name.Value}'.{NearestName.Hint(name.Value!, properties.Keys)}");
            Set(file, copy, property, value);
        }
        return copy;
    }

    private static string Name(Type type) => type == typeof(bool) ? "true or false" : type == typeof(double) ? "a number" : "a whole number";

    private static string Text(object value) => System.Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
