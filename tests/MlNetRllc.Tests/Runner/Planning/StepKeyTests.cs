using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Tests.Core.Weights;

namespace MlNetRllc.Tests.Runner.Planning;

/// <summary>What the key of a step that takes a folder of checkpoints follows from.</summary>
public sealed class StepKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-key-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string KeyOf(string checkpoints)
    {
        File.WriteAllText(Path.Combine(folder, "docs.txt"), "one");
        var file = Path.Combine(folder, "study.yaml");
        File.WriteAllText(file, $$"""
            version: 1
            name: keys
            seed: 1
            datasets: { docs: docs.txt }
            steps:
              contexts:
                tokenize: { text: docs, vocabularySize: 257, contextLength: 8 }
              model:
                checkpoints: { folder: {{checkpoints}}, contexts: contexts }
            """);
        return StepKey.KeysOf(StepKinds.Reader.Read(file))["model"].Value;
    }

    private void Put(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
        File.Copy(PyTorchFileTests.At("dtypes.pt"), Path.Combine(folder, name));
    }

    [Fact]
    public void FolderThatNamesItsModelsStep_IsPartOfTheKey()
    {
        Put("checkpoint-50/model.pt");
        Put("checkpoint-60/model.pt");
        Assert.NotEqual(KeyOf("checkpoint-50"), KeyOf("checkpoint-60"));
    }

    [Fact]
    public void FolderOfNamedCheckpoints_MayBeRenamed()
    {
        Put("run-1/step_50.pt");
        Put("run-2/step_50.pt");
        Assert.Equal(KeyOf("run-1"), KeyOf("run-2"));
    }

    [Fact]
    public void Bookkeeping_IsNoPartOfTheKey()
    {
        Put("run/step_50.pt");
        var before = KeyOf("run");
        Put("run/.cache/download/step_50.pt.metadata");
        Assert.Equal(before, KeyOf("run"));
        Put("run/step_60.pt");
        Assert.NotEqual(before, KeyOf("run"));
    }
}
