using System.Text.Json;
using MlNetRllc.Core.Weights;
using MlNetRllc.Core.Weights.PyTorch;

namespace MlNetRllc.Tests.Core.Weights;

/// <summary>Files written by PyTorch 1.13; Reference/pytorch/make_fixtures.py makes them.</summary>
public sealed class PyTorchFileTests
{
    internal static string At(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Reference", "pytorch", name);

    private static readonly JsonElement Expected = JsonDocument.Parse(File.ReadAllText(At("expected.json"))).RootElement;

    public static TheoryData<string> Readable =>
    [
        .. Expected.EnumerateObject().Select(p => p.Name)
            .Where(n => n is not ("transformerlens.pt" or "prefixed.pt")),
    ];

    [Theory]
    [MemberData(nameof(Readable))]
    public void TensorsOfPyTorch_AreReadExactly(string name)
    {
        var (weights, _) = PyTorchFile.Read(At(name));
        AssertHolds(name, weights);
    }

    [Theory]
    [InlineData("transformerlens.pt")]
    [InlineData("prefixed.pt")]
    public void TransformerLensModel_IsLoadedWithItsShapeInferred(string name)
    {
        var (config, weights) = Checkpoint.Load(At(name));
        Assert.Equal(
            new() { VocabularySize = 7, ContextLength = 5, ModelWidth = 4, Heads = 2, HeadWidth = 3, Layers = 2 },
            config);
        AssertHolds(name, weights);
    }

    [Fact]
    public void NumbersBesideTheModel_BecomeMetadata()
    {
        var (_, metadata) = PyTorchFile.Read(At("training.pt"));
        Assert.Equal("300", metadata["step"]);
        Assert.Equal("1.5", metadata["loss"]);
        Assert.Equal("é", metadata["note"]);
    }

    [Theory]
    [InlineData("beside2.pt")]
    [InlineData("beside4.pt")]
    [InlineData("among2.pt")]
    [InlineData("among4.pt")]
    public void NumbersOfNumPy_BecomeMetadata_AndTheRestIsPassedOver(string name)
    {
        var (_, metadata) = PyTorchFile.Read(At(name));
        string[] keys = ["step", "loss", "big", "half", "small", "last", "negative", "largest", "seed", "swapped"];
        string[] values =
            ["300", "1.5", "2.25", "0.5", "200", "True", "-7", "18446744073709551615", "18446744073709551615", "258"];
        Assert.Equal(values, keys.Select(key => metadata[key]));
        Assert.Equal(10, metadata.Count);
    }

    [Fact]
    public void StepOfNumPy_IsTheStepOfTheCheckpoint()
    {
        var folder = Directory.CreateTempSubdirectory("rllc-numpy-");
        try
        {
            File.Copy(At("beside2.pt"), Path.Combine(folder.FullName, "last.pt"));
            Assert.Equal(300, CheckpointFolder.Enumerate(folder.FullName).Single().Step);
        }
        finally { folder.Delete(recursive: true); }
    }

    [Fact]
    public void WholeTensors_AreReadWithoutACopy()
    {
        var (weights, _) = PyTorchFile.Read(At("shared.pt"));
        Assert.Same(weights["a"].Values, weights["b"].Values);
    }

    [Theory]
    [InlineData("bad_system.pt", "posix.system")]
    [InlineData("bad_eval.pt", "__builtin__.eval")]
    [InlineData("bad_module.pt", "torch.nn.modules.container.Sequential")]
    [InlineData("bad_namespace.pt", "argparse.Namespace")]
    [InlineData("bad_array.pt", "numpy.core.multiarray._reconstruct")]
    [InlineData("bad_list_call.pt", "calls __builtin__.list with 1 arguments")]
    [InlineData("bad_list.pt", "rest is a list, not a tensor")]
    [InlineData("bad_legacy.pt", "before 1.6")]
    [InlineData("bad_expanded.pt", ".contiguous()")]
    [InlineData("bad_torchscript.pt", "TorchScript")]
    [InlineData("bad_rotary.pt", "blocks.0.attn.rotary_sin: it stands for rotary positions")]
    [InlineData("bad_no_norm.pt", "The tensor blocks.0.ln1.w is missing: a model without LayerNorm, or with LayerNorm folded")]
    [InlineData("bad_gpt2.pt", "The names of its tensors are not TransformerLens's (0 of ")]
    [InlineData("expected.json", "header")]
    public void OtherFile_IsRefusedWithNameAndReason(string name, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(At(name)));
        Assert.Contains(reason.Replace("∞", $"{float.PositiveInfinity}"), error.Message);
        Assert.StartsWith(At(name), error.Message);
        Assert.False(File.Exists("/tmp/rllc-owned"));
    }

    // Their names are no model's: of a checkpoint that would be said first.
    [Theory]
    [InlineData("bad_sparse.pt", "the tensor s is made by torch._utils._rebuild_sparse_tensor; only plain tensors are read")]
    [InlineData("bad_quantised.pt", "the tensor q is made by torch._utils._rebuild_qtensor")]
    [InlineData("bad_complex.pt", "the tensor w is of torch.ComplexFloatStorage")]
    [InlineData("bad_nan.pt", "the tensor w holds NaN (as float32) at index 1")]
    [InlineData("bad_overflow.pt", "the tensor w holds ∞ (as float32) at index 0")]
    [InlineData("bad_integer.pt", "the tensor w is of type I64")]
    public void OtherTensor_IsRefusedWithNameAndReason(string name, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(At(name)));
        Assert.Contains(reason.Replace("∞", $"{float.PositiveInfinity}"), error.Message);
        Assert.StartsWith(At(name), error.Message);
    }

    [Fact]
    public void MissingFile_IsNamed() =>
        Assert.Contains(
            "nowhere.pt",
            Assert.Throws<FileNotFoundException>(() => Checkpoint.Load("nowhere.pt")).Message);

    private static void AssertHolds(string name, MlNetRllc.Core.Model.WeightSet weights)
    {
        var expected = Expected.GetProperty(name);
        Assert.Equal(
            expected.EnumerateObject().Select(p => p.Name).Order(),
            weights.Select(w => w.Name).Order());
        foreach (var tensor in expected.EnumerateObject())
        {
            Assert.Equal(
                tensor.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32()),
                weights[tensor.Name].Shape);
            var values = tensor.Value.GetProperty("values").EnumerateArray()
                .Select(v => BitConverter.SingleToInt32Bits((float)v.GetDouble()));
            Assert.Equal(values, weights[tensor.Name].Values.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
