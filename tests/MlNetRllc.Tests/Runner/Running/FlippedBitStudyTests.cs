using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>One bit of a file in a run's folder changes: the next run names the file, puts it aside, makes it again, and leaves
/// the tables as they were.</summary>
public sealed class FlippedBitStudyTests(FlippedBitStudyTests.FirstRun first) : IClassFixture<FlippedBitStudyTests.FirstRun>
{
    // The kinds of file, and the steps whose manifests a killed run would not have left: they read what is kept by content.
    [Theory]
    [InlineData("tables/model.csv", "")]
    [InlineData("tables/traces.parquet", "")]
    [InlineData("tables/rllc.csv", "")]
    [InlineData("tables/clusters.parquet", "")]
    [InlineData("tables/scores.csv", "")]
    [InlineData("tokenizers/contexts/vocab.json", "")]
    [InlineData("tokenizers/contexts/merges.txt", "")]
    [InlineData("tokenizers/contexts/tokenizer.sha256", "")]
    [InlineData("tokens/*/train.tokens", "")]
    [InlineData("tokens/*/store.json", "")]
    [InlineData("checkpoints/*/step-*.safetensors", "")]
    [InlineData("checkpoints/*/step-*.safetensors", "model")]
    [InlineData("checkpoints/*/training-state.safetensors", "")]
    [InlineData("checkpoints/*/training-state.safetensors", "model")]
    [InlineData("rows/*/*.rows", "traces")]
    [InlineData("rows/*/*.rows", "")]
    [InlineData("scores/*/*/*.json", "scores")]
    [InlineData("scores/*/*/*.json", "")]
    [InlineData("manifests/model.json", "")]
    [InlineData("manifests/rllc.json", "")]
    [InlineData("references/traces-*.json", "")]
    [InlineData("run.json", "")]
    public void FlippedBit_IsNoticed_AndTheTablesStay(string kind, string unfinished)
    {
        var (study, tables) = (first.Study, first.Tables);
        if (unfinished.Length > 0) File.Delete(Manifest.PathOf(study.At("runs", "tiny"), unfinished));
        var path = Find(study.At("runs", "tiny"), kind.Split('/')).Order(StringComparer.Ordinal).Last();
        Flip(path);
        var record = study.Run();
        var name = Path.GetFileName(path);
        Assert.Contains(record.Damaged, sentence => sentence.Contains(name, StringComparison.Ordinal)
            && sentence.Contains("is damaged: ", StringComparison.Ordinal));
        Assert.Equal("finished", record.State);
        Assert.Equal(tables, study.Tables());
        string[] perhapsGone = ["references", "checkpoints"];
        Assert.True(File.Exists(path) || perhapsGone.Any(gone => kind.StartsWith(gone, StringComparison.Ordinal)));
        Assert.Empty(study.Run().Damaged);
    }

    internal static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    internal static IEnumerable<string> Find(string folder, ReadOnlySpan<string> parts)
    {
        if (parts.Length == 1) return Directory.GetFiles(folder, parts[0]);
        var found = new List<string>();
        foreach (var inner in Directory.GetDirectories(folder, parts[0])) found.AddRange(Find(inner, parts[1..]));
        return found;
    }

    public sealed class FirstRun : IDisposable
    {
        public FirstRun()
        {
            Study.Run();
            Tables = Study.Tables();
        }

        internal ReducedStudy Study { get; } = new(ReducedStudy.Yaml + """

              scores:
                score: { model: model, text: docs, checkpointCount: 1,
                  scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, words: 8 }, patterns: { contexts: 2, tokens: 8 } }
            """);

        internal SortedDictionary<string, string> Tables { get; }

        public void Dispose() => Study.Dispose();
    }
}
