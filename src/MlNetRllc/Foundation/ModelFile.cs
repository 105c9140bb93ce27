using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlNetRllc.Foundation;

/// <summary>How components stand in an ML.NET model file: a signature and version, options as JSON, large data as binary streams.</summary>
internal static class ModelFile
{
    /// <summary>Version 1.1 of a component's entry; a file of an unknown later version is refused by ML.NET, with its numbers.</summary>
    private const uint Version = 0x00010001;

    /// <summary>Starts a component's entry.</summary>
    /// <param name="ctx">Where it is written.</param>
    /// <param name="signature">Eight characters that mark the format.</param>
    /// <param name="loader">Name under which the component's LoadableClass attribute registers it.</param>
    public static void Begin(ModelSaveContext ctx, string signature, string loader)
    {
        System.Diagnostics.Debug.Assert(signature.Length == 8 && loader.Length < 24, "ML.NET's header has no more room.");
        ctx.CheckAtModel();
        ctx.SetVersionInfo(VersionOf(signature, loader));
    }

    /// <summary>Checks that an entry is of the component and of a version that it can read.</summary>
    public static void Check(ModelLoadContext ctx, string signature, string loader) => ctx.CheckAtModel(VersionOf(signature, loader));

    public static void WriteJson<T>(this ModelSaveContext ctx, T value, JsonTypeInfo<T> type) =>
        ctx.SaveNonEmptyString(JsonSerializer.Serialize(value, type));

    public static T ReadJson<T>(this ModelLoadContext ctx, JsonTypeInfo<T> type)
    {
        var json = ctx.LoadNonEmptyString();
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException($"The model file holds no {typeof(T).Name}.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model file's {typeof(T).Name} was written by another version: {e.Message}", e);
        }
    }

    /// <summary>Reads a named binary stream of the entry.</summary>
    public static T ReadStream<T>(this ModelLoadContext ctx, string name, Func<BinaryReader, T> read)
    {
        var value = default(T);
        if (!ctx.TryLoadBinaryStream(name, reader => value = read(reader)))
            throw new InvalidDataException($"The model file lacks the stream '{name}' of this component.");
        return value!;
    }

    private static VersionInfo VersionOf(string signature, string loader) => new(
        modelSignature: signature, verWrittenCur: Version, verReadableCur: Version, verWeCanReadBack: Version,
        loaderSignature: loader, loaderAssemblyName: typeof(ModelFile).Assembly.FullName);
}
