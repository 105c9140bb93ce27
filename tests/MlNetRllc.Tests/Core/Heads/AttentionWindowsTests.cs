using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Tests.Core.Sampling;

namespace MlNetRllc.Tests.Core.Heads;

/// <summary>Attention in windows is that of the whole context, cut out.</summary>
public sealed class AttentionWindowsTests
{
    private static readonly TransformerConfig Config = new()
    {
        VocabularySize = 16, ContextLength = 8, Layers = 2, Heads = 2, ModelWidth = 8, HeadWidth = 4,
    };

    [Fact]
    public void Windows_AreCutOutOfTheWholeContext()
    {
        var (weights, contexts) = (TinyModels.Weights(Config, 1), TinyModels.Contexts(Config, 3, 1));
        var length = contexts.ContextLength;
        var whole = new HeadExamples(Config, weights, contexts).Look(["l0h1", "l1h0"], 3, length)[2];
        using var looking = new AttentionWindows(Config, weights);
        AttentionWindow[] windows = [new(new(1, 0), 2, 4), new(new(0, 1), 0, 3), new(new(1, 0), length - 2, 2)];
        var found = looking.Look(contexts, 2, windows);
        Assert.Equal(3, found.Count);
        for (var w = 0; w < windows.Length; w++)
        {
            var own = whole.Heads.Single(h => h.Head == $"{windows[w].Head}").Attention;
            Assert.Equal(windows[w].Count, found[w].Count);
            for (var q = 0; q < windows[w].Count; q++)
            {
                var expected = own[windows[w].From + q].Skip(windows[w].From).Take(q + 1);
                Assert.Equal(expected, found[w][q], (a, b) => Math.Abs(a - b) < 1e-6);
            }
        }
    }
}
