using System.Diagnostics;
using MlNetRllc.Core.Native;

namespace MlNetRllc.Tests.Core.Native;

public sealed class PeakMemoryTests
{
    /// <summary>Two of the system's own counts of the same: what macOS is read by is held where both are there.</summary>
    [Fact, Trait("System", "Linux")]
    public void CountOfUsage_IsThatOfTheProcess()
    {
        var usage = PeakMemory.OfUsage(1024);
        using var process = Process.GetCurrentProcess();
        Assert.InRange(usage / (double)process.PeakWorkingSet64, 0.9, 1.1);
    }

    [Fact]
    public void Peak_IsKnownHere() => Assert.True(PeakMemory.Bytes() > 1 << 20);
}
