using MlNetRllc.Core.Contexts;

namespace MlNetRllc.Tests.Core.Contexts;

/// <summary>A mask says which tokens of a dataset count, and leaves out the contexts in which none does.</summary>
public sealed class ContextMaskTests : IDisposable
{
    private static readonly int[] Tokens = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    private static ContextSet Plain => new("text", Tokens, 3);

    [Theory, InlineData(false), InlineData(true)]
    public void ContextsWithoutACountedToken_AreLeftOutAndCounted(bool onDisk)
    {
        using var file = Written();
        var contexts = (onDisk ? new("text", file, 3) : Plain).WithMask([false, true, false, false, true, true]);
        Assert.Equal((2, 1, 1.5), (contexts.Count, contexts.LeftOut, contexts.CountedPerContext));
        Assert.Equal([7, 8, 9], contexts[1].ToArray());
        Assert.Equal([false, true], contexts.MaskOf(0).ToArray());
        Assert.Equal([true, true], contexts.MaskOf(1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => contexts[2].Length);
    }

    [Fact]
    public void UnmaskedContexts_KeepTheirKey()
    {
        Assert.Equal("c4885289", Plain.Key[..8]);
        Assert.Equal(2, Plain.CountedPerContext);
        Assert.True(Plain.MaskOf(0).IsEmpty);
    }

    [Fact]
    public void Masks_AreTheirOwnKeys()
    {
        string Key(params bool[] flags) => Plain.WithMask(flags).Key;
        string[] keys = [Plain.Key, Key(true, false, false, false, true, true), Key(false, true, false, false, true, true),
            Key(false, true, true, false, true, true)];
        Assert.Equal(4, keys.Distinct().Count());
    }

    /// <summary>What was left out is no part of the dataset: the same rest has the same key, in memory and on disk.</summary>
    [Fact]
    public void LeftOutContexts_AreNoPartOfTheKey()
    {
        using var file = Written();
        var rest = new ContextSet("other", new[] { 1, 2, 3, 7, 8, 9 }, 3).WithMask([false, true, true, true]);
        bool[] flags = [false, true, false, false, true, true];
        Assert.Equal(rest.Key, Plain.WithMask(flags).Key);
        Assert.Equal(rest.Key, new ContextSet("text", file, 3).WithMask(flags).Key);
    }

    [Fact]
    public void MaskOfAMask_CountsWhatBothCount()
    {
        var twice = Plain.WithMask([true, true, false, false, true, true]).WithMask([false, false, false, true]);
        Assert.Equal((1, 2), (twice.Count, twice.LeftOut));
        Assert.Equal([7, 8, 9], twice[0].ToArray());
        Assert.Equal([false, true], twice.MaskOf(0).ToArray());
    }

    [Fact]
    public void MaskThatCountsNothing_IsRefusedByName() => Assert.Contains("No token of the dataset 'text' counts",
        Assert.Throws<ArgumentException>(() => Plain.WithMask(new bool[6])).Message);

    [Fact]
    public void MaskOfAnotherSize_SaysBothSizes() => Assert.Contains(
        "The mask of the dataset 'text' has 9 flags; 6 are wanted, one for each token that is predicted (3 contexts of 3)",
        Assert.Throws<ArgumentException>(() => Plain.WithMask(new bool[9])).Message);

    private TokenFile Written()
    {
        File.WriteAllBytes(path, System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(Tokens).ToArray());
        return new(path);
    }
}
