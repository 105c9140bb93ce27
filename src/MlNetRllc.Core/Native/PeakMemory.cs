using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlNetRllc.Core.Native;

/// <summary>The most memory that this process has had at once.</summary>
internal static class PeakMemory
{
    private const int Self = 0;

    /// <summary>Where <c>ru_maxrss</c> stands in <c>struct rusage</c>, behind two times of 16 bytes: so on 64-bit Linux and
    /// macOS. macOS counts in bytes, Linux in KiB.</summary>
    private const int LargestAt = 32;

    /// <summary>Bytes; 0 where the system does not tell.</summary>
    /// <remarks>.NET reads it from the system on Linux and Windows, and gives 0 on macOS.</remarks>
    public static long Bytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is var known and > 0 ? known : OfUsage(OperatingSystem.IsMacOS() ? 1 : 1024);
    }

    /// <summary>As <c>getrusage</c> has it; 0 where there is none.</summary>
    /// <param name="unit">Bytes of its unit.</param>
    internal static unsafe long OfUsage(int unit)
    {
        if (OperatingSystem.IsWindows()) return 0;
        var usage = stackalloc byte[1024];
        try { return Usage(Self, usage) == 0 ? *(long*)(usage + LargestAt) * unit : 0; }
        catch (EntryPointNotFoundException) { return 0; }
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern unsafe int Usage(int who, byte* usage);
}
