using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Core.Weights;

/// <summary>State dicts whose names are not the model's: told by their names, whatever their tensors are.</summary>
public sealed partial class ForeignNamesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-names-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void OtherNames_AreToldBeforeTypes_WithTheExpectedOnes()
    {
        var error = Refused(("attn.c_mask", "BOOL"), ("attn.c_proj.weight", "F32"), ("wte.weight", "F32"));
        Assert.Contains("names of its tensors are not TransformerLens's (0 of 3 are): attn.c_mask, attn.c_proj.weight, wte.weight.",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("Expected are embed.W_E [vocab, d_model], pos_embed.W_pos [pos, d_model]", error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder, error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorPage.CheckpointShapes, ErrorPage.SectionOf(error));
    }

    [Fact]
    public void OtherNames_AreToldWithTheNearest() => Assert.EndsWith(
        "The nearest: 'embd.W_E' for 'embed.W_E', 'layers.0.attn.W_Q' for 'blocks.0.attn.W_Q'.",
        Refused(("embd.W_E", "F32"), ("layers.0.attn.W_Q", "F32"), ("norm.weight", "F32")).Message, StringComparison.Ordinal);

    [Fact]
    public void NamesUnderAWrapper_SayWhatToTakeOff() => Assert.EndsWith("Here they begin with 'net.lm.': take that off.",
        Refused(("net.lm.embed.W_E", "F32"), ("net.lm.ln_final.w", "F32")).Message, StringComparison.Ordinal);

    [Fact]
    public void OneNameTooMany_IsToldBeforeItsType() => Assert.Contains("The model has no tensor blocks.0.attn.c_mask",
        Refused(("embed.W_E", "F32"), ("ln_final.w", "F32"), ("blocks.0.attn.c_mask", "BOOL")).Message, StringComparison.Ordinal);

    [Fact]
    public void ReadmesTable_IsTheModelsNamesAndShapes()
    {
        var config = new TransformerConfig
        {
            VocabularySize = 11, ContextLength = 7, Layers = 2, Heads = 3, ModelWidth = 5, HeadWidth = 4, MlpWidth = 13,
            AttentionBiases = true, UnembeddingBias = true,
        };
        var sizes = new Dictionary<string, int>
        {
            ["vocab"] = 11, ["pos"] = 7, ["head"] = 3, ["d_model"] = 5, ["d_head"] = 4, ["d_mlp"] = 13,
        };
        var readme = File.ReadAllLines(Path.Combine(Repository.Root, "src", "MlNetRllc", "README.md"));
        var table = readme.SkipWhile(line => line != "| tensors | shape | what they are |")
            .TakeWhile(line => line.StartsWith('|'));
        var told = from line in table
                   where line.StartsWith("| `", StringComparison.Ordinal)
                   let cells = line.Split('|', StringSplitOptions.TrimEntries)
                   let shape = cells[2].Trim('[', ']').Split(", ").Select(axis => sizes[axis])
                   from name in Quoted().Matches(cells[1]).Select(match => match.Groups[1].Value)
                   from layer in name.Contains('N') ? Enumerable.Range(0, 2) : [0]
                   select $"{name.Replace("N", $"{layer}", StringComparison.Ordinal)} [{string.Join(", ", shape)}]";
        var names = WeightNames.Shapes(config).Select(weight => $"{weight.Name} [{string.Join(", ", weight.Shape)}]");
        Assert.Equal(names.Order(StringComparer.Ordinal), told.Distinct().Order(StringComparer.Ordinal));
    }

    // A value a tensor; a header is all that names are read from.
    private InvalidDataException Refused(params (string Name, string Type)[] tensors)
    {
        var at = 0;
        var entries = tensors.Select(t =>
            $"\"{t.Name}\":{{\"dtype\":\"{t.Type}\",\"shape\":[1],\"data_offsets\":[{at},{at += (t.Type == "BOOL" ? 1 : 4)}]}}").ToList();
        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        var path = Path.Combine(folder, "step_1.safetensors");
        File.WriteAllBytes(path, [.. length, .. header, .. new byte[at]]);
        return Assert.Throws<InvalidDataException>(() => Checkpoint.Load(path));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
