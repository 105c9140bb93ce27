namespace MlNetRllc.Core.Native;

/// <summary>Holds small work to the thread that asks for it.</summary>
public static class CallerThread
{
    /// <summary>Until disposal libtorch's operations of the calling thread run on it alone, in a
    /// fixed order: their last bits do not depend on <c>torch.set_num_threads</c>, and they do not
    /// wait for threads that a busy machine gives no core. Other threads stay as they
    /// are.</summary>
    /// <remarks>On Linux. On Windows and macOS OpenMP alone can be held to one thread, not the library of matrices.</remarks>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded.</exception>
    public static IDisposable Only()
    {
        TorchNative.EnsureLoaded();
        return new ThreadLimit.Held();
    }
}
