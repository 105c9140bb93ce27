using System.Text.Json;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Tests.Core.Weights;

/// <summary>The self-check at load, against the reference model's weights and logits.</summary>
public sealed class LogitSampleTests : IDisposable
{
    private static readonly string Reference = Path.Combine(AppContext.BaseDirectory, "Reference", "tiny_transformer.json");
    private readonly string path = Path.GetTempFileName();
    private readonly TransformerConfig config;
    private readonly WeightSet weights;

    public LogitSampleTests()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Reference));
        Safetensors.Write(path, new(document.RootElement.GetProperty("weights").EnumerateObject().Select(w => new Weight(
            w.Name.Replace("W_E", "embed.W_E").Replace("W_pos", "pos_embed.W_pos").Replace("W_U", "unembed.W_U")
                .Replace(".ln.weight", ".ln1.w").Replace(".ln.bias", ".ln1.b")
                .Replace("ln_f.weight", "ln_final.w").Replace("ln_f.bias", "ln_final.b"),
            w.Value.GetProperty("shape").Deserialize<int[]>()!, w.Value.GetProperty("data").Deserialize<float[]>()!))));
        (config, weights) = Checkpoint.Load(path);
    }

    public void Dispose() => File.Delete(path);

    [Fact]
    public void ImportedReferenceModel_GivesTheReferenceLogits() =>
        Assert.InRange(Checkpoint.Verify(config, weights, LogitSample.Read(Reference)), 0, 2e-5);

    [Fact]
    public void Check_LeavesNoTensorBehind()
    {
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Checkpoint.Verify(config, weights, LogitSample.Read(Reference));
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void AnotherModel_IsRefusedAtTheWorstLogit()
    {
        var (other, sample) = (config with { LayerNormEpsilon = 0.1 }, LogitSample.Read(Reference));
        var epsilon = Assert.Throws<InvalidDataException>(() => Checkpoint.Verify(other, weights, sample));
        Assert.Contains("sequence", epsilon.Message);
        var changed = weights.Select(w => w.Name == WeightNames.Position ? w with { Values = [.. w.Values.Select(v => v * 1.5f)] } : w);
        Assert.Throws<InvalidDataException>(() => Checkpoint.Verify(config, new(changed), LogitSample.Read(Reference)));
    }

    [Fact]
    public void SampleOfAnotherVocabulary_IsRefused() =>
        Assert.Contains("3 tokens", Assert.Throws<ArgumentException>(
            () => Checkpoint.Verify(config, weights, new([[1]], [[[1, 2, 3]]]))).Message);

    [Theory]
    [InlineData("{}", "'ids'")]
    [InlineData("""{"ids":[[1,2]]}""", "'logits'")]
    [InlineData("""{"ids":[[1,2]],"logits":[[[1,2]]]}""", "shape [2, 2]")]
    [InlineData("""{"ids":[[1,2],[1]],"logits":[[[1],[2]],[[1]]]}""", "Sequence 1")]
    [InlineData("""{"ids":[null],"logits":[null]}""", "no tokens")]
    [InlineData("""{"ids":[[1.5]],"logits":[]}""", "$[0][0]")]
    [InlineData("nonsense", "invalid JSON")]
    public void DamagedSampleFile_IsRefusedByName(string json, string reason)
    {
        File.WriteAllText(path, json);
        var error = Assert.Throws<InvalidDataException>(() => LogitSample.Read(path));
        Assert.Contains(reason, error.Message);
        Assert.StartsWith(path, error.Message);
    }
}
