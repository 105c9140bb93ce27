using System.Runtime.InteropServices;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Commands;

namespace MlNetRllc.Tests.Core.Files;

public sealed class FullDiskTests
{
    // winerror.h: disk full, of a handle, quota of a disk, quota of a share. errno.h: ENOSPC, EDQUOT.
    [Theory]
    [InlineData("WINDOWS", 0x80070070)]
    [InlineData("WINDOWS", 0x80070027)]
    [InlineData("WINDOWS", 0x8007050f)]
    [InlineData("WINDOWS", 0x80070718)]
    [InlineData("LINUX", 28)]
    [InlineData("LINUX", 122)]
    [InlineData("OSX", 28)]
    [InlineData("OSX", 69)]
    public void FullDiskAndQuota_AreKnownByTheCodesOfEachSystem(string system, uint code) =>
        Assert.True(FullDisk.Is(new IOException("x", unchecked((int)code)), OSPlatform.Create(system)));

    // Sharing violation; EACCES; what is a quota elsewhere; any other fault of files.
    [Theory]
    [InlineData("WINDOWS", 0x80070020)]
    [InlineData("WINDOWS", 28)]
    [InlineData("LINUX", 13)]
    [InlineData("LINUX", 69)]
    [InlineData("OSX", 122)]
    [InlineData("OSX", 0x80131620)]
    public void OtherFaults_AreNone(string system, uint code) =>
        Assert.False(FullDisk.Is(new IOException("x", unchecked((int)code)), OSPlatform.Create(system)));

    // Tasks wrap what they throw, and so do those who say which file it was.
    [Theory, InlineData(false), InlineData(true)]
    public void FullDisk_IsSaidWithTheRemedy_WhateverWasWrappedAroundIt(bool worded)
    {
        var cause = new IOException("No room for 'x'.", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);
        Exception thrown = worded ? new IOException("The store cannot be written.", cause) : new AggregateException(cause);
        using var errors = new StringWriter();
        var exit = Failures.Guard(false, () => throw thrown, errors: errors);
        Assert.Equal(1, exit);
        Assert.StartsWith("error: No room for 'x'. The disk is full or a quota is reached.", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("rllc explain error disk-full", errors.ToString(), StringComparison.Ordinal);
    }
}
