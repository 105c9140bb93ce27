using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Text;

public sealed class TokenStoreTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-store-").FullName;
    private int read;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private TokenizeTextOptions Options => new() { VocabularySize = 290, ContextLength = 16, StoreFolder = folder };

    private IDataView Documents(int count = 60) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
    {
        read++;
        return new Row($"Document {i} tells of the number {i} and of the number {i * 7}; it tells it twice, twice.");
    }));

    private static List<int> Tokens(IDataView view, string split)
    {
        var rows = view.GetColumn<int[]>("Tokens").Zip(view.GetColumn<string>("Split"));
        return [.. rows.Where(row => row.Second == split).SelectMany(row => row.First)];
    }

    private string OnlyStore => Assert.Single(Directory.GetDirectories(folder));

    [Theory]
    [InlineData("train")]
    [InlineData("validation")]
    public void Store_HoldsTheContextsOfEachSplit(string split)
    {
        var plain = ml.Rllc.TokenizeText(Options with { StoreFolder = null }).Fit(Documents()).Transform(Documents());
        var stored = ml.Rllc.TokenizeText(Options).Fit(Documents()).Transform(Documents());
        Assert.Equal(Tokens(plain, split), Tokens(stored, split));
        string KeyOf(IDataView view) => ContextTables.Read(view, "a", splitColumn: "Split", split: split).Key;
        Assert.Equal(KeyOf(plain), KeyOf(stored));
    }

    [Fact]
    public void SecondCursor_ReadsNoDocument()
    {
        var view = ml.Rllc.TokenizeText(Options).Fit(Documents()).Transform(Documents());
        Tokens(view, "train");
        read = 0;
        Tokens(view, "train");
        Assert.Equal(0, read);
    }

    [Fact]
    public void SameText_UsesTheStoreAgain_OtherTextOrOptionsDoNot()
    {
        var fitted = ml.Rllc.TokenizeText(Options).Fit(Documents());
        Tokens(fitted.Transform(Documents()), "train");
        var written = File.GetLastWriteTimeUtc(Path.Combine(OnlyStore, "train.tokens"));
        Tokens(fitted.Transform(Documents()), "train");
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(OnlyStore, "train.tokens")));
        Tokens(fitted.Transform(Documents(59)), "train");
        Assert.Equal(2, Directory.GetDirectories(folder).Length);
        Tokens(ml.Rllc.TokenizeText(Options with { ContextLength = 8 }).Fit(Documents()).Transform(Documents()), "train");
        Assert.Equal(3, Directory.GetDirectories(folder).Length);
    }

    [Fact]
    public void StoreOfAnotherTokenizer_IsRefused()
    {
        Tokens(ml.Rllc.TokenizeText(Options).Fit(Documents()).Transform(Documents()), "train");
        var other = ml.Rllc.TokenizeText(Options with { VocabularySize = 280 }).Fit(Documents()).Tokenizer;
        Assert.Contains("another tokenizer", Assert.Throws<InvalidDataException>(() => TokenStore.Open(OnlyStore, other)).Message);
    }

    [Theory]
    [InlineData("train.tokens", false)]
    [InlineData("train.tokens", true)]
    [InlineData("store.json", false)]
    [InlineData("store.json", true)]
    public void DamagedStore_NamesTheFile(string file, bool cut)
    {
        var view = ml.Rllc.TokenizeText(Options).Fit(Documents()).Transform(Documents());
        Tokens(view, "train");
        Assert.IsType<IDisposable>(view, exactMatch: false).Dispose(); // What is open Windows lets nobody write.
        var path = Path.Combine(OnlyStore, file);
        var bytes = File.ReadAllBytes(path);
        bytes[0] ^= 1;
        File.WriteAllBytes(path, cut ? bytes[..^7] : bytes);
        var error = Assert.Throws<InvalidDataException>(() => TokenStore.Open(OnlyStore));
        Assert.Contains(file, error.Message);
        Assert.Contains("Delete its folder", error.Message);
    }

    [Fact]
    public void BrokenSource_LeavesNothingBehind()
    {
        var calls = 0;
        var documents = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 2000).Select(i =>
            i == 1999 && ++calls == 1 ? throw new IOException("the source broke") : new Row($"Document {i} tells of the number {i * 7}.")));
        var view = ml.Rllc.TokenizeText(Options).Fit(Documents()).Transform(documents);
        Assert.ThrowsAny<Exception>(() => Tokens(view, "train"));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void WhatAKilledProcessBegan_IsSweptAway_WhatALivingOneWrites_IsNot()
    {
        foreach (var name in (string[])[".dead.part", ".old.part", ".alive.part"]) Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, ".dead.part.lock"), "");
        File.WriteAllText(Path.Combine(folder, ".gone.part.lock"), "");
        File.WriteAllText(Path.Combine(folder, ".dead.part", "train.tokens"), "half");
        using (new FileStream(Path.Combine(folder, ".alive.part.lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            Tokens(ml.Rllc.TokenizeText(Options).Fit(Documents()).Transform(Documents()), "train");
        Assert.Equal([".alive.part", ".alive.part.lock"], Directory.GetFileSystemEntries(folder, ".*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void FolderOfSomebodyElse_IsNotSweptAway_WhateverItsName()
    {
        Directory.CreateDirectory(Path.Combine(folder, ".mine.part"));
        File.WriteAllText(Path.Combine(folder, ".mine.part", "notes.txt"), "precious");
        Tokens(ml.Rllc.TokenizeText(Options).Fit(Documents()).Transform(Documents()), "train");
        Assert.True(File.Exists(Path.Combine(folder, ".mine.part", "notes.txt")));
    }

    [Fact, Trait("System", "Unix")]
    public void FullDisk_LeavesNoStore_AndNamesTheRemedy()
    {
        // A limit on the size of files stands in for a full disk; every byte is a token of four.
        File.WriteAllText(Path.Combine(folder, "text.txt"), string.Concat(Enumerable.Range(0, 300_000).Select(i => $"line {i}\n")));
        File.WriteAllText(Path.Combine(folder, "p.yaml"), $$"""
            version: 1
            name: full
            datasets: { text: text.txt }
            steps:
              contexts:
                tokenize: { text: text, vocabularySize: 257, contextLength: 16 }
            """);
        var command = $"trap '' XFSZ; ulimit -f 8192; exec dotnet {Path.Combine(AppContext.BaseDirectory, "rllc.dll")} run p.yaml";
        var environment = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" };
        var ended = MlNetRllc.Tests.Runner.RunnerProcess.RunShell(folder, command, environment);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("The token store cannot be written into", ended.Output + ended.Errors);
        Assert.Contains("Free space", ended.Output + ended.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(folder, "runs", "full", "tokens")));
    }

    private sealed record Row(string Text);
}
