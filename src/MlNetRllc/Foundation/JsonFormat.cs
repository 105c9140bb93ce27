using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlNetRllc.Foundation;

/// <summary>How everything that the library keeps stands as JSON. Each room knows its own types; a trimmed
/// program knows no others.</summary>
internal static class JsonFormat
{
    private static readonly ConcurrentDictionary<JsonSerializerContext, JsonSerializerOptions> Rooms = new();

    /// <summary>A type of the room, in the format of model files and stores.</summary>
    /// <exception cref="NotSupportedException">The room does not know the type.</exception>
    public static JsonTypeInfo<T> Kept<T>(this JsonSerializerContext room) => (JsonTypeInfo<T>)Over(room).GetTypeInfo(typeof(T));

    /// <summary>The format's rules, over the types of a room.</summary>
    public static JsonSerializerOptions Over(JsonSerializerContext room) => Rooms.GetOrAdd(room, types => new()
    {
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new ConstructedObjects(types),
    });
}
