using System.Text.Json;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>The oracle files under Reference/: values made elsewhere, in float64.</summary>
internal static class ReferenceData
{
    public static JsonElement Read(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", name))).RootElement;

    /// <summary>All numbers of nested arrays, in order.</summary>
    public static double[] Numbers(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Numbers)] : [element.GetDouble()];

    public static double[] Numbers(this JsonElement element, string property) =>
        element.GetProperty(property).Numbers();
}
