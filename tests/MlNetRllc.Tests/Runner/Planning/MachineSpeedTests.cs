using MlNetRllc.Runner.Planning;

namespace MlNetRllc.Tests.Runner.Planning;

public sealed class MachineSpeedTests
{
    // No other test, and no other run of this one, asks for the same work.
    private readonly object work = new { test = Guid.NewGuid() };

    [Fact]
    public void WorkThatStudiesDid_IsPlannedAtTheMedianOfTheirSpeeds()
    {
        foreach (var speed in (double[])[100, 900, 300]) MachineSpeed.Remember(work, speed, share: 0.9);
        Assert.Equal(300, MachineSpeed.TokensPerSecond(work, () => throw new InvalidOperationException("it is known")));
    }

    [Fact]
    public void OnlyTheLastFew_Count()
    {
        foreach (var speed in (double[])[1, 1, 1, 1, 1, 50, 50, 50]) MachineSpeed.Remember(work, speed, share: 0.9);
        Assert.Equal(50, MachineSpeed.TokensPerSecond(work, () => 7));
    }

    [Theory, InlineData(100, 0.3), InlineData(double.NaN, 0.9), InlineData(double.PositiveInfinity, 0.9), InlineData(0, 0.9)]
    public void WhatABusyMachineGave_OrNothing_IsForgotten(double speed, double share)
    {
        MachineSpeed.Remember(work, speed, share);
        Assert.Equal(7, MachineSpeed.TokensPerSecond(work, () => 7));
    }

    [Fact]
    public void OtherWork_HasItsOwnSpeed()
    {
        MachineSpeed.Remember(work, 100, share: 0.9);
        Assert.Equal(7, MachineSpeed.TokensPerSecond(new { test = Guid.NewGuid() }, () => 7));
    }
}
