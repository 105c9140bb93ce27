using System.Reflection;
using Microsoft.ML;

namespace MlNetRllc.Tests.Foundation;

/// <summary>Ways to stop a component.</summary>
internal static class Cancelling
{
    /// <summary>A token that is cancelled.</summary>
    public static CancellationToken Cancelled { get; } = new(canceled: true);

    /// <summary>ML.NET's own cancellation of a context, which its AutoML calls; no public method does.</summary>
    public static void CancelExecution(this MLContext ml)
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        typeof(MLContext).GetMethod("CancelExecution", own)!.Invoke(ml, null);
    }

    /// <summary>Calls what it was made with, on the thread that reports.</summary>
    public sealed class Listener<T>(Action<T> told) : IProgress<T>
    {
        public void Report(T value) => told(value);
    }
}
