using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Foundation;

namespace MlNetRllc.Text.Tokens;

/// <summary>Contexts as rows: a column of tokens (vector of Int32) and <c>Split</c> (text). Lazy: every cursor tokenizes anew.</summary>
/// <remarks>Of a store the view is the owner: disposing of it closes the store's files, which on Windows could else be neither deleted
/// nor replaced before a finalizer runs.</remarks>
internal sealed class ContextDataView(
    DataViewSchema schema, Func<IEnumerable<(int[] Tokens, string Split)>> contexts, Once<TokenStore>? store = null)
    : IDataView, IStoredContexts, IDisposable
{
    /// <summary>The store that the contexts lie in, or null when they are tokenized for each cursor.</summary>
    public TokenStore? Store => store?.Value;

    public bool IsStored => store is not null;

    public DataViewSchema Schema => schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new ContextCursor(schema, contexts().GetEnumerator(), columnsNeeded.Select(column => column.Index).ToHashSet());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    public ContextSet? Stored(string name, string split) => Store?.Contexts(name, split);

    public void Dispose() => store?.IfMade(made => made.Dispose());

    /// <summary>Slots are named <c>pos0</c>, ...; the annotation <see cref="ContextTables.VocabularySize"/>
    /// tells a model how many tokens there are, which the tokens that happen to occur do not;
    /// <see cref="ContextTables.BeginningOfSequence"/> which of them begins documents.</summary>
    public static DataViewSchema SchemaOf(string tokensColumn, int contextLength, int vocabularySize, int bos)
    {
        var tokens = ColumnTypes.Vector<int>(tokensColumn, contextLength, i => $"pos{i}");
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(tokens.Annotations, _ => true);
        annotations.AddPrimitiveValue(ContextTables.VocabularySize, NumberDataViewType.Int32, vocabularySize);
        annotations.AddPrimitiveValue(ContextTables.BeginningOfSequence, NumberDataViewType.Int32, bos);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(tokensColumn, tokens.Type, annotations.ToAnnotations());
        builder.AddColumn(RllcColumns.Split, TextDataViewType.Instance);
        return builder.ToSchema();
    }

    private sealed class ContextCursor(
        DataViewSchema schema, IEnumerator<(int[] Tokens, string Split)> rows, HashSet<int> active)
        : ForwardCursor(schema, active)
    {
        protected override bool Advance() => rows.MoveNext();

        protected override Delegate Getter(DataViewSchema.Column column) => column.Index == 0
            ? (ValueGetter<VBuffer<int>>)CopyTokens
            : (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = rows.Current.Split.AsMemory());

        protected override void Close() => rows.Dispose();

        private void CopyTokens(ref VBuffer<int> value)
        {
            var editor = VBufferEditor.Create(ref value, rows.Current.Tokens.Length);
            rows.Current.Tokens.CopyTo(editor.Values);
            value = editor.Commit();
        }
    }
}
