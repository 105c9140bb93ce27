using System.Numerics;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Model;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>The autograd engine over a table's rows: each minibatch is made once, at the trained weights, for all walkers.</summary>
internal sealed class BatchedEngine<T>(
    IReadOnlyDictionary<string, Tensor> parameters, IReadOnlyList<IReadOnlyList<ParameterSlice>> selections, IModuleRows rows)
    : ILossEngine<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly AutogradEngine<T> engine = new(parameters, selections, rows.Count, rows.Loss);

    public int RowCount => engine.RowCount;

    public T[] CenterOf(int component) => engine.CenterOf(component);

    public double Evaluate(ReadOnlySpan<int> batch, IReadOnlyList<Walker<T>> walkers)
    {
        using var scope = NewDisposeScope();
        rows.Prepare(batch.ToArray());
        return engine.Evaluate(batch, walkers);
    }

    public void Dispose() => engine.Dispose();
}
