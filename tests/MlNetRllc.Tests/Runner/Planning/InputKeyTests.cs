using System.Globalization;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Sources;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Runner.Planning;

/// <summary>Keys of steps follow the content of every input, and everything that a card says of its text.</summary>
public sealed class InputKeyTests : IDisposable
{
    private const string Base = "name: x\nsources: [{ location: texts }]\n";

    /// <summary>For each property of a card and its parts a line that changes it, or null where the text does not follow from it.</summary>
    private static readonly Dictionary<string, string?> Edits = new(StringComparer.Ordinal)
    {
        ["DatasetCard.Name"] = null, ["DatasetCard.Title"] = null, ["DatasetCard.Licence"] = null,
        ["DatasetCard.Homepage"] = null, ["DatasetCard.Notes"] = null,
        ["DatasetCard.Documents"] = null, ["DatasetCard.Bytes"] = null,
        ["DatasetCard.Format"] = "format: text", ["DatasetCard.Unit"] = "unit: line",
        ["DatasetCard.Separator"] = "separator: ----", ["DatasetCard.TextColumn"] = "textColumn: body",
        ["DatasetCard.Lists"] = "lists: documents",
        ["DatasetCard.Sources"] = "sources: [{ location: texts, weight: 1 }, { location: texts }]",
        ["DatasetCard.Filter"] = "filter: { minimumLength: 3 }", ["DatasetCard.Sample"] = "sample: { documents: 3 }",
        ["DatasetCard.Checksum"] = "checksum: aa",
        ["DatasetSource.Location"] = "sources: [{ location: texts/a.jsonl }]",
        ["DatasetSource.Sha256"] = "sources: [{ location: texts, sha256: aa }]",
        ["DatasetSource.Weight"] = "sources: [{ location: texts, weight: 2 }]",
        ["DatasetSource.Format"] = "sources: [{ location: texts, format: text }]",
        ["DatasetFilter.Columns"] = "filter: { columns: { language: [English] } }",
        ["DatasetFilter.MinimumLength"] = "filter: { minimumLength: 4 }",
        ["DatasetFilter.MaximumLength"] = "filter: { maximumLength: 4 }", ["DatasetFilter.Duplicates"] = "filter: { duplicates: near }",
        ["DatasetFilter.StripFormatItems"] = "filter: { stripFormatItems: true }",
        ["DatasetSample.Documents"] = "sample: { documents: 4 }", ["DatasetSample.Seed"] = "sample: { documents: 4, seed: 2 }",
    };

    private readonly string folder = Directory.CreateTempSubdirectory("rllc-keys-").FullName;

    public InputKeyTests()
    {
        Directory.CreateDirectory(At("texts"));
        File.WriteAllText(At("texts", "a.jsonl"), "{\"text\":\"one\"}\n");
        File.WriteAllText(At("texts", "b.jsonl"), "{\"text\":\"two\"}\n");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string> Properties => [.. Edits.Where(e => e.Value is not null).Select(e => e.Key)];

    [Fact]
    public void EveryPropertyOfACard_IsHeldToItsIdentity()
    {
        var properties = from type in (Type[])[typeof(DatasetCard), typeof(DatasetSource), typeof(DatasetFilter), typeof(DatasetSample)]
                         from property in type.GetProperties()
                         select $"{type.Name}.{property.Name}";
        Assert.Equal(properties.Order(StringComparer.Ordinal), Edits.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Properties))]
    public void EditedCard_HasAnotherIdentity(string property)
    {
        var edit = Edits[property]!;
        var sampled = property.StartsWith("DatasetSample", StringComparison.Ordinal);
        var before = CardIdentity(sampled ? $"{Base}sample: {{ documents: 5 }}\n" : Base);
        var sourced = edit.StartsWith("sources", StringComparison.Ordinal);
        Assert.NotEqual(before, CardIdentity(sourced ? $"name: x\n{edit}\n" : $"{Base}{edit}\n"));
    }

    [Fact]
    public void EditedRemarks_LeaveTheIdentity()
    {
        const string remarked = "name: y\ntitle: Another.\nlicence: MIT\nnotes: n\nsources: [{ location: texts }]\n";
        Assert.Equal(CardIdentity(Base), CardIdentity(remarked));
    }

