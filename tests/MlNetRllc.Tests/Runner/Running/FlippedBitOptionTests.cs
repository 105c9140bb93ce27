using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>One bit of a table changes, and the step that wrote it is done anew with another option.</summary>
public sealed class FlippedBitOptionTests(FlippedBitStudyTests.FirstRun first) : IClassFixture<FlippedBitStudyTests.FirstRun>
{
    // The step is done anew for another reason: what was damaged is named, not merely written over.
    [Theory]
    [InlineData("clusters-counts.csv", "clusters.clusters=2")]
    [InlineData("clusters-curves.parquet", "clusters.clusters=2")]
    [InlineData("scores-pairs.csv", "scores.scoring.words=9")]
    [InlineData("rllc.parquet", "traces.draws=9")]
    public void FlippedBitInATableOfAStepWithOtherOptions_IsNoticed(string table, string option)
    {
        var study = first.Study;
        var path = study.At("runs", "tiny", "tables", table);
        FlippedBitStudyTests.Flip(path);
        var record = study.Run(set: [option]);
        Assert.Single(record.Damaged, sentence => sentence.Contains(table, StringComparison.Ordinal));
        Assert.True(File.Exists(study.At("runs", "tiny", "damaged", "tables", table)));
        Directory.Delete(study.At("runs", "tiny", "damaged"), recursive: true);
        Assert.Empty(study.Run().Damaged);
        Assert.Equal(first.Tables, study.Tables());
    }

    // What a run writes over before it is killed is not what its manifest says, and not damaged either.
    [Fact]
    public void TablesOfAStepThatWasKilledAnew_AreNotCalledDamaged()
    {
        var study = first.Study;
        study.Run(set: ["clusters.clusters=2"]);
        var manifest = Manifest.Find(study.At("runs", "tiny"), "clusters")!;
        using (var folder = RunFolder.Open(study.At("runs", "tiny"))) (manifest with { IsReplaced = true }).Write(folder);
        FlippedBitStudyTests.Flip(study.At("runs", "tiny", "tables", "clusters.csv"));
        Assert.Empty(study.Run().Damaged);
        Assert.Equal(first.Tables, study.Tables());
    }

    // The manifest of the old option is gone by then: what is kept by content is looked at by who reads it.
    [Theory]
    [InlineData("tokens/*/train.tokens", "contexts.vocabularySize=270")]
    [InlineData("tokens/*/store.json", "contexts.vocabularySize=270")]
    [InlineData("checkpoints/*/step-*.safetensors", "model.learningRate=2e-3")]
    [InlineData("rows/*/*.rows", "traces.draws=9")]
    [InlineData("scores/*/*/*.json", "scores.scoring.words=9")]
    public void FlippedBitOfAnOptionThatIsChangedBack_IsNoticed(string kind, string option)
    {
        using var own = new FlippedBitStudyTests.FirstRun();
        var run = own.Study.At("runs", "tiny");
        var path = FlippedBitStudyTests.Find(run, kind.Split('/')).Order(StringComparer.Ordinal).Last();
        own.Study.Run(set: [option]);
        FlippedBitStudyTests.Flip(path);
        var sentence = Assert.Single(own.Study.Run().Damaged);
        Assert.Contains(Path.GetFileName(path), sentence, StringComparison.Ordinal);
        Assert.Equal(1, sentence.Split("is damaged").Length - 1);
        Assert.Equal(own.Tables, own.Study.Tables());
        Assert.Empty(own.Study.Run().Damaged);
    }

    [Theory]
    [InlineData("checkpoints/*/step-*.safetensors", "model")]
    [InlineData("checkpoints/*/training-state.safetensors", "model")]
    [InlineData("tokens/*/train.tokens", "contexts")]
    [InlineData("rows/*/*.rows", "traces")]
    [InlineData("scores/*/*/*.json", "scores")]
    public void FlippedBitInAStepThatIsForced_IsNoticed(string kind, string step)
    {
        using var own = new FlippedBitStudyTests.FirstRun();
        var path = FlippedBitStudyTests.Find(own.Study.At("runs", "tiny"), kind.Split('/')).Order(StringComparer.Ordinal).Last();
        FlippedBitStudyTests.Flip(path);
        var record = own.Study.Run(options: new() { Force = [step] });
        Assert.Contains(Path.GetFileName(path), Assert.Single(record.Damaged), StringComparison.Ordinal);
        Assert.Equal(own.Tables, own.Study.Tables());
    }

    [Fact]
    public void TwoDamagedCheckpoints_AreBothNamed()
    {
        var study = first.Study;
        var paths = FlippedBitStudyTests.Find(study.At("runs", "tiny"), ["checkpoints", "*", "step-*.safetensors"]).Take(2).ToList();
        paths.ForEach(FlippedBitStudyTests.Flip);
        var damaged = study.Run().Damaged;
        Assert.All(paths, path => Assert.Contains(damaged, s => s.Contains(Path.GetFileName(path), StringComparison.Ordinal)));
    }

    // The run does not come to its end, and whoever looks at it knows all the same.
    [Fact]
    public void DamageInARunThatFails_IsToldAsItIsFound()
    {
        using var own = new FlippedBitStudyTests.FirstRun();
        FlippedBitStudyTests.Flip(own.Study.At("runs", "tiny", "tables", "rllc.csv"));
        var ended = own.Study.Start("--set", "clusters.dataset=nowhere");
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains("rllc.csv is damaged: ", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifests/model.json")]
    [InlineData("references/traces-*.json")]
    [InlineData("scores/*/*/*.json")]
    [InlineData("run.json")]
    public void FlippedBitInTheNameOfADigest_IsNoticed(string kind)
    {
        var study = first.Study;
        var path = FlippedBitStudyTests.Find(study.At("runs", "tiny"), kind.Split('/')).Order(StringComparer.Ordinal).Last();
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().LastIndexOf("sha256"u8)] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(study.Run().Damaged, s => s.Contains(Path.GetFileName(path), StringComparison.Ordinal));
        Assert.Equal(first.Tables, study.Tables());
    }
}
