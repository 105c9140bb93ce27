using MlNetRllc.Core.Weights;

namespace MlNetRllc.Tests.Core.Weights;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-folder-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Put(string name, string? step = null)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (path.EndsWith(".pt", StringComparison.Ordinal)) File.Copy(PyTorchFileTests.At("training.pt"), path);
        else Safetensors.Write(path, WeightGen.Example, step is null ? null : new Dictionary<string, string> { [Checkpoint.StepKey] = step });
    }

    [Fact]
    public void MixedNames_AreOrderedByStep()
    {
        Put("step_1000.safetensors");
        Put("l2_step=20_seed7.safetensors");
        Put("checkpoint-9/model.safetensors");
        Put("100.pth");
        Put("model-v2.safetensors", "50");
        Put("last.pt");
        Put("run_7.safetensors");
        Put("training-state.safetensors", "1000");
        Put(".step_3.safetensors.part");
        Assert.Equal([7, 9, 20, 50, 100, 300, 1000], CheckpointFolder.Enumerate(folder).Select(c => c.Step));
    }

    [Fact]
    public void NamedSteps_OpenNoFile()
    {
        File.WriteAllBytes(Path.Combine(folder, "step_1.safetensors"), []);
        Assert.Equal(1, CheckpointFolder.Enumerate(folder).Single().Step);
    }

    [Fact]
    public void TwoFilesOfOneStep_AreNamed()
    {
        Put("step_5.safetensors");
        Put("5.pt");
        var error = Assert.Throws<InvalidDataException>(() => CheckpointFolder.Enumerate(folder).ToList());
        Assert.Contains("step_5.safetensors", error.Message);
        Assert.Contains("5.pt", error.Message);
    }

    [Theory]
    [InlineData("model.safetensors", null, "says of which training step")]
    [InlineData("model.safetensors", "soon", "'soon' is no training step")]
    [InlineData("step_99999999999.safetensors", null, "'99999999999' is no training step")]
    public void FileWithoutAStep_IsNamed(string name, string? step, string reason)
    {
        Put(name, step);
        var error = Assert.Throws<InvalidDataException>(() => CheckpointFolder.Enumerate(folder).ToList());
        Assert.Contains(reason, error.Message);
        Assert.Contains(name, error.Message);
    }

    [Fact]
    public void EmptyOrMissingFolder_IsNamed()
    {
        Assert.Contains(folder, Assert.Throws<InvalidDataException>(() => CheckpointFolder.Enumerate(folder).ToList()).Message);
        Assert.Throws<DirectoryNotFoundException>(() => CheckpointFolder.Enumerate(folder + "x"));
    }
}
