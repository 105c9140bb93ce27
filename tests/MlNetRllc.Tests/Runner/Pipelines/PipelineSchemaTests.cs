using System.Text.Json;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Pipelines;

public sealed class PipelineSchemaTests
{
    /// <summary>When this fails after a change of options: rllc schema > pipelines/pipeline.schema.json</summary>
    [Fact]
    public void CommittedSchema_IsThatOfTheOptions() =>
        Assert.Equal(
            File.ReadAllText(Path.Combine(Repository.Root, "pipelines", "pipeline.schema.json")).ReplaceLineEndings("\n"),
            PipelineSchema.TextOf(StepKinds.All));

    [Fact]
    public void EveryKeyOfTheFiles_IsInTheSchema_WithRangesAndDefaults()
    {
        using var schema = JsonDocument.Parse(PipelineSchema.TextOf(StepKinds.All));
        var steps = schema.RootElement.GetProperty("properties").GetProperty("steps");
        var kinds = steps.GetProperty("additionalProperties").GetProperty("properties");
        Assert.Equal(StepKinds.All.Select(k => k.Name), kinds.EnumerateObject().Select(k => k.Name));
        var layers = kinds.GetProperty("train").GetProperty("properties").GetProperty("layers");
        int Number(string property) => layers.GetProperty(property).GetInt32();
        Assert.Equal((2, 1, 64), (Number("default"), Number("minimum"), Number("maximum")));
        Assert.False(kinds.GetProperty("train").GetProperty("properties").TryGetProperty("vocabularySize", out _));
    }

    [Fact]
    public void PipelineFiles_PointEditorsToTheSchema() =>
        Assert.All(Directory.GetFiles(Path.Combine(Repository.Root, "pipelines"), "*.yaml"),
            file => Assert.Equal("# yaml-language-server: $schema=pipeline.schema.json", File.ReadLines(file).First()));
}
