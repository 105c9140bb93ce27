using System.Diagnostics;
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
        else
        {
            var metadata = step is null ? null : new Dictionary<string, string> { [Checkpoint.StepKey] = step };
            Safetensors.Write(path, WeightGen.Example, metadata);
        }
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

    private string Refused() =>
        Assert.Throws<InvalidDataException>(() => CheckpointFolder.Enumerate(folder).ToList()).Message;

    private void PutEmpty(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        }
    }

    private (int Step, string Path)[] Found(string inside = "")
    {
        string Relative(string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
        return [.. CheckpointFolder.Enumerate(Path.Combine(folder, inside)).Select(c => (c.Step, Relative(c.Path)))];
    }

    /// <summary>A folder as the trainers of the Transformers library write it.</summary>
    private void PutTrainersFolder(string name) => PutEmpty(
        $"{name}/model.safetensors",
        $"{name}/optimizer.pt",
        $"{name}/scheduler.pt",
        $"{name}/scaler.pt",
        $"{name}/rng_state.pth",
        $"{name}/rng_state_0.pth",
        $"{name}/training_args.bin",
        $"{name}/trainer_state.json",
        $"{name}/config.json");

    [Fact]
    public void TrainersFolders_AreTheirModels()
    {
        PutTrainersFolder("checkpoint-50");
        PutTrainersFolder("checkpoint-100");
        PutEmpty("runs/events.out.tfevents.1718000000.host.1.0");
        Assert.Equal(
            [(50, "checkpoint-50/model.safetensors"), (100, "checkpoint-100/model.safetensors")],
            Found());
    }

    [Theory]
    [InlineData("checkpoint-50", 50)]
    [InlineData("50", 50)]
    [InlineData("global_step1000", 1000)]
    public void TrainersFolder_NamedItself_IsItsModel(string name, int step)
    {
        PutTrainersFolder(name);
        File.Delete(Path.Combine(folder, name, "model.safetensors"));
        Put($"{name}/model.safetensors");
        Assert.Equal([(step, $"{name}/model.safetensors")], Found(name));
        Assert.Equal([(step, $"{name}/model.safetensors")], Found($"{name}/"));
    }

    [Fact]
    public void ModelAloneInItsFolder_IsOfTheStepInside_BeforeItsFoldersName()
    {
        Put("checkpoint-50/model.safetensors", "300");
        Assert.Equal([(300, "checkpoint-50/model.safetensors")], Found("checkpoint-50"));
    }

    [Theory]
    [InlineData("optimizer_100.pt")]
    [InlineData("step_100_optimizer.pt")]
    [InlineData("optim_state_step_100.pt")]
    [InlineData("lr_scheduler-100.pt")]
    [InlineData("zero_pp_rank_0_mp_rank_00_optim_states.pt")]
    public void StateForResuming_BesideModels_IsNone(string name)
    {
        PutEmpty("step_100.safetensors", "step_200.pt", name);
        Assert.Equal([(100, "step_100.safetensors"), (200, "step_200.pt")], Found());
    }

    [Fact]
    public void PytorchModelBin_IsAModel()
    {
        PutEmpty("checkpoint-50/pytorch_model.bin", "checkpoint-50/optimizer.pt");
        Assert.Equal([(50, "checkpoint-50/pytorch_model.bin")], Found());
    }

    [Theory]
    [InlineData("model.safetensors ema.safetensors", "several checkpoints (ema.safetensors, model.safetensors)")]
    [InlineData("optimizer.pt scheduler.pt", "optimizer.pt, scheduler.pt are not read as a model")]
    [InlineData("adapter_model.bin", "adapter_model.bin is not read as a model")]
    [InlineData("model-00001-of-00002.safetensors model-00002-of-00002.safetensors", "is a part of a model that lies in 2 files")]
    public void FolderWithoutACertainModel_NamesTheFilesInTheWay(string files, string reason)
    {
        PutTrainersFolder("checkpoint-50");
        PutEmpty([.. files.Split(' ').Select(f => $"checkpoint-100/{f}")]);
        Assert.Contains("checkpoint-100", Refused());
        Assert.Contains(reason, Refused());
    }

    [Fact]
    public void FilesForResumingAlone_AreNamed()
    {
        PutEmpty("optimizer.pt", "rng_state.pth");
        Assert.Contains(
            "holds no checkpoint (.safetensors, .pt, .pth); optimizer.pt, rng_state.pth are not read as a model",
            Refused());
    }

    [Fact]
    public void ModelOfOnePart_IsWhole()
    {
        PutEmpty("checkpoint-50/model-00001-of-00001.safetensors");
        Assert.Equal(50, Assert.Single(Found()).Step);
    }

    [Fact, Trait("System", "Unix")]
    public void HiddenFoldersAndLinks_AddNothing()
    {
        PutEmpty("step_1.pt", "step_2/model.pt", ".cache/step_3.pt", "elsewhere-not/readme.txt");
        File.CreateSymbolicLink(Path.Combine(folder, "latest.pt"), "step_1.pt");
        File.CreateSymbolicLink(Path.Combine(folder, "best.pt"), "step_2/model.pt");
        File.CreateSymbolicLink(Path.Combine(folder, "last"), Path.Combine(folder, "step_2"));
        File.CreateSymbolicLink(Path.Combine(folder, "up_9"), ".");
        Assert.Equal([(1, "step_1.pt"), (2, "step_2/model.pt")], Found());
    }

    [Fact, Trait("System", "Unix")]
    public void LinksToFilesElsewhere_AreCheckpoints()
    {
        PutEmpty("blobs/3f9a", "blobs/77aa", "hub/none.txt");
        File.CreateSymbolicLink(Path.Combine(folder, "hub/step_1.pt"), "../blobs/3f9a");
        File.CreateSymbolicLink(Path.Combine(folder, "hub/step_2.pt"), "../blobs/77aa");
        Assert.Equal([1, 2], Found("hub").Select(f => f.Step));
    }

    [Fact, Trait("System", "Unix")]
    public void NamedPipe_IsNoCheckpoint()
    {
        Put("step_1.safetensors");
        var pipe = Path.Combine(folder, "step_2.safetensors");
        using (var made = Process.Start("mkfifo", pipe)) made.WaitForExit();
        Assert.Equal([1], CheckpointFolder.Enumerate(folder).Select(c => c.Step));
        Assert.Contains(
            "only regular files are read",
            Assert.Throws<InvalidDataException>(() => CheckpointReader.Read(pipe)).Message);
    }

    [Fact, Trait("System", "Unix")]
    public void FolderWhoseNameIsLikeAPattern_IsThatFolder()
    {
        PutEmpty("run?/step_1.pt", "runX/step_2.pt", "a[1]*/step_3.pt");
        Assert.Equal([(1, "run?/step_1.pt")], Found("run?"));
        Assert.Equal([(3, "a[1]*/step_3.pt")], Found("a[1]*"));
    }

    [Fact]
    public void EpochsBesideSteps_AreOfTheStepInside_OrRefused()
    {
        Put("epoch_1.safetensors", "500");
        PutEmpty("step_600.pt");
        Assert.Equal([500, 600], Found().Select(f => f.Step));
        Put("epoch_2.safetensors");
        Assert.Contains(
            "epoch_2.safetensors: its name counts epochs, and not all of its folder do. Name it step_N",
            Refused());
    }

    [Fact]
    public void DoubtfulName_IsOfTheStepInside()
    {
        Put("ckpt_3f9a12bc.safetensors", "300");
        Put("step_1_000.safetensors", "1000");
        Put("step_1500.safetensors");
        Assert.Equal([300, 1000, 1500], Found().Select(f => f.Step));
    }

    [Fact]
    public void EmptyOrMissingFolder_IsNamed()
    {
        Assert.Contains(
            folder,
            Assert.Throws<InvalidDataException>(() => CheckpointFolder.Enumerate(folder).ToList()).Message);
        Assert.Throws<DirectoryNotFoundException>(() => CheckpointFolder.Enumerate(folder + "x"));
    }
}
