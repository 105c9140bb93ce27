namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>Losses of all tokens of a probe set at one chain, less those of w*: means over some observed draws.</summary>
/// <param name="Row">Which of the run's rows.</param>
/// <param name="Probe">Which of its probe sets.</param>
/// <param name="Chain">Number of the chain, from 0.</param>
/// <param name="FirstDraw">The first of the observed draws, from 0.</param>
/// <param name="Draws">How many they are.</param>
/// <param name="Differences">[context, pos - 1], row-major, nats; valid during the call alone.</param>
public readonly record struct TokenRecord(
    int Row, int Probe, int Chain, int FirstDraw, int Draws, ReadOnlyMemory<float> Differences)
{
    /// <summary>Tokens of the probe set.</summary>
    public int Tokens { get; init; } = Differences.Length;
}

/// <summary>Takes what is kept of single tokens, as it comes: nothing of it stays in memory.</summary>
public interface ITokenSink
{
    /// <summary>Takes a record; called from one thread at a time, chains in order within a row.</summary>
    void Write(in TokenRecord record);
}
