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
    public void StepsAlone_AreAllThatIsKept_ButForTheLast()
    {
        Assert.Equal([50, 200, 1000], new CheckpointSchedule { Steps = [200, 50, 2000] }.UpTo(1000));
        Assert.Equal([0, 50, 1000], new CheckpointSchedule { Steps = [0, 50, 1000] }.UpTo(1000));
    }

    [Fact]
    public void StepsBesideAnythingElse_AreFurtherOnes()
    {
        Assert.Equal([0, 50, 100], new CheckpointSchedule { Logarithmic = 0, Steps = [50] }.UpTo(100));
        Assert.Equal([0, 40, 50, 80, 100], new CheckpointSchedule { Every = 40, Steps = [50] }.UpTo(100));
    }

    [Fact]
    public void NothingGiven_IsSixteenInLogStep()
    {
        Assert.Equal(16, new CheckpointSchedule().Logarithmic);
        Assert.Equal(new CheckpointSchedule { Logarithmic = 16 }.UpTo(3000), new CheckpointSchedule().UpTo(3000));
    }

    [Fact]
    public void NegativeStep_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new CheckpointSchedule { Steps = [-1] }.UpTo(10));
}
