using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Tests.Core.Training;

public sealed class TrainingSubsetTests : IDisposable
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 12, ContextLength = 8, Layers = 1, Heads = 2, ModelWidth = 16, HeadWidth = 8,
    };

    private readonly string root = Directory.CreateTempSubdirectory("rllc-subset-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void NothingSaid_IsEveryContext() => Assert.Equal([0, 1, 2, 3], new TrainingSubset().Of(4));

    [Theory, InlineData(0.5, 50), InlineData(0.333, 33), InlineData(0.01, 1)]
    public void Share_IsRoundedToWholeContexts(double share, int expected) =>
        Assert.Equal(expected, new TrainingSubset { Share = share }.Of(100).Distinct().Count());

    [Fact]
    public void LargerShareOfASeed_HoldsTheSmaller()
    {
        var (half, most) = (new TrainingSubset { Share = 0.5, Seed = 7 }.Of(100), new TrainingSubset { Share = 0.8, Seed = 7 }.Of(100));
        Assert.Subset(most.ToHashSet(), half.ToHashSet());
    }

    [Fact]
    public void AnotherSeed_DrawsOthers() => Assert.NotEqual(
        new TrainingSubset { Share = 0.5, Seed = 1 }.Of(100), new TrainingSubset { Share = 0.5, Seed = 2 }.Of(100));

    [Fact]
    public void ListAndContextsLeftOut_AreTakenAtTheirWord()
    {
        Assert.Equal([1, 5, 7], new TrainingSubset { Contexts = [7, 1, 5] }.Of(8));
        Assert.Equal([0, 2, 3], new TrainingSubset { LeftOut = [1, 4] }.Of(5));
        Assert.Equal([7], new TrainingSubset { Contexts = [7, 1], LeftOut = [1] }.Of(8));
    }

    [Theory]
    [InlineData(new[] { 8 }, new int[0], 1.0, "names the context 8; there are 8 training contexts, 0 to 7")]
    [InlineData(new int[0], new[] { -1 }, 1.0, "names the context -1; the first is 0")]
    [InlineData(new[] { 3, 3 }, new int[0], 1.0, "names the context 3 twice")]
    [InlineData(new[] { 3 }, new int[0], 0.5, "takes a share and a list of contexts")]
    [InlineData(new int[0], new int[0], 0.0, "takes a share of 0")]
    [InlineData(new[] { 3 }, new[] { 3 }, 1.0, "leaves none of the 8 training contexts")]
    [InlineData(new int[0], new int[0], 0.01, "leaves none of the 8 training contexts")]
    public void SubsetThatThereIsNot_IsRefusedByName(int[] contexts, int[] leftOut, double share, string expected)
    {
        var subset = new TrainingSubset { Contexts = contexts, LeftOut = leftOut, Share = share };
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => subset.Of(8)).Message);
    }

    [Fact]
    public void SeedOfAShareThatIsNotGiven_IsRefused() => Assert.Contains(
        "has the seed 9 of a share, and no share",
        Assert.Throws<ArgumentException>(() => new TrainingSubset { Seed = 9 }.Of(8)).Message);

    [Fact]
    public void ListShorterThanABatch_IsRefused() => Assert.Contains(
        "lists 3 to train on, fewer than a batch of 4 contexts",
        Assert.Throws<ArgumentException>(() => Train("a", Text(9), new() { Contexts = [0, 1, 2] })).Message);

    [Fact]
    public void ShareSmallerThanABatch_IsRefused() => Assert.Contains(
        "The subset of the dataset 'text' has 3 contexts, fewer than a batch of 4",
        Assert.Throws<ArgumentException>(() => Train("a", Text(9), new() { Share = 0.33 })).Message);

    /// <summary>The order of the data is that of the contexts that are learned from: those left out were never there.</summary>
    [Fact]
    public void TrainingOnAList_IsTrainingOnThatText()
    {
        var all = Text(20);
        int[] list = [2, 3, 5, 7, 11, 13, 17, 19];
        var alone = new ContextSet("text", list.SelectMany(i => all[i].ToArray()).ToArray(), all.ContextLength);
        Assert.Equal(Train("alone", alone, new()).Key, Train("list", all, new() { Contexts = list }).Key);
    }

    [Fact]
    public void FolderOfAnotherSubset_IsRefused()
    {
        Train("a", Text(20), new());
        var refused = Assert.Throws<InvalidOperationException>(() => Train("a", Text(20), new() { Share = 0.5 }));
        Assert.Contains("holds a training with another options", refused.Message);
    }

    private WeightSet Train(string folder, ContextSet text, TrainingSubset subset)
    {
        var options = new TrainingOptions { Steps = 6, BatchSize = 4, Checkpoints = CheckpointSchedule.Linear(6), Subset = subset };
        return new LanguageModelTrainer(Config, options).Train(text, null, Path.Combine(root, folder)).Weights;
    }

    private static ContextSet Text(int contexts) =>
        new("text", Enumerable.Range(0, contexts * 8).Select(i => i * i % 12).ToArray(), 8);
}
