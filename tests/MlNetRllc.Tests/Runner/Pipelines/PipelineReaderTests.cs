using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

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
    [InlineData("[docs]", "[docs, docs]", "p.yaml:18:24: datasets: 'docs' is there twice; name it once.")]
    [InlineData("[heads, l0h0+l1h1]", "[heads, l0h0, ' heads']", "p.yaml:17:33: components: ' heads' is there twice; name it once.")]
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
    [InlineData("seed: 7", "seed: 1e99", "p.yaml:3:7: seed is 1e99; it must lie between -2147483648 and 2147483647.")]
    [InlineData("seed: 7", "seed: 0x10", "p.yaml:3:7: seed is '0x10'; it must be a whole number. Write it in digits")]
    [InlineData("seed: 7", "seed: 1__0", "p.yaml:3:7: seed is '1__0'; it must be a whole number.")]
    [InlineData("seed: 7", "seed: \" 7\"", "p.yaml:3:7: seed is ' 7'; it must be a whole number.")]
    [InlineData("layers: 3", "layers: 1_", "p.yaml:12:15: layers is '1_'; it must be a whole number.")]
    [InlineData("layers: 3", "subset: { share: 0.5, contexts: [3] }", "p.yaml:12:15: subset takes a share and a list of contexts")]
    [InlineData("layers: 3", "subset: { leftOut: [3, 3] }", "p.yaml:12:15: subset names the context 3 twice.")]
    [InlineData("layers: 3", "subset: { contexts: [-1] }", "p.yaml:12:15: subset names the context -1; the first is 0.")]
    [InlineData("layers: 3", "subset: { share: 0 }", "p.yaml:12:15: subset takes a share of 0, which leaves nothing")]
    [InlineData("layers: 3", "subset: { contexts: [3] }",
        "p.yaml:10:5: the train step 'model' lists 1 to train on, fewer than a batch of 100 contexts.")]
    [InlineData("datasets: [docs]\n", "datasets: [docs]\n      method: sgnht\n      exactPull: true\n",
        "p.yaml:15:5: the sample step 'traces' asks Sgnht for an exact pull, which the method Sgld alone has.")]
    [InlineData("datasets: [docs]\n", "datasets: [docs]\n      chains: 5\n      antithetic: true\n",
        "p.yaml:15:5: the sample step 'traces' asks for 5 antithetic chains; they walk in pairs, of which two or more are wanted")]
    [InlineData("layers: 3", "layers: 1e99", "p.yaml:12:15: layers is 1e99; it must lie between 1 and 64.")]
    [InlineData("layers: 3", "layers: 2.5", "p.yaml:12:15: layers is '2.5'; it must be a whole number.")]
    [InlineData("layers: 3", "learningRate: 0,1",
        "p.yaml:12:21: learningRate is '0,1'; it must be a number. A comma is no part of a number")]
    [InlineData("layers: 3", "learningRate: 1__0", "p.yaml:12:21: learningRate is '1__0'; it must be a number.")]
    [InlineData("vocabularySize: 512", "sampleCharacters: 1e19",
        "p.yaml:8:47: sampleCharacters is 1e19; it must lie between 1 and 9223372036854775807.")]
    [InlineData("steps: [3, 4]", "steps: [3, 0o4]", "p.yaml:13:49: steps is '0o4'; it must be a whole number.")]
    [InlineData("docs: dotnet-docs", "docs:", "p.yaml:5:8: the dataset 'docs' names nothing")]
    // Where a run keeps its tokens is the run's own: nothing is written outside its folder.
    [InlineData("vocabularySize: 512", "storeFolder: ../elsewhere", "p.yaml:8:29: a tokenize step has no key 'storeFolder'")]
    [InlineData("vocabularySize: 512", "tokenizerFolder: no-such-folder", "p.yaml:8:46: the tokenizerFolder /")]
    [InlineData("docs: dotnet-docs", "docs: \"*\\0\"", "p.yaml:5:9: the dataset 'docs' names nothing")]
    [InlineData("vocabularySize: 512", "tokenizerFolder: \"a\\0b\"", "p.yaml:8:46: tokenizerFolder names nothing")]
    [InlineData("vocabularySize: 512", "tokenizerFolder: ''", "p.yaml:8:46: tokenizerFolder names nothing")]
    [InlineData("vocabularySize: 512", "tokenizer: { file: no-such-file }", "p.yaml:8:48: the file /")]
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
    [InlineData("contexts=x", "--set contexts=x: 'contexts' is a step; set one of its options, as contexts.option=value.")]
    [InlineData("steps.contexts=x", "--set steps.contexts=x: ")]
    [InlineData("context=x", "--set context=x: the file has no key 'context'.")]
    [InlineData("model.layerz=2", "--set model.layerz=2: a train step has no key 'layerz'. Did you mean 'layers'?")]
    [InlineData("contexts.tokenizer.fil=p.yaml", "--set contexts.tokenizer.fil=p.yaml: tokenizer has no key 'fil'. Did you mean 'file'?")]
    [InlineData("contexts.tokenizer.file=no/such.json", "--set contexts.tokenizer.file=no/such.json: the file ")]
    [InlineData("contexts.tokeniser.file=x", "--set contexts.tokeniser.file=x: there is no 'tokeniser'.")]
    [InlineData("contexts.text.file=x", "--set contexts.text.file=x: 'contexts.text.file' is no option.")]
    [InlineData("traces.datasets=[docs, docs]", "--set traces.datasets=[docs, docs]: datasets: 'docs' is there twice; name it once.")]
    [InlineData("model.layers=[", "--set")]
    [InlineData("model.layers=x", "--set model.layers=x: layers is 'x'; it must be a whole number.")]
    [InlineData("seed=", "--set seed=: seed is ''; it must be a whole number.")]
    [InlineData("seed=null", "--set seed=null: seed is 'null'; it must be a whole number.")]
    [InlineData("seed= 7", "--set seed= 7: seed is ' 7'; it must be a whole number.")]
    [InlineData("model.checkpoints.steps=[1, 2 #3\n]", "'#3' is no value but a comment, anchor or tag of YAML")]
    [InlineData("model.checkpoints.steps=[1, 2 #3]", "begins as a list or a mapping in YAML and is none")]
    [InlineData("traces.components=[&a heads]", "'&a' is no value but a comment, anchor or tag of YAML")]
    [InlineData("traces.components=[!x heads]", "'!x' is no value but a comment, anchor or tag of YAML")]
    [InlineData("traces.components=", "--set traces.components=: components has an empty name: names or selectors")]
    [InlineData("contexts.text= ", "--set contexts.text= : text has an empty name: dataset")]
    [InlineData("traces.components=[*a]", "'*a' is no value but a comment, anchor or tag of YAML")]
    [InlineData("traces.components=[heads] full", "begins as a list or a mapping in YAML and is none")]
    public void MistakeInAnAssignment_IsSaid(string assignment, string expected)
    {
        var error = Assert.Throws<PipelineException>(() => Read(Good, assignment));
        Assert.Contains(expected, error.Located, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notes #2.jsonl")]
    [InlineData("a: b.jsonl")]
    [InlineData("&notes.jsonl")]
    [InlineData("*notes.jsonl")]
    [InlineData("!notes.jsonl")]
    [InlineData("%notes.jsonl")]
    [InlineData("@notes.jsonl")]
    [InlineData("`notes`.jsonl")]
    [InlineData("\"notes\".jsonl")]
    [InlineData("'notes'")]
    [InlineData("- notes")]
    [InlineData("? notes")]
    [InlineData("| notes")]
    [InlineData("#notes")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("no")]
    [InlineData(" notes ")]
    [InlineData("seed=2.jsonl")]
    [InlineData("[draft] notes.jsonl")]
    [InlineData("[draft]")]
    [InlineData("{draft: 1}")]
    [InlineData("notes\n#2")]
    public void ValueOfAnAssignment_IsTheValue(string name)
    {
        var folder = Directory.CreateTempSubdirectory("rllc-set-").FullName;
        File.WriteAllText(Path.Combine(folder, name), "text");
        foreach (var other in (string[])["notes", "notes.jsonl", "a", "draft"])
            if (other != name) File.WriteAllText(Path.Combine(folder, other), "other text");
        var file = YamlFile.Parse(Path.Combine(folder, "p.yaml"), Good.ReplaceLineEndings("\n"));
        var pipeline = StepKinds.Reader.Read(file, [$"datasets.docs={name}"]);
        Assert.Equal(Path.Combine(folder, name), pipeline.Datasets["docs"]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void ListsAndMappings_AreAssignedInYaml_AndTextsInQuotesInThem()
    {
        var pipeline = Read(Good,
            "model.checkpoints={ logarithmic: 2, steps: [1_0, 1e2] }", "traces.components=[l0h0, 'l1h0+l1h1']", "traces.datasets=docs");
        Assert.Equal([10, 100], pipeline.Steps.Single(s => s.Name == "model").Get<TrainingOptions>().Checkpoints.Steps);
        Assert.Equal(["l0h0", "l1h0+l1h1"], pipeline.Steps.Single(s => s.Name == "traces").Inputs["components"]);
        Assert.Equal(["docs"], pipeline.Steps.Single(s => s.Name == "traces").Inputs["datasets"]);
    }

    [Theory]
    [InlineData("contexts.tokenizerFolder=null")]
    [InlineData("contexts.tokenizerFolder=~")]
    [InlineData("contexts.tokenizerFolder=")]
    public void OptionThatMayBeAbsent_IsTakenBack(string assignment)
    {
        var file = Good.Replace("vocabularySize: 512", "tokenizerFolder: no-such-folder", StringComparison.Ordinal);
        Assert.Null(Read(file, assignment).Steps[0].Get<TokenizeTextOptions>().TokenizerFolder);
    }

    [Fact]
    public void WholeNumbers_AreReadByOneRule_WhereverTheyStand()
    {
        var text = Good.Replace("seed: 7", "seed: 1_000", StringComparison.Ordinal)
            .Replace("512", "5_12", StringComparison.Ordinal)
            .Replace("seed: 9", "seed: 9e0", StringComparison.Ordinal);
        var pipeline = Read(text, "model.steps=1e4", "contexts.sampleCharacters=2.5e6", "traces.nBeta=1_0.5");
        var (tokenize, sgld) = (pipeline.Steps[0].Get<TokenizeTextOptions>(), pipeline.Steps[2].Get<SgldOptions>());
        Assert.Equal((1000, 512), (pipeline.Seed, tokenize.VocabularySize));
        Assert.Equal((10_000, 9), (pipeline.Steps[1].Get<TrainingOptions>().Steps, sgld.Seed));
        Assert.Equal((2_500_000, 10.5), (tokenize.SampleCharacters, sgld.NBeta));
        Assert.Equal("study", Read(Good.Replace("version: 1", "version: 1e0", StringComparison.Ordinal)).Name);
    }

    [Fact]
    public void EveryPath_StartsFromTheFolderOfTheFile()
    {
        var folder = Directory.CreateTempSubdirectory("rllc-paths-").FullName;
        foreach (var name in (string[])["docs.txt", "vocab.json", "merges.txt"]) File.WriteAllText(Path.Combine(folder, name), "x");
        Directory.CreateDirectory(Path.Combine(folder, "tok"));
        var text = Good.ReplaceLineEndings("\n").Replace("dotnet-docs", "docs.txt", StringComparison.Ordinal);
        YamlFile With(string options) => YamlFile.Parse(
            Path.Combine(folder, "p.yaml"), text.Replace("vocabularySize: 512", options, StringComparison.Ordinal));
        Pipeline At(string options) => StepKinds.Reader.Read(With(options));
        Assert.Equal(Path.Combine(folder, "docs.txt"), At("vocabularySize: 512").Datasets["docs"]);
        Assert.Equal(Path.Combine(folder, "tok"), At("tokenizerFolder: ./new/../tok").Steps[0].Get<TokenizeTextOptions>().TokenizerFolder);
        var files = At("tokenizer: { file: vocab.json, merges: merges.txt }").Steps[0].Get<TokenizeTextOptions>().Tokenizer!;
        Assert.Equal((Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt")), (files.File, files.Merges));
        Directory.Delete(folder, recursive: true);
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
        var (layers, checkpoints) = (train.Get<TransformerConfig>().Layers, train.Get<TrainingOptions>().Checkpoints);
        Assert.Equal((5, 2, 11), (layers, checkpoints.Logarithmic, pipeline.Seed));
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
        var kinds = StepKinds.Reader.Read(file).Steps.Select(s => s.Kind.Name);
        Assert.Equal(["tokenize", "train", "sample", "estimate", "cluster", "sample", "patterns", "report"], kinds);
    }

    [Theory]
    [InlineData("contexts.tokenizer.bosId=3")]
    [InlineData("steps.contexts.tokenize.tokenizer.bosId=3")]
    public void OptionOfAMapping_ThatTheFileLeavesOut_IsSet(string assignment)
    {
        var given = Good.Replace("vocabularySize: 512", "vocabularySize: 512, tokenizer: null", StringComparison.Ordinal);
        foreach (var text in (string[])[Good, given])
            Assert.Equal(3, Read(text, assignment).Steps[0].Get<TokenizeTextOptions>().Tokenizer?.BosId);
    }

    private static Pipeline Read(string text, params string[] set) =>
        StepKinds.Reader.Read(YamlFile.Parse("p.yaml", text.ReplaceLineEndings("\n")), set);
}
