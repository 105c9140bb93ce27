using System.Runtime.CompilerServices;
using MlNetRllc.Core.Native;
using TorchSharp;

namespace MlNetRllc.Tests;

/// <summary>Tests run side by side, one a core: each computes on its own thread.</summary>
internal static class TestThreads
{
#pragma warning disable CA2255 // Before the first test.
    [ModuleInitializer]
    internal static void One()
    {
        TorchNative.EnsureLoaded();
        torch.set_num_threads(1);
    }
#pragma warning restore CA2255
}
