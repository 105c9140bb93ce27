using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Options;
using MlNetRllc.Foundation;
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
        OptionsValidation.PropertiesOf(record).Where(p =>
            p.CanWrite && p.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>() is not null);

    /// <summary>Sets one property.</summary>
    public static void Set(YamlFile file, object record, PropertyInfo property, YamlNode node)
    {
        var key = KeyOf(property);
        var range = property.GetCustomAttribute<RangeAttribute>();
        var value = MayBeAbsent(property) && IsNothing(node)
            ? null
            : Convert(file, node, property.PropertyType, key, property.GetValue(record), range);
        if (range is not null && value is not null && (!range.IsValid(value) || value is double.NaN))
            throw OutOfRange(file, node, key, Text(value), range, property.PropertyType);
        if (value is string path && property.GetCustomAttribute<PathOptionAttribute>() is not null) value = file.PathOf(node, key, path);
        property.SetValue(record, value);
    }

    /// <summary>Refuses options that do not go together.</summary>
    public static void CheckTogether(YamlFile file, YamlNode node, object record, string name)
    {
        if (record is ICheckedTogether together && together.WhatIsWrong() is { } wrong)
            throw file.Error(node, $"{name} {wrong}.").About(ErrorPage.ValueRefused);
    }

    /// <summary>A whole number of 32 bits.</summary>
    /// <exception cref="PipelineException">The node is something else, or lies outside that range.</exception>
    public static int Whole(YamlFile file, YamlNode node, string key) => (int)Convert(file, node, typeof(int), key, null, null)!;

    private static bool MayBeAbsent(PropertyInfo property) =>
        !property.PropertyType.IsValueType
        && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    /// <summary>Whether a node says that an option is left out.</summary>
    public static bool IsNothing(YamlNode node) => node is YamlScalarNode { Value: "null" or "~" or "", Style: ScalarStyle.Plain };

    private static object? Convert(YamlFile file, YamlNode node, Type type, string key, object? current, RangeAttribute? range)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return IsNothing(node) || node is YamlScalarNode { Value: "auto", Style: ScalarStyle.Plain }
                ? null
                : Convert(file, node, inner, key, current, range);
        }
        if (type == typeof(IReadOnlyList<int>))
            return node is YamlSequenceNode list ? list.Select(n => (int)Convert(file, n, typeof(int), key, null, range)!).ToList()
                : throw file.Error(node, $"{key} must be a list of whole numbers.").About(ErrorPage.ValueRefused);
        if (type == typeof(IReadOnlyList<string>))
            return node is YamlSequenceNode names ? names.Select(n => file.Scalar(n, key)).ToList()
                : throw file.Error(node, $"{key} must be a list of names.").About(ErrorPage.ValueRefused);
        if (type.IsClass && type != typeof(string)) return Nested(file, node, type, key, current);

        var text = file.Scalar(node, key);
        if (type == typeof(string)) return text;
        if (type.IsEnum)
        {
            return Enum.GetNames(type).FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
                ? Enum.Parse(type, name)
                : throw file.Error(node, $"{key} is '{text}'.{NearestName.Hint(text, Enum.GetNames(type))}").About(ErrorPage.ValueRefused);
        }
        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var flag)
                ? flag
                : throw file.Error(node, $"{key} is '{text}'; it must be true or false.").About(ErrorPage.ValueRefused);
        }
        if (type == typeof(double))
        {
            return WholeNumber.TryParseNumber(text, out var number)
                ? number
                : throw file.Error(node, $"{key} is '{text}'; it must be a number.{HowToWrite(text)}").About(ErrorPage.ValueRefused);
        }
        if (!WholeNumber.TryParse(text, out BigInteger whole))
            throw file.Error(node, $"{key} is '{text}'; it must be a whole number.{HowToWrite(text)}")
                .About(ErrorPage.ValueRefused);
        var (least, most) = Limits(type);
        if (whole < least || whole > most) throw OutOfRange(file, node, key, text, range, type);
        return type == typeof(int) ? (object)(int)whole : (long)whole;
    }

    // Only where a number was meant: of 'three' the rule of digits says nothing new.
    private static string HowToWrite(string text) => text.Any(char.IsAsciiDigit) ? text.Contains(',', StringComparison.Ordinal)
        ? " A comma is no part of a number: write 0.5 and 1_000." : $" Write it in {WholeNumber.Rule}." : "";

    private static PipelineException OutOfRange(YamlFile file, YamlNode node, string key, string value, RangeAttribute? range, Type type)
    {
        // A range of long is declared in doubles, which have no name for its end.
        var (least, most) = range is null ? (Text(Limits(type).Least), Text(Limits(type).Most))
            : (Text(range.Minimum), Text(range.Maximum is >= (double)long.MaxValue ? long.MaxValue : range.Maximum));
        return file.Error(node, $"{key} is {value}; it must lie between {least} and {most}.").About(ErrorPage.ValueRefused);
    }

    private static (BigInteger Least, BigInteger Most) Limits(Type type) =>
        type == typeof(long) ? (long.MinValue, long.MaxValue) : (int.MinValue, int.MaxValue);

    private static object Nested(YamlFile file, YamlNode node, Type type, string key, object? current)
    {
        var properties = Properties(type).ToDictionary(KeyOf);
        // A copy through the record's clone method, so that defaults shared between records are never changed.
        var copy = current is null ? Activator.CreateInstance(type)! : type.GetMethod("<Clone>$")!.Invoke(current, null)!;
        foreach (var (name, value) in file.Entries(node, key))
        {
            if (!properties.TryGetValue(name.Value!, out var property))
                throw file.Error(name, $"{key} has no key '{name.Value}'.{NearestName.Hint(name.Value!, properties.Keys)}")
                    .About(ErrorPage.UnknownOption);
            Set(file, copy, property, value);
        }
        CheckTogether(file, node, copy, key);
        return copy;
    }

    private static string Text(object value) => System.Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
