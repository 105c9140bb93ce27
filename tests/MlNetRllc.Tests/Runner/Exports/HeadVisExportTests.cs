using System.Text.Json;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Tests.Runner.Running;

namespace MlNetRllc.Tests.Runner.Exports;

/// <summary>A run as the HeadVis viewer reads it. Tests that only look share one run.</summary>
public sealed class HeadVisExportTests(HeadVisExportTests.ExportedRun run) : IClassFixture<HeadVisExportTests.ExportedRun>
{
    private static readonly string[] Heads = ["L0H0", "L0H1", "L1H0", "L1H1"];

    [Fact]
    public void Folder_HasTheFilesThatTheViewerAsksFor() => Assert.Equal(
        [
            "attributions/manifest.json", "config.json", .. Heads.Select(h => $"heads/{h}.json"), "rllc-export.json",
            "scatter_data.json", "server_config.json",
        ], run.Files);

    [Fact]
    public void Config_NamesHeadsAndMetrics()
    {
        using var config = run.Read("config.json");
        var root = config.RootElement;
        Assert.Equal("tiny", root.GetProperty("model_name").GetString());
        Assert.Equal("[[0,0],[0,1],[1,0],[1,1]]", root.GetProperty("heads").GetRawText());
        Assert.Equal((2, 2, 10), (Int(root, "n_layers"), Int(root, "n_heads"), Int(root, "n_intervals")));
        Assert.Equal("L{layer}H{head}.json", root.GetProperty("head_data_pattern").GetString());
        Assert.Equal((JsonValueKind.False, 0), (root.GetProperty("has_umap").ValueKind, root.GetProperty("umap_heads").GetArrayLength()));
        var metrics = root.GetProperty("metrics").EnumerateArray().Select(m => m.GetString()!).ToList();
        string[] some =
        [
            "rllc_docs", "rllc_docs_stderr", "scores_previous_token", "scores_mean_ablation_std_err", "patterns_docs_prose_all", "clusters",
        ];
        Assert.All(some, m => Assert.Contains(m, metrics));
        Assert.All(metrics, m => Assert.NotEmpty(root.GetProperty("metric_descriptions").GetProperty(m).GetString()!));
        // What a plot or table is of stands in the file of a head, in its shape.
        using var head = run.Read("heads/L1H0.json");
        foreach (var plot in root.GetProperty("custom_plots").EnumerateArray())
        {
            var shown = head.RootElement.GetProperty(plot.GetProperty("key").GetString()!);
            Assert.Equal(shown.GetProperty("bin_edges").GetArrayLength() - 1, shown.GetProperty("bin_values").GetArrayLength());
        }
        foreach (var table in root.GetProperty("custom_tables").EnumerateArray())
            Assert.All(head.RootElement.GetProperty(table.GetProperty("key").GetString()!).EnumerateArray(),
                row => Assert.True(row.GetProperty("token").GetString() is not null && row.GetProperty("weight").GetDouble() >= 0));
    }

    [Fact]
    public void ScatterData_HasARowAHead_WithTheTablesNumbers()
    {
        using var scatter = run.Read("scatter_data.json");
        var rows = scatter.RootElement.EnumerateArray().ToList();
        Assert.Equal(Heads, rows.Select(r => $"L{Int(r, "layer")}H{Int(r, "head")}"));
        var table = RunTables.RowsOf(run.Table("scores.csv")).Single(r => r["Component"] == "l1h0");
        Assert.Equal(Number(table["MeanAblation"]), rows[2].GetProperty("scores_mean_ablation").GetDouble(), 1e-4);
        var last = RunTables.RowsOf(run.Table("rllc.csv")).Last(r => r["Component"] == "l0h1");
        Assert.Equal(Number(last["Rllc"]), rows[1].GetProperty("rllc_docs").GetDouble(), 1e-4);
    }

