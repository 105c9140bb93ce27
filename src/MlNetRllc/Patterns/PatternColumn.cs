using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Foundation;

namespace MlNetRllc.Patterns;

/// <summary>A pattern that stands in a table of contexts, as a vector of Boolean beside the tokens.</summary>
internal static class PatternColumn
{
    /// <summary>Refuses a table that lacks the column, or has it of another type or size.</summary>
    public static void Check(IDataView table, string column)
    {
        ColumnNeed.Vector<bool>(column).Check(table.Schema, "ProbeTokens");
        var (flags, tokens) = (SizeOf(table, column), SizeOf(table, RllcColumns.Tokens));
        if (flags != tokens)
            throw new ArgumentException($"ProbeTokens: the column '{column}' has {flags} flags a row; "
                + $"the column '{RllcColumns.Tokens}' has {tokens} tokens. One flag a token is wanted.");
    }

    /// <summary>Reads it. Element i speaks of token i; nothing predicts the first, whose flag is not looked at.</summary>
    public static PickedTokens Read(IDataView table, string column)
    {
        var flags = new List<bool>();
        using var cursor = table.GetRowCursor([table.Schema[column]]);
        var read = cursor.ReadVector<bool>(column);
        while (cursor.MoveNext()) flags.AddRange(read().AsSpan(1));
        return new(column, $"The column '{column}' of the contexts says so.", flags);
    }

    private static int SizeOf(IDataView table, string column) => ((VectorDataViewType)table.Schema[column].Type).Size;
}
