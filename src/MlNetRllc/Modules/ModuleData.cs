using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>Reads the feature and label columns of a table into two tensors, once.</summary>
internal static class ModuleData
{
    /// <summary>Features [row, ...] and labels [row] or [row, slot]; the caller's dispose scope owns them.</summary>
    public static (Tensor Features, Tensor Labels) Read(IDataView table, LlcOptions options, ScalarType type, Device device)
    {
        var (features, labels) = (table.Schema[options.FeatureColumn], table.Schema[options.LabelColumn]);
        using var cursor = table.GetRowCursor([features, labels]);
        var (featureReader, labelReader) = (ColumnReader.For(cursor, features), ColumnReader.For(cursor, labels));
        while (cursor.MoveNext())
        {
            featureReader.Read(cursor.Position);
            labelReader.Read(cursor.Position);
        }
        if (featureReader.Rows == 0) throw new ArgumentException("EstimateLlc: the table has no rows.");
        var x = featureReader.ToTensor(type, device);
        if (options.FeatureShape is { Count: > 0 } shape)
        {
            var wanted = shape.Aggregate(1L, (n, d) => n * d);
            if (wanted * featureReader.Rows != x.numel())
                throw new ArgumentException(
                    $"EstimateLlc: FeatureShape [{string.Join(", ", shape)}] has {wanted} values; "
                    + $"the column '{features.Name}' has {x.numel() / featureReader.Rows}.");
            x = x.reshape([featureReader.Rows, .. shape]);
        }
        return (x, labelReader.ToTensor(type, device));
    }

    private abstract class ColumnReader
    {
        public int Rows { get; protected set; }

        public abstract void Read(long position);

        public abstract Tensor ToTensor(ScalarType type, Device device);

        public static ColumnReader For(DataViewRow row, DataViewSchema.Column column)
        {
            var item = column.Type.GetItemType();
            if (item is KeyDataViewType)
            {
                long Class(ulong raw, long position) => raw > 0 ? (long)raw - 1
                    : throw new InvalidOperationException(
                        $"Row {position}: the column '{column.Name}' has a missing key; filter such rows out.");
                if (item.RawType == typeof(byte)) return new Typed<byte, long>(row, column, (v, p) => Class(v, p));
                if (item.RawType == typeof(ushort)) return new Typed<ushort, long>(row, column, (v, p) => Class(v, p));
                if (item.RawType == typeof(ulong)) return new Typed<ulong, long>(row, column, Class);
                return new Typed<uint, long>(row, column, (v, p) => Class(v, p));
            }
            if (item.RawType == typeof(bool)) return new Typed<bool, float>(row, column, (v, _) => v ? 1 : 0);
            if (item.RawType == typeof(int)) return new Typed<int, long>(row, column, (v, _) => v);
            if (item.RawType == typeof(long)) return new Typed<long, long>(row, column, (v, _) => v);
            double Finite(double v, long position) => double.IsFinite(v) ? v
                : throw new InvalidOperationException(
                    $"Row {position}: the column '{column.Name}' holds {v}; "
                    + "filter such rows out (FilterRowsByMissingValues).");
            if (item.RawType == typeof(double)) return new Typed<double, double>(row, column, Finite);
            return new Typed<float, float>(row, column, (v, p) => (float)Finite(v, p));
        }

        private sealed class Typed<TRaw, TItem>(
            DataViewRow row, DataViewSchema.Column column, Func<TRaw, long, TItem> convert) : ColumnReader
            where TItem : unmanaged
        {
            private readonly List<TItem> values = [];
            private readonly int slots = column.Type is VectorDataViewType vector ? vector.Size : 0;
            private readonly Func<TRaw[]> read = column.Type is VectorDataViewType ? row.ReadVector<TRaw>(column.Name)
                : row.Read<TRaw>(column.Name) is var one ? () => [one()] : null!;

            public override void Read(long position)
            {
                foreach (var value in read()) values.Add(convert(value, position));
                Rows++;
            }

            public override Tensor ToTensor(ScalarType type, Device device)
            {
                long[] shape = slots > 0 ? [Rows, slots] : [Rows];
                var whole = from_array(values.ToArray()).view(shape);
                return whole.to(typeof(TItem) == typeof(long) ? ScalarType.Int64 : type, device);
            }
        }
    }
}
