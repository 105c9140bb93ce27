using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;

namespace MlNetRllc.Core.Options;

/// <summary>Checks an options record against the ranges that its properties declare.</summary>
/// <remarks>
/// An options record documents each property once: a
/// <see cref="System.ComponentModel.DescriptionAttribute"/> (with the unit) and, where there is
/// one, a <see cref="RangeAttribute"/>; the default is the property's initial value. Checks, the
/// runner's schema and the command's help all read these.
/// </remarks>
public static class OptionsValidation
{
    /// <summary>Returns <paramref name="options"/> when every property lies in its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A property lies outside its range; the message
    /// names the record, the property, the value found and the range.</exception>
    /// <exception cref="ArgumentException">Properties that do not go together; the message names them.</exception>
    public static T Validated<T>(this T options) where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var property in PropertiesOf(options.GetType()))
        {
            if (property.GetCustomAttribute<RangeAttribute>() is not { } range) continue;
            var value = property.GetValue(options);
            if (value is null || range.IsValid(value) && value is not double.NaN) continue;
            // The exception's message ends with the value, which as a number it would write as the
            // current culture does.
            throw new ArgumentOutOfRangeException(property.Name, Convert.ToString(value, CultureInfo.InvariantCulture),
                $"{options.GetType().Name}.{property.Name} is {value}; "
                    + $"it must lie between {range.Minimum} and {range.Maximum}.");
        }
        return options is ICheckedTogether together && together.WhatIsWrong() is { } wrong
            ? throw new ArgumentException($"{options.GetType().Name} {wrong}.")
            : options;
    }

    /// <summary>The public properties of an options record, in the order in which they are written:
    /// that of the file, unless a <see cref="JsonPropertyOrderAttribute"/> says
    /// otherwise.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .OrderBy(property => property.GetCustomAttribute<JsonPropertyOrderAttribute>()?.Order ?? 0);
    }
}
