using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Report;

/// <summary>One page of all runs of a sweep: their heads in one finder, each head's name with its run in front.</summary>
internal static class SweepPage
{
    /// <summary>Writes the page from those of the runs.</summary>
    /// <param name="path">The page.</param>
    /// <param name="name">The sweep's name.</param>
    /// <param name="runs">Each run's name and the path of its page; those without one are left out.</param>
    /// <returns>How many runs it shows; with fewer than two there is nothing to compare, and no page.</returns>
    public static int Write(string path, string name, IEnumerable<(string Run, string Page)> runs)
    {
        var pages = runs.Where(r => File.Exists(r.Page))
            .Select(r => (r.Run, Data: ReportPage.DataIn(SharedFile.ReadAllText(r.Page)))).Where(r => r.Data is not null)
            .Select(r => (r.Run, Data: JsonNode.Parse(r.Data!)!.AsObject())).ToList();
        if (pages.Count < 2) return pages.Count;
        AtomicFile.Write(path, stream => stream.Write(ReportPage.Bytes(name, Joined(name, pages).ToJsonString(ReportPage.Json))));
        return pages.Count;
    }

    /// <summary>The data of one page from those of several.</summary>
    internal static JsonObject Joined(string name, IReadOnlyList<(string Run, JsonObject Data)> pages)
    {
        // What cannot be joined is that of the first run or left out: the runs' own pages have it.
        var joined = pages[0].Data.DeepClone().AsObject();
        joined["title"] = name;
        joined["subtitle"] = $"{pages.Count} runs: {string.Join(", ", pages.Select(p => p.Run))}. {joined["subtitle"]}";
        joined["runs"] = new JsonArray([.. pages.Select(p => (JsonNode)p.Run)]);
        joined["rllc"] = Table(pages, "rllc", "Component");
        joined["scores"] = Table(pages, "scores", "component");
        if (joined["scores"] is JsonObject scores) scores["model"] = new JsonArray();
        joined["patterns"] = Patterns(pages);
        joined["types"] = new JsonArray([.. pages.SelectMany(p => p.Data["types"]!.AsArray().Select(t => Named(p.Run, t!)))]);
        joined["tiles"] = new JsonArray(Tile($"{pages.Count}", "runs"), Tile($"{joined["rllc"]!["rows"]!.AsArray().Count}", "estimates"));
        foreach (var left in (string[])["figures", "traces", "stages", "checkpoints", "examples", "samples", "steps", "facts"])
            joined[left] = new JsonArray();
        foreach (var left in (string[])["reference", "datasets", "control"])
            joined[left] = new JsonObject { ["columns"] = new JsonArray(), ["rows"] = new JsonArray() };
        (joined["clusters"], joined["unfinished"]) = (null, "");
        return joined;
    }

    private static JsonObject Tile(string value, string label) => new() { ["value"] = value, ["label"] = label };

    private static JsonNode Named(string run, JsonNode type)
    {
        var named = type.DeepClone();
        named["component"] = $"{run}/{named["component"]}";
        return named;
    }

    /// <summary>Rows of all runs under the columns of all; what a run lacks is missing.</summary>
    private static JsonObject? Table(IReadOnlyList<(string Run, JsonObject Data)> pages, string table, string component)
    {
        var parts = pages.Where(p => p.Data[table] is JsonObject).Select(p => (p.Run, Table: p.Data[table]!.AsObject())).ToList();
        if (parts.Count == 0) return null;
        var columns = parts.SelectMany(p => Columns(p.Table)).Distinct(StringComparer.Ordinal).ToList();
        var rows = new JsonArray();
        foreach (var (run, part) in parts)
        {
            var places = columns.ConvertAll(c => Columns(part).IndexOf(c));
            foreach (var row in part["rows"]!.AsArray())
            {
                var values = places.Select(i => i < 0 ? null : row![i]?.DeepClone()).ToArray();
                var head = columns.IndexOf(component);
                values[head] = $"{run}/{values[head]}";
                rows.Add(new JsonArray(values));
            }
        }
        return new() { ["columns"] = new JsonArray([.. columns.Select(c => (JsonNode)c)]), ["rows"] = rows };
    }

    /// <summary>The same of patterns at each run's last checkpoint, whose first columns hold places in a list of names.</summary>
    private static JsonObject? Patterns(IReadOnlyList<(string Run, JsonObject Data)> pages)
    {
        var spelled = pages.Where(p => p.Data["patterns"] is JsonObject)
            .Select(p => (p.Run, Data: Spelled(p.Data["patterns"]!.AsObject()))).ToList();
        if (Table(spelled, "patterns", "component") is not { } table) return null;
        var texts = pages.First(p => p.Data["patterns"] is JsonObject).Data["patterns"]!["texts"]!.GetValue<int>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in table["rows"]!.AsArray())
        {
            for (var i = 0; i < texts; i++)
            {
                var text = row![i]!.GetValue<string>();
                if (!places.TryGetValue(text, out var place)) places.Add(text, place = places.Count);
                row[i] = place;
            }
        }
        table["names"] = new JsonArray([.. places.Keys.Select(k => (JsonNode)k)]);
        table["texts"] = texts;
        return table;
    }

    private static JsonObject Spelled(JsonObject patterns)
    {
        var table = patterns.DeepClone().AsObject();
        var (names, texts) = (table["names"]!.AsArray(), table["texts"]!.GetValue<int>());
        foreach (var row in table["rows"]!.AsArray())
        for (var i = 0; i < texts; i++) row![i] = names[row[i]!.GetValue<int>()]!.GetValue<string>();
        var step = Columns(table).IndexOf("step");
        var last = table["rows"]!.AsArray().Max(r => r![step]!.GetValue<int>());
        table["rows"] = new JsonArray([.. table["rows"]!.AsArray()
            .Where(r => r![step]!.GetValue<int>() == last).Select(r => r!.DeepClone())]);
        return new() { ["patterns"] = table };
    }

    private static List<string> Columns(JsonObject table) => [.. table["columns"]!.AsArray().Select(c => c!.GetValue<string>())];
}
