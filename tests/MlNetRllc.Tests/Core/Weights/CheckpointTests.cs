using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Tests.Core.Weights;

public sealed class CheckpointTests : IDisposable
{
    internal static readonly TransformerConfig Tiny = new()
    {
        VocabularySize = 7, ContextLength = 5, Layers = 2, Heads = 2, ModelWidth = 4, HeadWidth = 3, MlpWidth = 6, LayerNormEpsilon = 1e-4,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("rllc-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    internal static WeightSet Filled(TransformerConfig config, float start = 0.5f)
    {
        static int Size(int[] shape) => shape.Aggregate(1, (n, d) => n * d);
        float[] Values(int weight, int[] shape) =>
            [.. Enumerable.Range(0, Size(shape)).Select(j => start + weight - j * 0.25f)];
        return new(WeightNames.Shapes(config).Select((s, i) => new Weight(s.Name, s.Shape, Values(i, s.Shape))));
    }

    [Fact]
    public void SavedModel_ComesBackWithItsConfig()
    {
        Checkpoint.Save(At("a"), Tiny, Filled(Tiny));
        var (config, weights) = Checkpoint.Load(At("a"));
        Assert.Equal(Tiny, config);
        WeightGen.AssertSame(Filled(Tiny), weights);
    }

    [Fact]
    public void OrderOfTheSet_DoesNotChangeTheFile()
    {
        Checkpoint.Save(At("a"), Tiny, Filled(Tiny));
        Checkpoint.Save(At("b"), Tiny, new(Filled(Tiny).Reverse()));
        Assert.Equal(File.ReadAllBytes(At("a")), File.ReadAllBytes(At("b")));
    }

    [Fact]
    public void StreamInTheMiddleOfOthers_IsReadBack()
    {
        var stream = new MemoryStream();
        stream.WriteByte(1);
        Checkpoint.Save(
            stream, Tiny, Filled(Tiny), new Dictionary<string, string> { [Checkpoint.StepKey] = "3" });
        stream.WriteByte(2);
        stream.Position = 1;
        var (config, weights) = Checkpoint.Load(stream);
        Assert.Equal(Tiny, config);
        Assert.Equal(Filled(Tiny).Key, weights.Key);
        Assert.Equal(2, stream.ReadByte());
    }

    [Fact]
    public void WeightsOfAnotherShape_AreNotSaved()
    {
        Assert.Throws<ArgumentException>(() => Checkpoint.Save(At("a"), Tiny with { Heads = 3 }, Filled(Tiny)));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void FileWithoutConfig_HasItsShapeInferred()
    {
        var plain = Tiny with { MlpWidth = 0, AttentionBiases = false, UnembeddingBias = false, Layers = 11 };
        foreach (var config in (TransformerConfig[])[Tiny, plain])
        {
            Safetensors.Write(At("a"), Filled(config));
            Assert.Equal(config with { LayerNormEpsilon = 1e-5 }, Checkpoint.Load(At("a")).Config);
            Assert.Equal(config, Checkpoint.Load(At("a"), config).Config);
        }
    }

    [Theory]
    [InlineData("blocks.0.attn.W_Q", "The tensor blocks.0.attn.W_Q is missing")]
    [InlineData("blocks.1.attn.b_K", "The tensor blocks.1.attn.b_K is missing")]
    [InlineData("pos_embed.W_pos", "this model needs a position table")]
    [InlineData("ln_final.w", "Save it unfolded (fold_ln=False)")]
    public void MissingWeight_IsExplained(string name, string reason)
    {
        Safetensors.Write(At("a"), new(Filled(Tiny).Where(w => w.Name != name)));
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(At("a"))).Message);
    }

    [Theory]
    [InlineData("blocks.0.mlp.W_gate", "a gated MLP")]
    [InlineData("blocks.0.attn._W_K", "grouped-query attention")]
    [InlineData("blocks.0.ln1_post.w", "a LayerNorm after attention")]
    [InlineData("value_head.weight", "The model has no tensor value_head.weight")]
    public void ForeignWeight_IsExplained(string name, string reason)
    {
        Safetensors.Write(At("a"), new(Filled(Tiny).Append(new(name, [1], [1]))));
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(At("a"))).Message);
    }

    [Fact]
    public void TwoNamesForOneWeight_AreRefused()
    {
        Safetensors.Write(At("a"), new(Filled(Tiny).Append(new("model.ln_final.w", [4], [1, 2, 3, 4]))));
        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(At("a")));
        Assert.Contains("ln_final.w and model.ln_final.w both stand for ln_final.w", error.Message);
    }

    [Theory]
    [InlineData("""{"Layers":0}""", "TransformerConfig.Layers is 0")]
    [InlineData("""{"model_type":"gpt2"}""", "model_type")]
    [InlineData("null", "null")]
    [InlineData("{", "config")]
    [InlineData("{}", "The model has no tensor blocks.0.ln2.w")]
    [InlineData("""{"Layers":3,"MlpWidth":6}""", "The tensor blocks.2.ln1.w is missing")]
    [InlineData(
        """{"VocabularySize":7,"ContextLength":5,"Heads":2,"ModelWidth":4,"HeadWidth":3,"MlpWidth":9}""",
        "blocks.0.mlp.W_in has shape [4, 6]; the model needs [4, 9]")]
    public void ConfigThatDoesNotFit_IsRefused(string json, string reason)
    {
        Safetensors.Write(
            At("a"), Filled(Tiny), new Dictionary<string, string> { [Checkpoint.ConfigKey] = json });
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(At("a"))).Message);
    }
}
