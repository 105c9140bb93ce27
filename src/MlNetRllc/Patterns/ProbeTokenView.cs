using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;

namespace MlNetRllc.Patterns;

/// <summary>A probe set as rows, one a predicted token.</summary>
internal sealed class ProbeTokenView : IDataView
{
    /// <summary>The columns that every probe set has; one a pattern follows.</summary>
    public static readonly IReadOnlyList<DataViewSchema.DetachedColumn> FirstColumns =
    [
        ColumnTypes.Scalar<string>(RllcColumns.Dataset), ColumnTypes.Scalar<int>(RllcColumns.Context),
        ColumnTypes.Scalar<int>(RllcColumns.Position), ColumnTypes.Scalar<int>(RllcColumns.Token),
        ColumnTypes.Scalar<string>(RllcColumns.TokenText), ColumnTypes.Scalar<string>(RllcColumns.TextBefore),
        ColumnTypes.Scalar<float>(RllcColumns.Loss),
    ];

    private readonly PredictedTokens tokens;

    public ProbeTokenView(PredictedTokens tokens)
    {
        this.tokens = tokens;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(FirstColumns);
        builder.AddColumns(tokens.Patterns.Select(ColumnTypes.Scalar<bool>));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => tokens.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new TokenCursor(Schema, tokens, columnsNeeded.Select(column => column.Index).ToHashSet());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class TokenCursor(DataViewSchema schema, PredictedTokens tokens, HashSet<int> active) : ForwardCursor(schema, active)
    {
        private int token = -1;

        protected override bool Advance() => ++token < tokens.Count;

        protected override Delegate Getter(DataViewSchema.Column column) => column.Name switch
        {
            RllcColumns.Dataset => Getters.Text(() => tokens.Name),
            RllcColumns.Context => Getters.Scalar(() => tokens.ContextOf(token)),
            RllcColumns.Position => Getters.Scalar(() => tokens.PositionOf(token)),
            RllcColumns.Token => Getters.Scalar(() => tokens.IdOf(token)),
            RllcColumns.TokenText => Getters.Text(() => tokens.TextOf(token)),
            RllcColumns.TextBefore => Getters.Text(() => tokens.TextBefore(token)),
            RllcColumns.Loss => Getters.Scalar(() => tokens.LossOf(token)),
            _ => Getters.Scalar(() => tokens.IsPicked(column.Index - FirstColumns.Count, token)),
        };

        protected override void Close()
        {
        }
    }
}
