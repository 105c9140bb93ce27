using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a probe set follows from, besides its dataset's text and the model's tokens.</summary>
internal static class ProbeIdentity
{
    /// <summary>Raise where contexts are chosen otherwise, or a rule picks other tokens.</summary>
    public const int Version = 1;

    /// <summary>The identity of a probe set: its options, all patterns by name.</summary>
    public static string IdentityOf(ProbeOptions probe, JsonSerializerOptions json) =>
        $"{Version} {SaidOf(probe, json).ToJsonString(json)}";

    private static JsonObject SaidOf(ProbeOptions probe, JsonSerializerOptions json) => KeyedOptions.Default.Say(probe, json, said =>
    {
        // The dataset counts by its content. Of patterns those that are meant count, however the file says them.
        said.Remove(ProbesReader.Of);
        said[ProbesReader.Patterns] = new JsonArray([.. probe.PatternNames.Select(name => (JsonNode?)name)]);
    });
}
