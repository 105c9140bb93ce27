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

    internal static WeightSet Filled(TransformerConfig config, float start = 0.5f) => new(WeightNames.Shapes(config)
        .Select((s, i) => new Weight(s.Name, s.Shape, [.. Enumerable.Range(0, s.Shape.Aggregate(1, (n, d) => n * d)).Select(j => start + i - j * 0.25f)])));

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
        Checkpoint.Save(stream, Tiny, Filled(Tiny), new Dictionary<string, string> { [Checkpoint.StepKey] = "3" });
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

    [Theory]
    [InlineData("""{"Layers":0}""", "TransformerConfig.Layers is 0")]
    [InlineData("""{"model_type":"gpt2"}""", "model_type")]
    [InlineData("null", "null")]
    [InlineData("{", "config")]
    [InlineData("{}", "embed.W_E has shape [7, 4]; the model needs [5000, 256]")]
    public void ConfigThatDoesNotFit_IsRefused(string json, string reason)
    {
        Safetensors.Write(At("a"), Filled(Tiny), new Dictionary<string, string> { [Checkpoint.ConfigKey] = json });
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(At("a"))).Message);
    }
}
