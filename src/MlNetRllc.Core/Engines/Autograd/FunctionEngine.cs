namespace MlNetRllc.Core.Engines.Autograd;

/// <summary>A loss with its gradient.</summary>
/// <param name="rows">The minibatch, as row numbers.</param>
/// <param name="weights">Where, [d].</param>
/// <param name="gradient">Receives the gradient, [d]; empty when only the loss is wanted.</param>
/// <returns>The mean loss of the rows.</returns>
public delegate double LossFunction(
    ReadOnlySpan<int> rows, ReadOnlySpan<double> weights, Span<double> gradient);

/// <summary>An engine over a loss that is given as a function: problems with known answers, and
/// small models written by hand.</summary>
/// <param name="center">w*, [d].</param>
/// <param name="loss">The loss.</param>
/// <param name="rowCount">Rows of the dataset; 1 where the loss has none.</param>
public sealed class FunctionEngine(double[] center, LossFunction loss, int rowCount = 1) : ILossEngine<double>
{
    /// <inheritdoc/>
    public int RowCount => rowCount;

    /// <inheritdoc/>
    public double[] CenterOf(int component) => center;

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<double>> walkers)
    {
        foreach (var walker in walkers) walker.Loss = loss(rows, walker.Position, walker.Gradient);
        return loss(rows, center, []);
    }

    /// <summary>Nothing to free.</summary>
    public void Dispose()
    {
    }
}
