using System.Runtime.InteropServices;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Tests.Runner.Running;

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

    [Fact]
    public void FullDisk_IsSaidWithTheRemedy()
    {
        var code = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;
        using var errors = new StringWriter();
        var exit = Failures.Guard(false, () => throw new AggregateException(new IOException("No room for 'x'.", code)), errors: errors);
        Assert.Equal(1, exit);
        Assert.StartsWith("error: No room for 'x'. The disk is full or a quota is reached.", errors.ToString(), StringComparison.Ordinal);
    }
}
