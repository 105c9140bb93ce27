using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>The JSON Schema of pipeline files, made from the options records; editors read it through a file's first line.</summary>
internal static class PipelineSchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as text.</summary>
    /// <param name="kinds">The kinds of steps that there are.</param>
    public static string TextOf(IReadOnlyList<StepShape> kinds) => Create(kinds).ToJsonString(Indented) + "\n";

    private static JsonObject Create(IReadOnlyList<StepShape> kinds) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Pipeline of MlNetRllc",
        ["description"] = "Every path starts from the folder of the file, wherever the command is typed. "
            + $"A whole number is written in {WholeNumber.Rule}; other numbers likewise, with a decimal point.",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("version", "name", "datasets", "steps"),
        ["properties"] = new JsonObject(Properties(typeof(ExecutionOptions), []).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Node)))
        {
            ["version"] = new JsonObject { ["const"] = PipelineReader.Version },
            ["name"] = new JsonObject { ["type"] = "string", ["description"] = "names the run folder" },
            ["seed"] = Seed(),
            ["datasets"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "a card's name, a path (file, folder or pattern) or an address, by name; "
                    + "or another dataset of which only the tokens of a pattern count when it is sampled",
                ["additionalProperties"] = new JsonObject
                {
                    ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, Masked()),
                },
            },
            ["probes"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "sets of contexts whose token losses are observed while others are sampled, by name",
                ["additionalProperties"] = Probe(),
            },
            ["matrix"] = Matrix(),
            ["steps"] = new JsonObject
            {
                ["type"] = "object", ["minProperties"] = 1,
                ["additionalProperties"] = new JsonObject
                {
                    ["type"] = "object", ["minProperties"] = 1, ["maxProperties"] = 1,
                    ["additionalProperties"] = false,
                    ["properties"] = Kinds(kinds),
                },
            },
        },
    };

    private static JsonObject Masked() => new()
    {
        ["type"] = "object", ["additionalProperties"] = false,
        ["required"] = new JsonArray(DatasetsReader.Of, DatasetsReader.Tokens),
        ["properties"] = new JsonObject
        {
            [DatasetsReader.Of] = new JsonObject { ["type"] = "string", ["description"] = "the dataset whose contexts it has" },
            [DatasetsReader.Tokens] = new JsonObject
            {
                ["description"] = "the pattern whose tokens count",
                ["enum"] = new JsonArray([.. DatasetsReader.Patterns.Select(name => (JsonNode?)name)]),
            },
        },
    };

    private static JsonObject Probe()
    {
        var node = Value(typeof(ProbeOptions));
        node["required"] = new JsonArray(ProbesReader.Of);
        node["properties"]![ProbesReader.Of]!.AsObject().Remove("default");
        node["properties"]![ProbesReader.Patterns]!["items"] = new JsonObject
        {
            ["enum"] = new JsonArray([.. ProbeOptions.AllPatterns.Select(name => (JsonNode?)name)]),
        };
        return node;
    }

    private static JsonObject Seed()
    {
        var node = Value(typeof(int));
        (node["default"], node["description"]) = (1, "seed of every step that sets none of its own");
        return node;
    }

    private static JsonObject Matrix()
    {
        static JsonObject Combinations(string description) => new()
        {
            ["type"] = "array", ["description"] = description, ["items"] = new JsonObject { ["type"] = "object", ["minProperties"] = 1 },
        };
        return new()
        {
            ["type"] = "object", ["minProperties"] = 1,
            ["description"] = "runs every combination of the axes; "
                + "an axis is an option (seed, model.steps, datasets.docs) and its values",
            ["properties"] = new JsonObject
            {
                ["include"] = Combinations("further combinations"),
                ["exclude"] = Combinations("combinations of the axes that are left out"),
            },
            ["additionalProperties"] = new JsonObject { ["type"] = "array", ["minItems"] = 1 },
        };
    }

    private static JsonObject Kinds(IReadOnlyList<StepShape> kinds) => new(kinds.Select(kind =>
    {
        var properties = new JsonObject(kind.Inputs.Select(i => KeyValuePair.Create(i.Key, (JsonNode?)Input(i))));
        foreach (var type in kind.Options)
            foreach (var (key, node) in Properties(type, kind.LeftOut)) properties.TryAdd(key, node);
        return KeyValuePair.Create(kind.Name, (JsonNode?)new JsonObject
        {
            ["type"] = "object", ["description"] = kind.Component, ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. kind.Inputs.Where(i => !i.Optional).Select(i => (JsonNode?)i.Key)]),
            ["properties"] = properties,
        });
    }));

    private static JsonObject Input(StepInput input)
    {
        var text = new JsonObject
        {
            ["type"] = "string",
            ["description"] = input.Type == InputType.Folder ? OfPath(input.Description) : input.Description,
        };
        if (input.Type is InputType.Step or InputType.Dataset or InputType.Folder) return text;
        return new()
        {
            ["description"] = input.Description,
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "string" },
                new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = new JsonObject { ["type"] = "string" } }),
        };
    }

    private static IEnumerable<(string Key, JsonNode Node)> Properties(Type record, IReadOnlyList<string> leftOut)
    {
        var defaults = Activator.CreateInstance(record)!;
        foreach (var property in OptionsBinder.Properties(record).Where(p => !leftOut.Contains(p.Name)))
        {
            var node = Value(property.PropertyType);
            var description = property.GetCustomAttribute<DescriptionAttribute>()!.Description;
            node["description"] = property.GetCustomAttribute<PathOptionAttribute>() is null ? description : OfPath(description);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && node.ContainsKey("type"))
                (node["minimum"], node["maximum"]) = (Bound(range.Minimum), Bound(range.Maximum));
            if (property.GetValue(defaults) is { } value && (value is string || value.GetType().IsPrimitive || value is Enum))
                node["default"] = value is Enum ? JsonValue.Create(value.ToString()) : JsonSerializer.SerializeToNode(value);
            yield return (OptionsBinder.KeyOf(property), node);
        }
    }

    private static JsonValue Bound(object value) => JsonValue.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture));

    private static JsonObject Value(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            var node = Value(inner);
            if (node["type"] is { } known)
            {
                var types = (known is JsonArray several ? several : [known.DeepClone()]).Select(t => t?.DeepClone());
                node["type"] = new JsonArray([.. types, "null"]);
            }
            return node;
        }
        if (type == typeof(bool)) return new() { ["type"] = "boolean" };
        // Editors take 1_000 for a text: YAML 1.2 has no such number.
        if (type == typeof(int) || type == typeof(long))
            return new() { ["type"] = new JsonArray("integer", "string"), ["pattern"] = WholeNumber.Pattern };
        if (type == typeof(double)) return new() { ["type"] = "number" };
        if (type == typeof(string)) return new() { ["type"] = "string" };
        if (type.IsEnum)
        {
            var spellings = Enum.GetNames(type).SelectMany(Spellings).Distinct();
            return new() { ["enum"] = new JsonArray([.. spellings.Select(n => (JsonNode?)n)]) };
        }
        if (type == typeof(IReadOnlyList<string>)) return new() { ["type"] = "array", ["items"] = Value(typeof(string)) };
        if (type == typeof(IReadOnlyList<int>)) return new() { ["type"] = "array", ["items"] = Value(typeof(int)) };
        return new()
        {
            ["type"] = "object", ["additionalProperties"] = false,
            ["properties"] = new JsonObject(Properties(type, []).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Node))),
        };
    }

    private static string OfPath(string description) => $"{description.TrimEnd('.')}; the path starts from the folder of the file";

    // The reader takes names in any case; editors offer these two.
    private static string[] Spellings(string name) => [name, char.ToLowerInvariant(name[0]) + name[1..]];
}
