using System.Text;
using System.Text.Json;

namespace MlNetRllc.Core.Options;

/// <summary>Names and values in the order in which they are said: what a key of stored work is made
/// of.</summary>
/// <remarks>Each value is written out by hand, never by going through an object's properties: an
/// option that a later version adds would change every key there is, and nothing that was computed
/// would be found again. Such an option is said with <see cref="WithLater{T}"/>.</remarks>
public sealed class KeyText
{
    private readonly List<Action<Utf8JsonWriter>> said = [];

    /// <summary>Says a number; one that is not finite by its name.</summary>
    public KeyText With(string name, double value) => double.IsFinite(value)
        ? Say(json => json.WriteNumber(name, value))
        : With(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    /// <summary>Says a number, or that there is none.</summary>
    public KeyText With(string name, double? value) =>
        value is { } there ? With(name, there) : Say(json => json.WriteNull(name));

    /// <summary>Says a whole number.</summary>
    public KeyText With(string name, long value) => Say(json => json.WriteNumber(name, value));

    /// <summary>Says whether something is so.</summary>
    public KeyText With(string name, bool value) => Say(json => json.WriteBoolean(name, value));

    /// <summary>Says a text.</summary>
    public KeyText With(string name, string value) => Say(json => json.WriteString(name, value));

    /// <summary>Says a choice by its name.</summary>
    public KeyText With(string name, Enum value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return With(name, value.ToString());
    }

    /// <summary>Says whole numbers in their order.</summary>
    public KeyText With(string name, IEnumerable<int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int[] kept = [.. values];
        return Say(json =>
        {
            json.WriteStartArray(name);
            foreach (var value in kept) json.WriteNumberValue(value);
            json.WriteEndArray();
        });
    }

    /// <summary>Says several under one name.</summary>
    public KeyText With(string name, KeyText part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return Say(json =>
        {
            json.WritePropertyName(name);
            json.WriteRawValue(part.ToString());
        });
    }

    /// <summary>Says what a later version added, and only where it is not the value that all
    /// earlier versions worked with: their keys stay.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="before">The value that changes nothing.</param>
    /// <param name="say">Says it.</param>
    public KeyText WithLater<T>(string name, T value, T before, Func<KeyText, string, T, KeyText> say)
    {
        ArgumentNullException.ThrowIfNull(say);
        return EqualityComparer<T>.Default.Equals(value, before) ? this : say(this, name, value);
    }

    /// <summary>What was said, as a JSON object without blanks.</summary>
    public override string ToString()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            foreach (var say in said) say(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private KeyText Say(Action<Utf8JsonWriter> say)
    {
        said.Add(say);
        return this;
    }
}
