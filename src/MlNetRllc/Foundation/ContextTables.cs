using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Foundation;

/// <summary>Reads tables of packed contexts (a column <c>Tokens</c>, a vector of Int32 of known size) into memory. A column
/// <c>LossMask</c> beside it (Boolean, of the same size) says which of the tokens count in a loss.</summary>
internal static class ContextTables
{
    public const string Tokens = RllcColumns.Tokens;

    /// <summary>Annotation of the token column: the tokenizer's vocabulary size, an Int32.</summary>
    public const string VocabularySize = "VocabularySize";

    /// <summary>Annotation of the token column: the token that begins documents, an Int32.</summary>
    public const string BeginningOfSequence = "BeginningOfSequence";

    /// <summary>The vocabulary size that a token column is annotated with, if it is.</summary>
    public static int? VocabularyOf(DataViewSchema.Column tokens) => Annotated(tokens, VocabularySize);

    /// <summary>The id of BOS that a token column is annotated with, if it is.</summary>
    public static int? BosOf(DataViewSchema.Column tokens) => Annotated(tokens, BeginningOfSequence);

    private static int? Annotated(DataViewSchema.Column tokens, string annotation)
    {
        if (tokens.Annotations.Schema.GetColumnOrNull(annotation)?.Type != NumberDataViewType.Int32) return null;
        var value = 0;
        tokens.Annotations.GetValue(annotation, ref value);
        return value;
    }

    /// <summary>Reads the rows whose split column says <paramref name="split"/>, or all rows when no column is named.</summary>
    /// <exception cref="ArgumentException">The column is missing or of another type, no row is left, or there is a
    /// <c>LossMask</c>, which the reader would not heed; the message names the dataset.</exception>
    public static ContextSet Read(IDataView table, string name, string column = Tokens, string? splitColumn = null, string? split = null) =>
        TryRead(table, name, column, splitColumn, split)
            ?? throw new ArgumentException($"The dataset '{name}' has no rows" + (split is null ? "." : $" with {splitColumn} '{split}'."));

    /// <summary>As <see cref="Read"/>; null when no row is left.</summary>
    public static ContextSet? TryRead(IDataView table, string name, string column, string? splitColumn, string? split)
    {
        ColumnNeed.Vector<int>(column).Check(table.Schema, $"dataset '{name}'");
        var tokens = table.Schema[column];
        if (MaskOf(table) is not null)
            throw new ArgumentException($"dataset '{name}': the column '{RllcColumns.LossMask}' says that only some tokens count in the "
                + "loss, which is for sampling; here all count. Drop the column (DropColumns) if that is meant.");
        if (table is IStoredContexts { IsStored: true } stored && splitColumn == RllcColumns.Split && split is not null)
            return stored.Stored(name, split);
        var length = LengthOf(tokens);
        var chosen = splitColumn is null ? (DataViewSchema.Column?)null : table.Schema[splitColumn];
        var all = new List<int>();
        using var cursor = table.GetRowCursor(chosen is { } c ? [tokens, c] : [tokens]);
        var read = cursor.ReadNumbers<int>(column);
        var splitOf = chosen is null ? null : cursor.ReadText(splitColumn!);
        while (cursor.MoveNext())
            if (splitOf is null || splitOf() == split) all.AddRange(read());
        return all.Count == 0 ? null : new ContextSet(name, all.ToArray(), length);
    }

    /// <summary>Reads all rows for sampling: with a column <c>LossMask</c>, only the tokens that it names count. Element i speaks of
    /// the prediction of token i, so that the first, which nothing predicts, is not looked at.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type or size, there are no rows, or no token counts;
    /// the message names the dataset.</exception>
    public static ContextSet ReadSampled(IDataView table, string name)
    {
        if (MaskOf(table) is not { } mask) return Read(table, name);
        ColumnNeed.Vector<int>(Tokens).Check(table.Schema, $"dataset '{name}'");
        ColumnNeed.Vector<bool>(RllcColumns.LossMask).Check(table.Schema, $"dataset '{name}'");
        var (tokens, length, size) = (table.Schema[Tokens], LengthOf(table.Schema[Tokens]), LengthOf(mask));
        if (size != length)
            throw new ArgumentException($"dataset '{name}': the column '{RllcColumns.LossMask}' has {size} flags a row; "
                + $"the column '{Tokens}' has {length} tokens. One flag a token is wanted.");
        var (all, flags) = (new List<int>(), new List<bool>());
        using var cursor = table.GetRowCursor([tokens, mask]);
        var (read, counts) = (cursor.ReadNumbers<int>(Tokens), cursor.ReadVector<bool>(RllcColumns.LossMask));
        while (cursor.MoveNext())
        {
            all.AddRange(read());
            flags.AddRange(counts().AsSpan(1));
        }
        if (all.Count == 0) throw new ArgumentException($"The dataset '{name}' has no rows.");
        return new ContextSet(name, all.ToArray(), length).WithMask([.. flags]);
    }

    private static DataViewSchema.Column? MaskOf(IDataView table) => table.Schema.GetColumnOrNull(RllcColumns.LossMask);

    private static int LengthOf(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Size;
}
