using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Tests.Core.Weights;

namespace MlNetRllc.Tests.Checkpoints;

public sealed class LoadCheckpointsTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-foreign-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void FolderOfPyTorchFiles_IsSampledAsAStudy()
    {
        File.Copy(PyTorchFileTests.At("transformerlens.pt"), Path.Combine(folder, "step_20.pt"));
        var (config, weights) = Checkpoint.Load(Path.Combine(folder, "step_20.pt"));
        Checkpoint.Save(Path.Combine(folder, "step_3.safetensors"), config, weights);
        var checkpoints = ml.Rllc.LoadCheckpoints(folder);
        Assert.Equal([3, 20], checkpoints.GetColumn<int>("Step"));
        Assert.All(checkpoints.GetColumn<float>("ValidationLoss"), loss => Assert.True(float.IsNaN(loss)));

        static Context ContextOf(int i) => new() { Tokens = [i % 7, (i + 1) % 7, 2, 3, i * i % 7] };
        var text = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(ContextOf).ToList());
        var grid = ml.Rllc.EstimationGrid(checkpoints, ["heads"], ["text"]);
        var datasets = new Dictionary<string, IDataView> { ["text"] = text };
        var chain = ml.Rllc.SampleSgld(datasets, TinyStudy.Options).Append(ml.Rllc.EstimateRllc());
        var rows = chain.Fit(grid).Transform(grid);
        Assert.All(rows.GetColumn<string>("SampleStatus"), status => Assert.Equal("", status));
        var values = rows.GetColumn<double>("Rllc").ToList();
        Assert.Equal(values.Take(4), values.Skip(4)); // the same weights, whatever the file
    }

    [Fact]
    public void Sample_RefusesAnotherModel_AndNamesTheFile()
    {
        using var study = new TinyStudy();
        var wrong = new LogitSample([[1, 2]], [[[.. new float[16]], [.. new float[16]]]]);
        var logits = new Dictionary<int, LogitSample> { [1] = wrong };
        var error = Assert.Throws<InvalidDataException>(() => ml.Rllc.LoadCheckpoints(study.Folder, logits));
        Assert.Contains("step_1.safetensors: The model's logits differ", error.Message, StringComparison.Ordinal);
        Assert.Contains("no checkpoint of step 7", Assert.Throws<ArgumentException>(() =>
            ml.Rllc.LoadCheckpoints(study.Folder, new Dictionary<int, LogitSample> { [7] = wrong })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstRowOfAHundredFiles_OpensNone()
    {
        for (var i = 0; i < 100; i++) File.WriteAllBytes(Path.Combine(folder, $"step_{i}.safetensors"), []);
        Assert.Equal(100, ml.Rllc.LoadCheckpoints(folder).GetColumn<string>("Checkpoint").Count());
    }

    private sealed class Context
    {
        [VectorType(5)]
        public int[] Tokens { get; set; } = [];
    }
}
