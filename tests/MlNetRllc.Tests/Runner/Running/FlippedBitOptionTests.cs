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
}
