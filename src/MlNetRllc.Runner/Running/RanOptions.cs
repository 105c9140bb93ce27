using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>The options of a step as it ran, for run.json.</summary>
internal static class RanOptions
{
    /// <summary>Options by the name of their record. What a file cannot set follows from the data and is left out; the shape of a
    /// model stands as it was trained or loaded.</summary>
    /// <param name="step">The step.</param>
    /// <param name="done">What it left; null while it is not done.</param>
    public static JsonObject OptionsOf(StepSpec step, Manifest? done)
    {
        var said = new JsonObject(step.Options.Select(o => KeyValuePair.Create(o.GetType().Name, (JsonNode?)Said(step, o))));
        if (done?.Model is { } model)
            said[nameof(TransformerConfig)] = JsonSerializer.SerializeToNode(model, RunRecord.Json);
        return said;
    }

    private static JsonObject Said(StepSpec step, object options)
    {
        var said = JsonSerializer.SerializeToNode(options, options.GetType(), RunRecord.Json)!.AsObject();
        foreach (var name in step.Kind.LeftOut) said.Remove(JsonNamingPolicy.CamelCase.ConvertName(name));
        // It counts weights of a vocabulary that is not known yet.
        if (options is TransformerConfig) said.Remove(JsonNamingPolicy.CamelCase.ConvertName(nameof(TransformerConfig.ParameterCount)));
        return said;
    }
}
