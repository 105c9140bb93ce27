using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Pipelines;

/// <summary>What a file names and is not there, what is no pipeline file, and what an assignment makes of a file.</summary>
public sealed class NotFoundTests
{
    [Theory]
    [InlineData("nosuch*.jsonl", "No file matches")]
    [InlineData("empty", "holds no file that is not hidden")]
    [InlineData("card.yaml", "There is no file or folder")]
    public void TextThatIsNotThere_IsRefusedAtItsPlace(string text, string expected)
    {
        using var study = new ReducedStudy(ReducedStudy.Yaml.Replace("docs: docs.jsonl", $"docs: {text}", StringComparison.Ordinal));
        Directory.CreateDirectory(study.At("empty"));
        File.WriteAllText(study.At("card.yaml"), "name: c\nsources:\n  - location: gone.jsonl\n");
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(study.PipelineFile));
        Assert.StartsWith($"{study.PipelineFile}:4:19: the dataset 'docs': ", error.Located, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private const string OfAFolder = """
        version: 1
        name: tiny
        datasets: { docs: docs.jsonl }
        steps:
          contexts: { tokenize: { text: docs, vocabularySize: 300, contextLength: 16 } }
          model: { checkpoints: { folder: empty, contexts: contexts } }
        """;

    [Fact]
    public void CheckpointThatCannotBeRead_IsNoFaultOfTheFile_AndExits1()
    {
        using var study = new ReducedStudy(OfAFolder);
        Directory.CreateDirectory(study.At("empty"));
        File.WriteAllText(study.At("empty", "step_4294967396.pt"), "");
        var ended = RunnerProcess.Run(study.Folder, ["run", study.PipelineFile]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("step_4294967396.pt: ", ended.Output + ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderWithoutCheckpoints_IsRefusedAtItsPlace()
    {
        using var study = new ReducedStudy(OfAFolder);
        Directory.CreateDirectory(study.At("empty"));
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(study.PipelineFile));
        Assert.StartsWith($"{study.PipelineFile}:6:35: the folder: {study.At("empty")} holds no checkpoint", error.Located,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0089PNG\r\n", "this is a PNG picture")]
    [InlineData("a\0b", "this is no text")]
    [InlineData("name: \u00ff", "this is no text")]
    [InlineData("", "the file holds nothing")]
    [InlineData("# a comment", "the file holds nothing")]
    [InlineData("- a", "the file holds a list")]
    [InlineData("some words", "the file holds plain text")]
    [InlineData("a: 1\n---\nb: 1", "the file holds 2 documents")]
    [InlineData("{\"name\": 1,", "this begins as JSON")]
    [InlineData("a: 1\n\tb: 1", "this is not YAML; the mistake is here or just before (")]
    public void WhatIsNoPipelineFile_IsSaidInWords(string latin1, string expected)
    {
        using var study = new ReducedStudy();
        File.WriteAllBytes(study.PipelineFile, System.Text.Encoding.Latin1.GetBytes(latin1));
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(study.PipelineFile));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_IsToldAsOne_WithAFileInIt()
    {
        using var study = new ReducedStudy();
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(study.Folder));
        Assert.Equal($"this is a folder; give a pipeline file, such as {study.PipelineFile}.", error.Message);
    }

    [Theory]
    [InlineData("model.subset={contexts: [0, 1, 2]}", "model.subset={contexts: [0, 1, 2]}")]
    [InlineData("matrix={seed: [1], seed: [2]}", "matrix={seed: [1], seed: [2]}")]
    [InlineData("version=7", "version=7")]
    public void AssignmentThatMakesAFileWrong_IsNamed(string assignment, string named)
    {
        using var study = new ReducedStudy();
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.ReadMatrix(study.PipelineFile, ["seed=2", assignment]));
        Assert.StartsWith($"--set {named}: ", error.Located, StringComparison.Ordinal);
    }
}
