using Microsoft.ML.Runtime;

namespace MlNetRllc.Foundation;

/// <summary>Who may stop a component at work: the token that it was given, and the context that it belongs to
/// (<c>MLContext.CancelExecution</c>).</summary>
/// <param name="Host">The component's host; hosts of a context that was cancelled are cancelled for good, those made later too.</param>
/// <param name="Token">The caller's token.</param>
internal sealed record Stopping(IHostEnvironment Host, CancellationToken Token)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the context was cancelled.</summary>
    public bool ByContext => Host is ICancelable { IsCanceled: true };

    /// <exception cref="OperationCanceledException">The token or the context is cancelled.</exception>
    public void ThrowIfAsked()
    {
        Token.ThrowIfCancellationRequested();
        Host.CheckAlive();
    }

    /// <summary>The items, one after another until somebody stops.</summary>
    public IEnumerable<T> Heeding<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            ThrowIfAsked();
            yield return item;
        }
    }

    /// <summary>Waits for its turn at what others may hold for hours, but no longer than its caller wants it.</summary>
    public void Enter(Lock gate)
    {
        ThrowIfAsked();
        while (!gate.TryEnter(Patience)) ThrowIfAsked();
    }
}
