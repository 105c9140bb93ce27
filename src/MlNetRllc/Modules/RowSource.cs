using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>Rows as objects, of which the caller makes its batches.</summary>
internal sealed class RowSource<TRow, TBatch>(
    MLContext context, Func<IReadOnlyList<TRow>, Device, TBatch> batch, Func<TBatch, Tensor> loss) : ModuleSource
    where TRow : class, new()
{
    public override IReadOnlyList<ColumnNeed> Needs { get; } =
        [.. SchemaDefinition.Create(typeof(TRow)).Select(c => ColumnNeed.Member(c.ColumnName, $"{typeof(TRow).Name}.{c.MemberName}"))];

    public override IModuleRows Read(IDataView table, ScalarType type, Device device)
    {
        var rows = context.Data.CreateEnumerable<TRow>(table, reuseRowObject: false).ToList();
        return rows.Count > 0 ? new ObjectRows(rows, device, batch, loss)
            : throw new ArgumentException("EstimateLlc: the table has no rows.");
    }

    private sealed class ObjectRows(
        List<TRow> rows, Device device, Func<IReadOnlyList<TRow>, Device, TBatch> make, Func<TBatch, Tensor> loss) : IModuleRows
    {
        private TBatch? made;

        public int Count => rows.Count;

        public void Prepare(int[] batch) => made = make([.. batch.Select(r => rows[r])], device);

        public Tensor Loss(int[] batch) => loss(made!);
    }
}