    [Fact]
    public void ContentChangedAtTheSameLengthAndTime_ChangesTheIdentity_WhateverTheSize()
    {
        // 9 MiB: larger than what was once known by length and time alone.
        var path = At("texts", "large.txt");
        var bytes = new byte[9 << 20];
        bytes.AsSpan().Fill((byte)'a');
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        var before = DatasetIdentity.IdentityOf(path, new());
        bytes[^1] = (byte)'b';
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.NotEqual(before, DatasetIdentity.IdentityOf(path, new()));
    }

    [Theory]
    [InlineData("tokenizerFolder: {0}", "vocab.json")]
    [InlineData("tokenizerFolder: {0}", "merges.txt")]
    [InlineData("tokenizer: {{ kind: bpe, file: {0}/vocab.json, merges: {0}/merges.txt }}", "vocab.json")]
    [InlineData("tokenizer: {{ kind: bpe, file: {0}/vocab.json, merges: {0}/merges.txt }}", "merges.txt")]
    public void ChangedTokenizerFile_ChangesTheKey(string option, string file)
    {
        Tokenizer("tok");
        var before = ContextsKey(string.Format(CultureInfo.InvariantCulture, option, At("tok")));
        File.AppendAllText(At("tok", file), " ");
        var after = ContextsKey(string.Format(CultureInfo.InvariantCulture, option, At("tok")));
        Assert.Equal("TokenizeTextOptions changed", after.Differences(before));
    }

    [Fact]
    public void TokenizerOfTheSameContentElsewhere_LeavesTheKey()
    {
        Tokenizer("tok");
        Tokenizer("moved");
        Assert.Equal(ContextsKey($"tokenizerFolder: {At("tok")}").Value, ContextsKey($"tokenizerFolder: {At("moved")}").Value);
    }

    /// <summary>Keys of work that takes hours do not change unless its results do: these were written by an earlier version, of what was
    /// the quickstart then.</summary>
    [Fact]
    public void KeysOfAnEarlierQuickstart_AreThoseOfEarlierVersions()
    {
        File.WriteAllText(At("earlier.yaml"), $$"""
            version: 1
            name: quickstart
            seed: 1
            datasets: { docs: '{{Card("dotnet-docs")}}', code: '{{Card("dotnet-code")}}' }
            steps:
              contexts:
                tokenize: { text: docs, vocabularySize: 2048, contextLength: 128 }
              model:
                train:
                  { contexts: contexts, layers: 2, heads: 4, modelWidth: 64, headWidth: 16, steps: 3000, batchSize: 16, learningRate: 3e-3,
                  checkpoints: { logarithmic: 13 } }
              traces:
                sample: { model: model, components: [heads], datasets: [docs, code], chains: 4, draws: 80, burnIn: 20, batchSize: 4 }
            """);
        var keys = StepKey.KeysOf(StepKinds.Reader.Read(At("earlier.yaml")));
        Assert.Equal("f50c36117161a4c038fe457259fc59d0333c3d8c0b7080db781dd11b19ee2052", keys["contexts"].Value);
        Assert.Equal("36e587a547118f6ff436a31df7d0756cdcc714276d87d340ce04d0a388a84054", keys["model"].Value);
        Assert.Equal("885a97771a8e76d66a90fd843bbe08f38ec40ea8e78fbd27aa59f871484fcdd9", keys["traces"].Value);

        static string Card(string name) => Path.Combine(Repository.Root, "datasets", $"{name}.yaml");
    }

    private string At(params string[] parts) => Path.Combine([folder, .. parts]);

    private string CardIdentity(string card)
    {
        File.WriteAllText(At("card.yaml"), card);
        return DatasetIdentity.IdentityOf(At("card.yaml"), new());
    }

    private void Tokenizer(string name)
    {
        Directory.CreateDirectory(At(name));
        File.WriteAllText(At(name, "vocab.json"), "{}");
        File.WriteAllText(At(name, "merges.txt"), "");
    }

    private StepKey ContextsKey(string option)
    {
        File.WriteAllText(At("p.yaml"), $$"""
            version: 1
            name: keys
            datasets: { docs: texts }
            steps:
              contexts:
                tokenize: { text: docs, vocabularySize: 300, {{option}} }
            """);
        return StepKey.KeysOf(StepKinds.Reader.Read(At("p.yaml")))["contexts"];
    }
}
