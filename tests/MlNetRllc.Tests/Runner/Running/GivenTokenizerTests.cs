using MlNetRllc.Runner.Runs;
using System.Globalization;
using System.Text.Json;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Tests.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>Studies whose tokenizer was published or saved elsewhere.</summary>
public sealed class GivenTokenizerTests
{
    private const string Trained = """
          model:
            train: { contexts: contexts, layers: 1, heads: 2, modelWidth: 8, headWidth: 4, steps: 4, batchSize: 4,
              checkpoints: { logarithmic: 2 } }
          traces:
            sample: { model: model, components: [heads], datasets: [docs, code], chains: 2, draws: 4, burnIn: 0, batchSize: 4 }
          rllc:
            estimate: { traces: traces }
          scores:
            score: { model: model, text: docs, checkpointCount: 1,
              scoring: { sequences: 4, ablationContexts: 4, modelContexts: 4, words: 8 }, patterns: { contexts: 2, tokens: 8 } }
        """;

    [Theory]
    [InlineData("tokenizer: { kind: bpe, file: tok/vocab.json, merges: tok/merges.txt }", TokenizerKind.Bpe)]
    [InlineData("tokenizer: { kind: tiktoken, file: tok/small.tiktoken, model: gpt-4, bosId: 399 }", TokenizerKind.Tiktoken)]
    [InlineData("tokenizer: { kind: sentencePiece, file: tok/tokenizer.model, bosId: 1 }", TokenizerKind.SentencePiece)]
    [InlineData("tokenizer: { kind: wordPiece, file: tok/vocab.txt }", TokenizerKind.WordPiece)]
    [InlineData("tokenizerFolder: tok", TokenizerKind.Bpe)]
    public void Study_Runs_IsKept_AndGoesOnFromWhatItKept(string option, TokenizerKind kind)
    {
        using var study = new ReducedStudy(Study(option, Trained));
        PublishedTokenizers.Write(Directory.CreateDirectory(study.At("tok")).FullName, kind);
        Assert.Equal("finished", study.Run().State);
        Assert.Empty(ReducedStudy.Done(study.Run()));
        // The tokenizer comes back from the run folder, and gives the tokens it gave.
        Assert.Equal(["traces", "rllc"], ReducedStudy.Done(study.Run(set: "traces.draws=5")));
        study.Run("fresh", set: "traces.draws=5");
        Assert.Equal(study.Tables("fresh"), study.Tables());
    }

    [Fact]
    public void TokenizerOfAnotherRun_IsUsed_WhateverItsKind()
    {
        using var study = new ReducedStudy(Study("tokenizer: { kind: wordPiece, file: tok/vocab.txt }", ""));
        PublishedTokenizers.Write(Directory.CreateDirectory(study.At("tok")).FullName, TokenizerKind.WordPiece);
        var first = study.Run();
        File.WriteAllText(study.PipelineFile, Study("tokenizerFolder: runs/tiny/tokenizers/contexts", ""));
        var second = study.Run("again");
        Assert.Equal(first.Steps[0].Summary, second.Steps[0].Summary);
        Assert.Equal(Tokens(study, "runs"), Tokens(study, "again"));
    }

    [Fact]
    public void ChangedTokenizer_MakesItsReadersStale_AndAMovedStudyIsKept()
    {
        using var study = new ReducedStudy(Study("tokenizerFolder: tok", ""));
        PublishedTokenizers.Write(Directory.CreateDirectory(study.At("tok")).FullName, TokenizerKind.Bpe);
        study.Run();
        var moved = Directory.CreateDirectory(study.At("elsewhere")).FullName;
        foreach (var name in (string[])["tok", "runs"]) Directory.Move(study.At(name), Path.Combine(moved, name));
        foreach (var file in (string[])["tiny.yaml", "docs.jsonl", "code.jsonl"]) File.Move(study.At(file), Path.Combine(moved, file));
        var (pipeline, runs) = (Path.Combine(moved, "tiny.yaml"), Path.Combine(moved, "runs"));
        string StateOf() => StudyPlan.PlanOf(StepKinds.Reader.ReadMatrix(pipeline), runs)[0].State;
        Assert.Equal("cached", StateOf());
        File.AppendAllText(Path.Combine(moved, "tok", "README.md"), "Beside a tokenizer, not of it.");
        Assert.Equal("cached", StateOf());
        File.AppendAllText(Path.Combine(moved, "tok", "merges.txt"), "\n");
        Assert.Equal("stale", StateOf());
    }

    // All weights but the biases of the unembedding are zero, so the loss of a token is log(sum of exp(biases)) less its own
    // bias, over all 320 rows: those of padding weigh most.
    [Theory]
    [InlineData("tokenizer: { kind: bpe, file: tok/vocab.json, merges: tok/merges.txt, bosId: 0 }")]
    [InlineData("tokenizerFolder: tok")]
    public void PaddedVocabulary_OfAModelTrainedElsewhere_HasLossesOverAllItsRows(string option)
    {
        using var study = new ReducedStudy(Study(option, """
              model:
                checkpoints: { folder: trained, contexts: contexts }
            """, size: 320));
        var small = PublishedTokenizers.Small;
        var folder = Directory.CreateDirectory(study.At("tok")).FullName;
        small.Save(folder);
        File.Delete(Path.Combine(folder, "tokenizer.sha256")); // other programs write none
        var entries = small.Vocabulary.Entries.Where(e => e.Value != small.BosId).OrderBy(e => e.Value).Select(e => e.Key);
        string[] names = ["<|endoftext|>", .. entries];
        var ids = names.Select((name, id) => (name, id)).ToDictionary(e => e.name, e => e.id);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(ids));
        var config = new TransformerConfig
        {
            Layers = 1, Heads = 1, ModelWidth = 4, HeadWidth = 4, VocabularySize = 320, ContextLength = 16,
        };
        float[] biases = [.. Enumerable.Range(0, 320).Select(id => id >= 290 ? 2f : 0.001f * id)];
        float[] ValuesOf(string name, IEnumerable<int> shape) =>
            name == "unembed.b_U" ? biases : new float[shape.Aggregate(1, (n, d) => n * d)];
        var trained = Directory.CreateDirectory(study.At("trained")).FullName;
        var weights = WeightNames.Shapes(config).Select(s => new Weight(s.Name, s.Shape, ValuesOf(s.Name, s.Shape)));
        Checkpoint.Save(Path.Combine(trained, "step_0.safetensors"), config, new(weights));

        study.Run();
        var total = Math.Log(biases.Sum(b => Math.Exp(b)));
        var contexts = Tokens(study, "runs").Chunk(16).Take(128).ToList();
        Assert.All(contexts, c => Assert.Equal(0, c[0]));
        var expected = contexts.SelectMany(c => c.Skip(1)).Average(id => total - biases[id]);
        var row = Assert.Single(RunTables.RowsOf(study.At("runs", "tiny", "tables", "model.csv")));
        Assert.Equal(expected, double.Parse(row["TrainLoss"], CultureInfo.InvariantCulture), 1e-5);
    }

    private static string Study(string option, string steps, int size = 400) => $$"""
        version: 1
        name: tiny
        datasets: { docs: docs.jsonl, code: code.jsonl }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: {{size}}, contextLength: 16, {{option}} }
        {{steps}}
        """;

    private static int[] Tokens(ReducedStudy study, string runs)
    {
        var bytes = File.ReadAllBytes(Directory.GetFiles(study.At(runs), "train.tokens", SearchOption.AllDirectories).Single());
        return [.. bytes.Chunk(4).Select(b => BitConverter.ToInt32(b))];
    }
}
