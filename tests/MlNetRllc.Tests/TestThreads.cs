using System.Runtime.CompilerServices;
using MlNetRllc.Core.Native;
using TorchSharp;

namespace MlNetRllc.Tests;

/// <summary>Tests run side by side, one a core: each computes on its own thread.</summary>
internal static class TestThreads
{
    /// <summary>A variable of a process that is to meet the native libraries by itself.</summary>
    internal const string Untouched = "MLNETRLLC_UNTOUCHED";

#pragma warning disable CA2255 // Before the first test.
    [ModuleInitializer]
    internal static void One()
    {
        if (Environment.GetEnvironmentVariable(Untouched) is not null) return;
        TorchNative.EnsureLoaded();
        torch.set_num_threads(1);
    }
#pragma warning restore CA2255
}
