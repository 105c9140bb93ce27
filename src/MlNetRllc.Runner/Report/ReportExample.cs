using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Report;

/// <summary>A piece of text, and what chosen heads do on it.</summary>
/// <param name="Dataset">Where it is from.</param>
/// <param name="Tokens">What each token stands for.</param>
/// <param name="Heads">One for each chosen head.</param>
internal sealed record ReportExample(string Dataset, IReadOnlyList<string> Tokens, IReadOnlyList<ReportExampleHead> Heads);

/// <summary>What one head does on a piece of text.</summary>
/// <param name="Component">The head.</param>
/// <param name="Attention">For each token its attention to the tokens up to itself, 0 to 1.</param>
/// <param name="LossChange">For each token, its loss without the head minus with it, nats; NaN for the first.</param>
internal sealed record ReportExampleHead(string Component, IReadOnlyList<IReadOnlyList<double>> Attention, IReadOnlyList<double> LossChange)
{
    /// <summary>The attention as base64 of one byte a pair, 255 for 1, row after row: row i has i + 1 values.</summary>
    public string Packed() => PackedAttention.Pack(Attention);
}
