using MlNetRllc.Core.Native;

namespace MlNetRllc.Tests.Core.Native;

public sealed class ThreadLimitTests
{
    /// <summary>Names as the packages of these systems have them.</summary>
    [Theory]
    [InlineData("linux-x64", "libtorch_cpu.so", "libtorch_cpu.so")]
    [InlineData("win-x64", "libiomp5md.dll", null)]
    [InlineData("osx-arm64", "libomp.dylib", null)]
    [InlineData("linux-arm64", null, null)]
    public void System_HasItsOwnLibraries(string system, string? openMp, string? matrices) =>
        Assert.Equal((openMp, matrices), ThreadLimit.LibrariesOf(system));
}
