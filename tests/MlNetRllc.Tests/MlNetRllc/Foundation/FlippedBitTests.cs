using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;
using MlNetRllc.Heads;
using MlNetRllc.Sampling;
using MlNetRllc.Testing;
using MlNetRllc.Tests.Sampling;
using MlNetRllc.Text.Tokens;
using MlNetRllc.Training;

namespace MlNetRllc.Tests.Foundation;

/// <summary>One bit of a stored file changes: it is noticed, the file is named and put aside, and what comes out is what it was.</summary>
public sealed class FlippedBitTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;
    private readonly MLContext ml = new(seed: 1);
    private readonly List<string> warnings = [];

    public FlippedBitTests() => ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) lock (warnings) warnings.Add(e.RawMessage);
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Somewhere in the index, in what is kept, and in its digest.
    [Theory, InlineData(0.05), InlineData(0.2), InlineData(0.5), InlineData(0.7), InlineData(0.999)]
    public void Row_IsSampledAgain(double where)
    {
        using var study = new TinyStudy();
        var grid = study.Grid(ml);
        List<double[]> Losses()
        {
            var sampler = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, store: new RowStore(folder));
            return [.. sampler.Fit(grid).Transform(grid).GetColumn<double[]>("Losses")];
        }
        var before = Losses();
        var damaged = FlipIn("*.rows", where);
        Assert.Equal(before, Losses());
        AssertPutAside(damaged);
    }

    [Theory, InlineData(0.1), InlineData(0.5), InlineData(0.9)]
    public void Scores_AreFoundAgain(double where)
    {
        using var study = new TinyStudy();
        var grid = study.Grid(ml);
        string[] Scores()
        {
            var traces = new ScoreHeadsOptions { Traces = true };
            var scoring = ml.Rllc.ScoreHeads(TinyStudy.Contexts(ml, 1), options: traces, store: new ScoreStore(folder));
            var rows = ml.Data.TakeRows(scoring.Fit(grid).Transform(grid), 16).Preview().RowView;
            return [.. rows.Select(row => string.Join("; ", row.Values.Select(v => $"{v.Key} {v.Value}")))];
        }
        var before = Scores();
        var damaged = FlipIn("*.json", where);
        Assert.Equal(before, Scores());
        AssertPutAside(damaged);
    }

    [Theory]
    [InlineData("training-state.safetensors", 0.3), InlineData("training-state.safetensors", 0.9)]
    [InlineData("step-*.safetensors", 0.02), InlineData("step-*.safetensors", 0.9)]
    public void TrainedFile_IsTrainedAgain(string file, double where)
    {
        byte[] Train()
        {
            using var model = ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new LanguageModelOptions
            {
                Shape = TinyStudy.Config, Steps = 4, BatchSize = 4, CheckpointFolder = folder,
            }).Fit(TinyStudy.Contexts(ml, 1));
            return [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];
        }
        var before = Train();
        var damaged = FlipIn(file, where);
        Assert.Equal(before, Train());
        AssertPutAside(damaged);
    }

    [Theory, InlineData(0.02), InlineData(0.5), InlineData(0.999)]
    public void CheckpointThatIsRead_IsRefusedByName(double where)
    {
        using var study = new TinyStudy();
        var path = study.PathOf(1);
        Flip(path, where);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(path)).Message, StringComparison.Ordinal);
        var grid = study.Grid(ml);
        var sampled = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Fit(grid).Transform(grid);
        Assert.All(sampled.GetColumn<int>("Step").Zip(sampled.GetColumn<string>("SampleStatus")),
            row => Assert.Equal(row.First == 1, row.Second.Contains(path, StringComparison.Ordinal)));
    }

    [Fact]
    public void CheckpointOfAnotherProgram_HasNoDigest_AndIsReadAsItIs()
    {
        using var study = new TinyStudy();
        var (weights, metadata) = Safetensors.Read(study.PathOf(1));
        var foreign = Path.Combine(folder, "foreign.safetensors");
        Safetensors.Write(foreign, weights, metadata.Where(m => m.Key != "rllc.sha256").ToDictionary());
        Flip(foreign, 0.999);
        Assert.Equal(weights.Count, Checkpoint.Load(foreign).Weights.Count);
    }

    [Theory, InlineData("vocab.json"), InlineData("merges.txt"), InlineData("tokenizer.sha256")]
    public void SavedTokenizer_IsRefusedByName(string file)
    {
        ByteLevelTokenizer.Train(["the cat and the hat and the bat"], 262).Save(folder);
        Assert.Equal(262, ByteLevelTokenizer.Load(folder).VocabularySize);
        Flip(Path.Combine(folder, file), 0.5);
        var error = Assert.Throws<InvalidDataException>(() => ByteLevelTokenizer.Load(folder));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        ByteLevelTokenizer.Train(["the cat and the hat and the bat"], 262).Save(folder);
        Assert.Equal(262, ByteLevelTokenizer.Load(folder).VocabularySize);
    }

    [Fact]
    public void RowOfAnEarlierVersion_HasNoDigest_AndIsReadAsItIs()
    {
        using var study = new TinyStudy();
        var grid = study.Grid(ml);
        void Sample()
        {
            var sampler = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, store: new RowStore(folder));
            _ = sampler.Fit(grid).Transform(grid).GetColumn<double[]>("Losses").Count();
        }
        Sample();
        RowFiles.SplitAsOnceKept(folder);
        Assert.Equal(16, Rows("*.json").Length);
        foreach (var row in Rows("*.json")) File.WriteAllBytes(row, SealedFile.Read(row));
        var written = Rows("*.json").Select(File.GetLastWriteTimeUtc).ToList();
        Sample();
        Assert.Equal(written, Rows("*.json").Select(File.GetLastWriteTimeUtc));
        Assert.Empty(Rows("*.rows"));
        Assert.Empty(warnings);
    }

    private string[] Rows(string pattern) =>
        [.. Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string FlipIn(string pattern, double where)
    {
        var path = Rows(pattern)[^1];
        Flip(path, where);
        return path;
    }

    private static void Flip(string path, double where)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[(int)(where * bytes.Length)] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private void AssertPutAside(string path)
    {
        Assert.True(File.Exists(path + ".damaged"));
        Assert.True(File.Exists(path));
        Assert.Contains(path, Assert.Single(warnings), StringComparison.Ordinal);
    }
}
