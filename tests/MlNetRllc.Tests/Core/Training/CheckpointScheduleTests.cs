using CsCheck;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Tests.Core.Training;

public sealed class CheckpointScheduleTests
{
    [Fact]
    public void PaperSchedule_HasItsCheckpoints()
    {
        var steps = CheckpointSchedule.Paper.UpTo(50_000);
        Assert.Equal(107, steps.Count);
        Assert.Equal([0, 100, 200, 400], steps.Take(4));
        Assert.Equal([9_800, 10_000, 10_400], steps.Skip(50).Take(3));
        Assert.Equal([20_000, 21_000], steps.Skip(76).Take(2));
    }

    [Fact]
    public void LinearSchedule_KeepsFirstAndLast() =>
        Assert.Equal([0, 40, 80, 100], CheckpointSchedule.Linear(40).UpTo(100));

    [Fact]
    public void AnySchedule_AscendsFromZeroToLast() =>
        Gen.Select(
            Gen.Int[0, 40],
            Gen.Int[0, 50],
            Gen.Int[0, 2000].Array[0, 5],
            Gen.Int[1, 1000]).ForAll((logarithmic, every, more, last) =>
        {
            var steps = new CheckpointSchedule { Logarithmic = logarithmic, Every = every, Steps = more }.UpTo(last);
            Assert.Equal((0, last), (steps[0], steps[^1]));
            Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        });

    [Fact]
    public void NegativeStep_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => new CheckpointSchedule { Steps = [-1] }.UpTo(10));
}
