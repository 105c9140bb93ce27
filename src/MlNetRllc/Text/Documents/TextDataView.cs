using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;

namespace MlNetRllc.Text.Documents;

/// <summary>Documents as rows: columns <c>Text</c> and <c>Document</c>, both text. Lazy: every cursor reads the source anew.</summary>
internal sealed class TextDataView(Func<IEnumerable<TextDocument>> documents) : IDataView
{
    /// <summary>The columns of documents.</summary>
    public static DataViewSchema Columns { get; } = BuildSchema();

    public DataViewSchema Schema => Columns;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new DocumentCursor(documents().GetEnumerator(), columnsNeeded.Select(column => column.Index).ToHashSet());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema BuildSchema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(RllcColumns.Text, TextDataViewType.Instance);
        builder.AddColumn(RllcColumns.Document, TextDataViewType.Instance);
        return builder.ToSchema();
    }

    private sealed class DocumentCursor(IEnumerator<TextDocument> rows, HashSet<int> active) : ForwardCursor(Columns, active)
    {
        protected override bool Advance() => rows.MoveNext();

        protected override Delegate Getter(DataViewSchema.Column column) => column.Index == 0
            ? (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = rows.Current.Text.AsMemory())
            : (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = rows.Current.Name.AsMemory());

        protected override void Close() => rows.Dispose();
    }
}
