using System.Runtime.InteropServices;

namespace MlNetRllc.Runner.Commands;

/// <summary>Ctrl-C (or a request to terminate): once asks to stop when what is in hand is saved, twice stops at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    public Interruption()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        registrations = [.. signals.Select(s => PosixSignalRegistration.Create(s, Receive))];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        // Every file is committed by rename, so stopping at once loses no more than what is in hand.
        if (source.IsCancellationRequested) Environment.Exit(130);
        Console.Error.WriteLine("Stopping when what is in hand is saved; once more stops at once.");
        source.Cancel();
    }
}
