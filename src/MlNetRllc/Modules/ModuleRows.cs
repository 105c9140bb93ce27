using Microsoft.ML;
using MlNetRllc.Foundation;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>A table's rows as a module's loss takes them.</summary>
internal interface IModuleRows
{
    /// <summary>Rows there are.</summary>
    int Count { get; }

    /// <summary>Makes ready for the losses of a minibatch; its tensors live until the next.</summary>
    void Prepare(int[] batch);

    /// <summary>Mean loss of the minibatch at the module's present parameters, a scalar.</summary>
    Tensor Loss(int[] batch);
}

/// <summary>How a table's rows are read for a module's loss.</summary>
internal abstract class ModuleSource
{
    public abstract IReadOnlyList<ColumnNeed> Needs { get; }

    /// <summary>Reads the rows; the caller's dispose scope owns the tensors.</summary>
    public abstract IModuleRows Read(IDataView table, ScalarType type, Device device);
}
