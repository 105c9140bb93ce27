using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlNetRllc.Tests.Runner;

/// <summary>Signals as a terminal or a scheduler sends them.</summary>
internal static partial class Signals
{
    private const int Interrupt = 2; // SIGINT
    private const nint Ignored = 1; // SIG_IGN
    private const int LargestAction = 256; // bytes; struct sigaction has fewer on every system, and begins with the handler

    public static void Send(int process, string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    /// <summary>Starts a process that hears Ctrl-C, however this one was started: a shell without job control makes what it starts in
    /// the background deaf to it, and a process inherits that.</summary>
    public static Process StartHearing(Func<Process> start)
    {
        var before = new byte[LargestAction];
        Assert.Equal(0, Act(Interrupt, null, before));
        if (MemoryMarshal.Read<nint>(before) != Ignored) return start();
        Assert.Equal(0, Act(Interrupt, new byte[LargestAction], null)); // of zeros alone: the default
        try { return start(); }
        finally { _ = Act(Interrupt, before, null); }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Act(int signal, byte[]? action, byte[]? before);
}
