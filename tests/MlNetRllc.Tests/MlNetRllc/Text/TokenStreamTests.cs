using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Text;

namespace MlNetRllc.Tests.Text;

/// <summary>The contexts of packaged text, held to the bit: a study of an earlier version must find the same tokens.</summary>
public sealed class TokenStreamTests
{
    [Theory]
    [InlineData("dotnet-docs", 2048, "af72c1d4d5c89509584371ff6aa616150984898652ea581b")]
    [InlineData("languages-ja", 600, "e99b93032b547464e9a1efaad3a6a5fe6266385afc2c1ef4")]
    public void PackagedText_GivesTheContextsItAlwaysGave(string card, int vocabulary, string expected)
    {
        var ml = new MLContext(seed: 1);
        var text = ml.Rllc.LoadText(card).View;
        var contexts = ml.Rllc.TokenizeText(vocabularySize: vocabulary, contextLength: 128).Fit(text).Transform(text);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (tokens, split) in contexts.GetColumn<int[]>("Tokens").Zip(contexts.GetColumn<string>("Split")))
        {
            hash.AppendData(MemoryMarshal.AsBytes(tokens.AsSpan()));
            hash.AppendData(Encoding.UTF8.GetBytes(split));
        }
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetCurrentHash())[..48]);
    }
}
