using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Report.Figures;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Report;

/// <summary>Writes a study as one HTML file that needs nothing else: style, script and numbers are inside it.</summary>
internal static partial class ReportPage
{
    /// <summary>Values of traces that a page carries at most; above it draws are averaged in blocks.</summary>
    public const int TraceBudget = 1_200_000;

    /// <summary>How the page's data are written.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new FiniteOrNull() },
        // What could end the attribute is encoded as HTML; quotes of JSON stand as they are, since the attribute's are single.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The page as text.</summary>
    public static string Render(StudyReport report) => Render(report.Title, Data(report));

    /// <summary>The page of some data, as bytes.</summary>
    public static byte[] Bytes(string title, string data) => Encoding.UTF8.GetBytes(Render(title, data));

    private static string Render(string title, string data) => Placeholder().Replace(Resource("report.html"), m => m.Groups[1].Value switch
    {
        "title" => WebUtility.HtmlEncode(title),
        "css" => Resource("report.css"),
        "script" => Script.Value,
        "data" => InAttribute(data),
        var other => throw new InvalidOperationException($"The page has no part '{other}'."),
    });

    /// <summary>The data that a page holds, as <see cref="Render"/> put them in; null where the text is no such page.</summary>
    public static string? DataIn(string page)
    {
        var data = DataAttribute().Match(page);
        return data.Success ? WebUtility.HtmlDecode(data.Groups[1].Value) : null;
    }

    /// <summary>Writes the page; what stood there before is replaced only when the new page is complete.</summary>
    public static void Write(string path, StudyReport report) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Render(report))));

    private static string InAttribute(string json) =>
        new StringBuilder(json).Replace("&", "&amp;").Replace("'", "&#39;").Replace("<", "&lt;").Replace(">", "&gt;").ToString();

    private static string Data(StudyReport report)
    {
        var index = report.Rllc.Select((r, i) => (Key: (r.Step, r.Component, r.Dataset), i)).ToDictionary(r => r.Key, r => r.i);
        var view = new StudyView(report);
        var perChain = TraceBudget / Math.Max(1, report.Traces.Sum(t => t.Chains));
        return JsonSerializer.Serialize(new
        {
            report.Title, report.Subtitle, report.Unfinished, report.Tiles, report.Entropies, report.Checkpoints,
            report.Clusters, report.Sgld, report.Steps, report.Pipeline,
            Figures = ReportFigures.FiguresOf(report), view.TrainingText, report.Stages,
            Types = report.Types.Where(t => t.Step == view.TypedStep),
            Reference = Table(report.Reference), Datasets = Table(report.Datasets), Control = Table(report.Control),
            Scores = ScoreTable.TableOf(report.Scores),
            Patterns = PatternTable.TableOf(report.Patterns),
            DataShare = DataShareWords.Tell(report),
            Examples = report.Examples.Select(e => new
            {
                e.Dataset,
                e.Tokens,
                Heads = e.Heads.Select(head => new { head.Component, Attention = head.Packed(), head.LossChange }),
            }),
            Runs = Array.Empty<string>(),
            report.Samples,
            Facts = report.Facts.Select(f => new[] { f.Name, f.Value }),
            Rllc = Table(report.Rllc),
            Traces = report.Traces.Where(t => index.ContainsKey((t.Step, t.Component, t.Dataset)))
                .Select(t => PackedTrace.From(index[(t.Step, t.Component, t.Dataset)], t, Math.Clamp(perChain, 16, 400))),
        }, Json);
    }

    private static readonly string[] Columns =
        [RllcColumns.Step, RllcColumns.Component, RllcColumns.Dataset, RllcColumns.Rllc, RllcColumns.RllcStdErr,
            RllcColumns.RHat, RllcColumns.Ess, RllcColumns.Geweke, RllcColumns.NegativeShare, RllcColumns.Drift,
            RllcColumns.Status, RllcColumns.StatusReason];

    private static object Table(IReadOnlyList<RllcRow> rows) => new { Columns, Rows = rows.Select(Values) };

    private static object[] Values(RllcRow r) =>
        [r.Step, r.Component, r.Dataset, r.Rllc, r.RllcStdErr, r.RHat, r.Ess, r.Geweke, r.NegativeShare, r.Drift, r.Status, r.StatusReason];

    private static string Resource(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("page/" + name)
            ?? throw new InvalidOperationException($"The page's part {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static readonly Lazy<string> Script = new(() => PageScript.Bundle("main.js", Resource));

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("data-study='([^']*)'")]
    private static partial Regex DataAttribute();

    /// <summary>JSON has no NaN: what is not finite becomes null; the rest keeps seven figures.</summary>
    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteRawValue(value.ToString("G7", CultureInfo.InvariantCulture));
            else writer.WriteNullValue();
        }
    }
}
