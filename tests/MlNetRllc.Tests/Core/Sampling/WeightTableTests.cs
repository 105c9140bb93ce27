using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Tests.Core.Sampling;

public sealed unsafe class WeightTableTests
{
    [Theory, InlineData(1), InlineData(64)]
    public void OverlaidTable_HoldsItsOwnMatricesAlone_HoweverManyHeadsThereAre(int heads)
    {
        var (frozen, marks) = (new WeightTable(Sizes(heads)), new float[2]);
        fixed (float* mark = marks)
        {
            frozen[WeightSlot.Q, 1] = mark;
            frozen[WeightSlot.K, 1] = mark;
            var own = frozen.Overlaid(8);
            own[WeightSlot.Q, 1] = mark + 1;
            Assert.True(own[WeightSlot.Q, 1] == mark + 1 && own[WeightSlot.K, 1] == mark);
            Assert.True(frozen[WeightSlot.Q, 1] == mark && own[WeightSlot.V, 1] == null);
            Assert.Equal(12, own.OwnBytes);
        }
    }

    [Fact]
    public void EmptiedTable_ShowsNothingOfTheOther()
    {
        var (frozen, marks) = (new WeightTable(Sizes(4)), new float[2]);
        fixed (float* mark = marks)
        {
            frozen[WeightSlot.Q, 1, 2] = mark;
            foreach (var matrices in (int[])[4, 1000])
            {
                var gradients = frozen.Emptied(matrices);
                Assert.True(gradients[WeightSlot.Q, 1, 2] == null);
                gradients[WeightSlot.Q, 1, 2] = mark + 1;
                Assert.True(gradients[WeightSlot.Q, 1, 2] == mark + 1 && frozen[WeightSlot.Q, 1, 2] == mark);
            }
        }
    }

    [Fact]
    public void TableOfManyMatrices_ShowsWhatLiesBelow()
    {
        var (frozen, marks) = (new WeightTable(Sizes(4)), new float[2]);
        fixed (float* mark = marks)
        {
            frozen[WeightSlot.O, 0, 3] = mark;
            var own = frozen.Overlaid(1000);
            own[WeightSlot.O, 1, 3] = mark + 1;
            Assert.True(own[WeightSlot.O, 0, 3] == mark && own[WeightSlot.O, 1, 3] == mark + 1 && frozen[WeightSlot.O, 1, 3] == null);
        }
    }

    private static PaddedSizes Sizes(int heads) => new(new TransformerConfig
    {
        Layers = 2,
        Heads = heads,
        ModelWidth = 16 * heads,
        HeadWidth = 16,
        VocabularySize = 32,
        ContextLength = 8,
    });
}
