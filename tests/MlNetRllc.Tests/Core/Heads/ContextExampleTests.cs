using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Tests.Core.Heads;

/// <summary>What is shown of a model written by hand, on contexts whose second half repeats the
/// first.</summary>
public sealed class ContextExampleTests
{
    private const int Half = 16;

    private static readonly IReadOnlyList<ContextExample> Shown =
        Examples(12).Look(["l0h0", "l0h1", "l1h0", "l1h3"], count: 3, length: 32);

    [Fact]
    public void Attention_IsWhereTheHeadsWereBuiltToLook()
    {
        foreach (var example in Shown)
        {
            var (previous, current, idle) = (example.Heads[0].Attention, example.Heads[1].Attention, example.Heads[3].Attention);
            for (var query = 1; query < 32; query++)
            {
                Assert.InRange(previous[query][query - 1], 0.99, 1);
                Assert.InRange(current[query][query], 0.99, 1);
                Assert.All(idle[query], a => Assert.Equal(1.0 / (query + 1), a, 5));
            }
        }
    }

    [Fact]
    public void InductionHead_LooksAtWhatFollowedTheTokenBefore()
    {
        foreach (var example in Shown)
            for (var query = Half; query < 31; query++)
            {
                // The first token has none before it: l0h0 attends to the
                // token itself there, and notes that.
                var followed = Enumerable.Range(0, query + 1).Where(key => example.Tokens[Math.Max(key - 1, 0)] == example.Tokens[query]);
                Assert.InRange(followed.Sum(key => example.Heads[2].Attention[query][key]), 0.9, 1.001);
            }
    }

    [Fact]
    public void RowsOfAttention_ReachTheQueryAndAddUpToOne() =>
        Assert.All(Shown.SelectMany(e => e.Heads), head => Assert.All(head.Attention.Select((row, query) => (row, query)), item =>
        {
            Assert.Equal(item.query + 1, item.row.Length);
            Assert.Equal(1, item.row.Sum(), 4);
        }));

    [Fact]
    public void Losses_AreTheModels()
    {
        var contexts = InductionModel.Repeating(12);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var model = new AttentionOnlyTransformer(InductionModel.Config);
        model.Load(InductionModel.Weights);
        for (var i = 0; i < Shown.Count; i++)
        {
            var ids = contexts.ToTensor(1, i);
            var predicted = model.forward(ids)[0].narrow(0, 0, 31).log_softmax(-1);
            var targets = ids[0].narrow(0, 1, 31).unsqueeze(1);
            var expected = (-predicted.gather(1, targets)).data<float>().ToArray();
            Assert.True(float.IsNaN(Shown[i].Losses[0]));
            Assert.Equal(expected, Shown[i].Losses.Skip(1), (a, b) => Math.Abs(a - b) < 1e-4);
        }
    }

    [Fact]
    public void WithoutTheInductionHead_RepeatedTokensCostMore_AndAnIdleHeadChangesNothing()
    {
        foreach (var example in Shown)
        {
            Assert.True(example.Heads[2].LossChange.Skip(Half + 1).Average() > 0.5);
            Assert.All(example.Heads[3].LossChange.Skip(1), change => Assert.Equal(0, change, 4));
            Assert.All(example.Heads, head => Assert.True(float.IsNaN(head.LossChange[0])));
        }
    }

    [Fact]
    public void Length_CutsAllAlike()
    {
        var cut = Examples(12).Look(["l1h0"], count: 50, length: 10);
        Assert.Equal(12, cut.Count);
        Assert.Equal((10, 10), (cut[1].Tokens.Count, cut[1].Losses.Count));
        Assert.Equal((10, 10), (cut[1].Heads[0].Attention.Count, cut[1].Heads[0].LossChange.Count));
        Assert.Equal(
            Shown[1].Heads[2].LossChange.Skip(1).Take(9),
            cut[1].Heads[0].LossChange.Skip(1),
            (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void HeadThatIsNone_IsNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => Examples(2).Look(["l2h0"], 1, 8));
        Assert.Contains("no head 'l2h0'; the model has l0h0 to l1h3", error.Message, StringComparison.Ordinal);
    }

    private static HeadExamples Examples(int contexts) =>
        new(InductionModel.Config, InductionModel.Weights, InductionModel.Repeating(contexts));
}
