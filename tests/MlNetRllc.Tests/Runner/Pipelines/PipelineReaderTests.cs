using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Tests.Runner.Pipelines;

public sealed class PipelineReaderTests
{
    private const string Good = """
        version: 1
        name: study
        seed: 7
        datasets:
          docs: dotnet-docs
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 512 }
          model:
            train:
              contexts: contexts
              layers: 3
              checkpoints: { logarithmic: 5, steps: [3, 4] }
          traces:
            sample:
              model: model
              components: [heads, l0h0+l1h1]
              datasets: [docs]
              seed: 9
        """;

    [Theory]
    [InlineData("name: study", "nmae: study", "p.yaml:2:1: the file has no key 'nmae'. Did you mean 'name'?")]
    [InlineData("      layers: 3", "      layerz: 3", "p.yaml:12:7: a train step has no key 'layerz'. Did you mean 'layers'?")]
    [InlineData("logarithmic: 5", "logaritmic: 5", "p.yaml:13:22: checkpoints has no key 'logaritmic'. Did you mean 'logarithmic'?")]
    [InlineData("layers: 3", "layers: three", "p.yaml:12:15: layers is 'three'; it must be a whole number.")]
    [InlineData("layers: 3", "layers: [3]", "p.yaml:12:15: layers must be plain text.")]
    [InlineData("layers: 3", "layers: -1", "p.yaml:12:15: layers is -1; it must lie between")]
    [InlineData("layers: 3", "learningRate: .nan", "p.yaml:12:21: learningRate is '.nan'; it must be a number.")]
    [InlineData("layers: 3", "learningRate: NaN", "p.yaml:12:21: learningRate is NaN; it must lie between")]
    [InlineData("layers: 3", "schedule: WarmupCosin", "p.yaml:12:17: schedule is 'WarmupCosin'. Did you mean 'WarmupCosine'?")]
    [InlineData("contexts: contexts", "contexts: context", "p.yaml:11:17: there is no step 'context'. Did you mean 'contexts'?")]
    [InlineData("contexts: contexts", "contexts: traces", "p.yaml:11:17: 'traces' is a sample step; contexts needs a tokenize step.")]
    [InlineData("text: docs", "text: dosc", "p.yaml:8:23: there is no dataset 'dosc'. Did you mean 'docs'?")]
    [InlineData("docs: dotnet-docs", "docs: dotnet-dogs", "p.yaml:5:9: the dataset 'docs' is 'dotnet-dogs', which is neither a file")]
    [InlineData("    tokenize:", "    tokenise:", "p.yaml:8:5: there is no kind of step 'tokenise'. Did you mean 'tokenize'?")]
    [InlineData("      contexts: contexts\n", "", "p.yaml:10:5: the train step 'model' needs the key 'contexts': a tokenize step.")]
    [InlineData("contexts: contexts", "contexts: model", "p.yaml:11:17: 'model' is a train step; contexts needs a tokenize step.")]
    [InlineData("seed: 7", "seed: 7\nseed: 8", "p.yaml:4:1: ")]
    [InlineData("seed: 7", "seed: 1e99", "p.yaml:3:7: seed is '1e99'; it must be a whole number.")]
    [InlineData("name: study", "name: ../study", "p.yaml:2:7: the name '../study' names a folder")]
    [InlineData("seed: 7", "seed: ${env:NO_SUCH_VARIABLE}", "p.yaml:3:7: the environment variable NO_SUCH_VARIABLE is not set.")]
    [InlineData("components: [heads, l0h0+l1h1]", "components: []", "p.yaml:17:19: components names nothing")]
    [InlineData("      layers: 3", "      layers: &a 3\n      heads: *a", "p.yaml:13:14: the alias *a is not read in pipeline files")]
    public void MistakeInTheFile_IsSaidWithItsPlace(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        var error = Assert.Throws<PipelineException>(() => Read(Good.Replace(from, to, StringComparison.Ordinal)));
        Assert.StartsWith(expected, error.Located, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.layerz=2", "a train step has no key 'layerz'")]
    [InlineData("modle.layers=2", "--set modle.layers=2: there is no 'modle'. Did you mean 'model'?")]
    [InlineData("model.layers", "write it as step.option=value")]
    [InlineData("model.layers=[", "--set")]
    [InlineData("model.layers=x", "layers is 'x'; it must be a whole number.")]
    public void MistakeInAnAssignment_IsSaid(string assignment, string expected)
    {
        var error = Assert.Throws<PipelineException>(() => Read(Good, assignment));
        Assert.Contains(expected, error.Located, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNesting_IsRefused_BeforeItExhaustsTheStack()
    {
        var error = Assert.Throws<PipelineException>(() => Read("version: " + new string('[', 500_000)));
        Assert.StartsWith("p.yaml:1:", error.Located, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ComeFromTheFile_AndOtherwiseFromTheRecords()
    {
        var pipeline = Read(Good);
        var train = pipeline.Steps.Single(s => s.Name == "model");
        Assert.Equal(3, train.Get<TransformerConfig>().Layers);
        Assert.Equal(new TransformerConfig().Heads, train.Get<TransformerConfig>().Heads);
        Assert.Equal(5, train.Get<TrainingOptions>().Checkpoints.Logarithmic);
        Assert.Equal([3, 4], train.Get<TrainingOptions>().Checkpoints.Steps);
        Assert.Equal(16, new TrainingOptions().Checkpoints.Logarithmic);
    }

    [Fact]
    public void Seed_IsTheFiles_UnlessAStepHasItsOwn()
    {
        var pipeline = Read(Good);
        Assert.Equal(7, pipeline.Steps.Single(s => s.Name == "model").Get<TrainingOptions>().Seed);
        Assert.Equal(9, pipeline.Steps.Single(s => s.Name == "traces").Get<SgldOptions>().Seed);
    }

    [Fact]
    public void Assignment_ReachesAStepsOption_NestedOnesToo()
    {
        var pipeline = Read(Good, "model.layers=5", "model.checkpoints.logarithmic=2", "seed=11");
        var train = pipeline.Steps.Single(s => s.Name == "model");
        Assert.Equal((5, 2, 11), (train.Get<TransformerConfig>().Layers, train.Get<TrainingOptions>().Checkpoints.Logarithmic, pipeline.Seed));
    }

    [Fact]
    public void Steps_RunAfterWhatTheyNeed_WhateverTheirOrderInTheFile()
    {
        var lines = Good.Split('\n');
        var turned = string.Join('\n', [.. lines[..6], .. lines[13..], .. lines[8..13], .. lines[6..8]]);
        Assert.Equal(["contexts", "model", "traces"], Read(turned).Steps.Select(s => s.Name));
    }

    [Fact]
    public void Quickstart_IsValid()
    {
        var file = Path.Combine(Repository.Root, "pipelines", "quickstart.yaml");
        Assert.Equal(["tokenize", "train", "sample", "estimate", "cluster", "report"], PipelineReader.Read(file).Steps.Select(s => s.Kind.Name));
    }

    private static Pipeline Read(string text, params string[] set) => PipelineReader.Read(YamlFile.Parse("p.yaml", text.ReplaceLineEndings("\n")), set);
}