    [Fact]
    public void Sequences_AreTheTokensInContext_WithTheirAttention()
    {
        var samples = JsonSerializer.Deserialize<ExamplesFile>(File.ReadAllText(run.Table("examples.json")), RunRecord.Json)!
            .Samples!.Where(s => s.Head == "l1h0").ToList();
        using var head = run.Read("heads/L1H0.json");
        var sequences = head.RootElement.GetProperty("sequences").EnumerateArray().ToList();
        Assert.Equal(samples.Count, sequences.Count);
        Assert.Equal(Enumerable.Range(0, samples.Count), sequences.Select(s => Int(s, "sequence_id")));
        Assert.Equal(Enumerable.Range(1, 10), sequences.Select(s => Int(s, "interval")).Distinct().Order());
        foreach (var (sample, sequence) in samples.Zip(sequences))
        {
            var length = Int(sequence, "seq_len");
            Assert.Equal(sample.Tokens, sequence.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!));
            Assert.Equal(sample.Tokens.Count, length);
            var attention = PackedAttention.Unpack(sample.Attention);
            var indices = sequence.GetProperty("attention_indices").EnumerateArray().Select(i => i.GetInt32());
            var pairs = indices.Zip(sequence.GetProperty("attention_values").EnumerateArray().Select(v => v.GetDouble())).ToList();
            Assert.All(pairs, p => Assert.Equal(attention[p.First / length][p.First % length], p.Second, 1e-4));
            Assert.Equal(attention.Sum(row => row.Count(a => a >= 0.005)), pairs.Count);
            var largest = pairs.Where(p => p.First / length > 0 && p.First % length > 0).Max(p => p.Second);
            Assert.Equal(largest, sequence.GetProperty("max_activation").GetDouble(), 1e-4);
        }
    }

    [Fact]
    public void SecondExport_ReplacesTheFirst()
    {
        var before = File.ReadAllBytes(Path.Combine(run.Data, "scatter_data.json"));
        File.WriteAllText(Path.Combine(run.Data, "scatter_data.json"), "damaged");
        Assert.Equal(0, run.Export(run.Out).ExitCode);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(run.Data, "scatter_data.json")));
        Assert.Equal(["data"], Directory.GetFileSystemEntries(run.Out).Select(Path.GetFileName));
    }

    [Fact]
    public void FolderOfAnother_IsRefused_AndStaysAsItWas()
    {
        var other = Path.Combine(run.Folder, "other");
        Directory.CreateDirectory(Path.Combine(other, "data"));
        File.WriteAllText(Path.Combine(other, "data", "mine.json"), "{}");
        var refused = run.Export(other);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("mine.json is in this folder, and no export wrote it: nothing is", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(["mine.json"], Directory.GetFileSystemEntries(Path.Combine(other, "data")).Select(Path.GetFileName));
    }

    [Fact]
    public void FileInTheFoldersPlace_IsRefused()
    {
        var place = Directory.CreateDirectory(Path.Combine(run.Folder, "taken")).FullName;
        File.WriteAllText(Path.Combine(place, "data"), "");
        var refused = run.Export(place);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("this is a file; name a folder.", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void RunThatIsNotThere_IsRefused()
    {
        var refused = RunnerProcess.Run(run.Folder, ["export", "headvis", "tony", "--out", "o"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("Did you mean 'tiny'?", refused.Errors, StringComparison.Ordinal);
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A study that keeps single tokens, exported as a user does.</summary>
    public sealed class ExportedRun : IDisposable
    {
        private readonly ReducedStudy study = new(TokenSamplesStudyTests.Yaml.Replace("  report:\n    report: { ", """
              patterns:
                patterns: { traces: asked, maxRHat: 100, minEss: 0, driftErrors: 1e6, maxTransient: 1e6 }
              clusters:
                cluster: { rllc: rllc, clusters: 2 }
              report:
                report: { patterns: patterns, clusters: clusters, 
            """, StringComparison.Ordinal).Replace(
                "estimate: { traces: asked }",
                "estimate: { traces: asked, maxRHat: 100, minEss: 0, driftErrors: 1e6, maxTransient: 1e6, negativeErrors: 1e6 }",
                StringComparison.Ordinal));

        public ExportedRun()
        {
            study.Run();
            var ended = Export(Out);
            Assert.True(ended.ExitCode == 0, ended.Errors);
            Assert.Contains("4 heads, ", ended.Output, StringComparison.Ordinal);
            Assert.Contains(" metrics, 84 texts.", ended.Output, StringComparison.Ordinal);
        }

        public string Folder => study.Folder;

        public string Out => study.At("viewer");

        public string Data => Path.Combine(Out, "data");

        public IEnumerable<string> Files => Directory.GetFiles(Data, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Data, f).Replace('\\', '/')).Order(StringComparer.Ordinal);

        public string Table(string name) => study.At("runs", "tiny", "tables", name);

        public JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, file)));

        internal Finished Export(string to) => RunnerProcess.Run(Folder, ["export", "headvis", "tiny", "--out", to]);

        public void Dispose() => study.Dispose();
    }
}
