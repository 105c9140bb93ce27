using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlNetRllc;

/// <summary>Source-generated JSON metadata, with which objects keep the defaults of what a text leaves out.</summary>
/// <remarks>
/// Trimmed programs have no other metadata unless they ask for it. But the generator sets <c>init</c> properties in one initializer, all of
/// them, so that one that a file does not mention becomes 0 instead of its default: files written before an option existed would be read
/// wrongly. Here such an object is made by its constructor, and only what the text holds is set.
/// </remarks>
/// <param name="generated">Holds every type that is written or read.</param>
internal sealed class ConstructedObjects(JsonSerializerContext generated) : IJsonTypeInfoResolver
{
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        var info = ((IJsonTypeInfoResolver)generated).GetTypeInfo(type, options);
        if (info is not { Kind: JsonTypeInfoKind.Object, CreateObject: null }) return info;
        if (type.GetConstructor(Type.EmptyTypes) is not { } constructor) return info;
        var constructed = JsonTypeInfo.CreateJsonTypeInfo(type, options);
        constructed.CreateObject = () => constructor.Invoke(null);
        constructed.UnmappedMemberHandling = info.UnmappedMemberHandling;
        foreach (var property in info.Properties) constructed.Properties.Add(Copy(property, constructed, type));
        return constructed;
    }

    private static JsonPropertyInfo Copy(JsonPropertyInfo from, JsonTypeInfo owner, Type type)
    {
        var copy = owner.CreateJsonPropertyInfo(from.PropertyType, from.Name);
        copy.ShouldSerialize = from.ShouldSerialize;
        copy.NumberHandling = from.NumberHandling;
        copy.CustomConverter = from.CustomConverter;
        // A property that is ignored, or left out for being read-only, stays known with neither: it is not refused as unknown.
        if (from.Set is not null || !owner.Options.IgnoreReadOnlyProperties) copy.Get = from.Get;
        if (from.Set is not null) copy.Set = type.GetProperty(from.Name, BindingFlags.Public | BindingFlags.Instance)!.SetValue;
        return copy;
    }
}
