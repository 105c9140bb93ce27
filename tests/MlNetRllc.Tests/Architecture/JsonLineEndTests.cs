using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Architecture;

/// <summary>JSON is hashed, and compared as text: its lines end alike on every system.</summary>
public sealed class JsonLineEndTests
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void IndentedJson_EndsItsLinesAlikeOnEverySystem()
    {
        Assembly[] projects = [typeof(TransformerConfig).Assembly, typeof(RllcCatalog).Assembly, typeof(RunRecord).Assembly];
        var indented = projects.SelectMany(project => project.GetTypes()).Where(type => !type.ContainsGenericParameters)
            .SelectMany(OptionsOf).Where(options => options.WriteIndented).ToList();
        Assert.Contains(RunRecord.Json, indented);
        Assert.All(indented, options => Assert.Equal("\n", options.NewLine));
    }

    [Fact]
    public void NodesAreWritten_WithTheLineEndsOfTheOptions()
    {
        var options = new JsonSerializerOptions(RunRecord.Json) { NewLine = "\r\n" };
        var node = new JsonObject { ["a"] = 1 };
        Assert.Contains("\r\n", node.ToJsonString(options), StringComparison.Ordinal);
        Assert.DoesNotContain("\r", node.ToJsonString(RunRecord.Json), StringComparison.Ordinal);
    }

    private static IEnumerable<JsonSerializerOptions> OptionsOf(Type type)
    {
        foreach (var field in type.GetFields(Static).Where(f => typeof(JsonSerializerOptions).IsAssignableFrom(f.FieldType)))
            if (field.GetValue(null) is JsonSerializerOptions options) yield return options;
        if (!typeof(JsonSerializerContext).IsAssignableFrom(type)) yield break;
        if (type.GetProperty("Default", Static)?.GetValue(null) is JsonSerializerContext context) yield return context.Options;
    }
}
