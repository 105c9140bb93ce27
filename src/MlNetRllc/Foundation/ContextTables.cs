using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Foundation;

/// <summary>Reads tables of packed contexts (a column <c>Tokens</c>, a vector of Int32 of known size) into memory.</summary>
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
    /// <exception cref="ArgumentException">The column is missing or of another type, or no row is left; the
    /// message names the dataset.</exception>
    public static ContextSet Read(IDataView table, string name, string column = Tokens, string? splitColumn = null, string? split = null) =>
        TryRead(table, name, column, splitColumn, split)
            ?? throw new ArgumentException($"The dataset '{name}' has no rows" + (split is null ? "." : $" with {splitColumn} '{split}'."));

    /// <summary>As <see cref="Read"/>; null when no row is left.</summary>
    public static ContextSet? TryRead(IDataView table, string name, string column, string? splitColumn, string? split)
    {
        ColumnNeed.Vector<int>(column).Check(table.Schema, $"dataset '{name}'");
        var tokens = table.Schema[column];
        if (table is IStoredContexts { IsStored: true } stored && splitColumn == RllcColumns.Split && split is not null)
            return stored.Stored(name, split);
        var length = ((VectorDataViewType)tokens.Type).Size;
        var chosen = splitColumn is null ? (DataViewSchema.Column?)null : table.Schema[splitColumn];
        var all = new List<int>();
        using var cursor = table.GetRowCursor(chosen is { } c ? [tokens, c] : [tokens]);
        var read = cursor.ReadNumbers<int>(column);
        var splitOf = chosen is null ? null : cursor.ReadText(splitColumn!);
        while (cursor.MoveNext())
            if (splitOf is null || splitOf() == split) all.AddRange(read());
        return all.Count == 0 ? null : new ContextSet(name, all.ToArray(), length);
    }
}
