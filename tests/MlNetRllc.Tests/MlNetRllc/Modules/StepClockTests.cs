using MlNetRllc.Modules;

namespace MlNetRllc.Tests.Modules;

public sealed class StepClockTests
{
    [Fact]
    public void FirstStep_IsNotCounted()
    {
        var clock = new StepClock();
        clock.Tick();
        Assert.Equal(TimeSpan.Zero, clock.PerStep);
        clock.Tick();
        Assert.True(clock.PerStep > TimeSpan.Zero);
    }

    [Fact]
    public void OneSlowStep_DoesNotCount()
    {
        var clock = new StepClock();
        for (var step = 0; step <= StepClock.Enough; step++)
        {
            if (step == 2) Thread.Sleep(300);
            Assert.False(clock.IsKnown);
            clock.Tick();
        }
        Assert.True(clock.IsKnown);
        Assert.InRange(clock.PerStep, TimeSpan.Zero, TimeSpan.FromMilliseconds(150));
    }

    [Theory, InlineData(0.2, "a second"), InlineData(12.4, "12 s"), InlineData(200, "3 min"), InlineData(9000, "2.5 h")]
    public void Time_IsSaidInWords(double seconds, string expected) => Assert.Equal(expected, LlcPlan.Words(TimeSpan.FromSeconds(seconds)));
}
