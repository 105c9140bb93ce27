using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Runner.Steps;

/// <summary>Contexts held in memory, so that text is tokenized once a run.</summary>
internal static class HeldContexts
{
    /// <summary>Reads all contexts of a table.</summary>
    public static (IDataView View, int Count) Load(MLContext ml, IDataView contexts, int most = 0)
    {
        var rows = ml.Data.Cache(most > 0 ? ml.Data.TakeRows(contexts, most) : contexts);
        var count = 0;
        using (var cursor = rows.GetRowCursor(rows.Schema))
            while (cursor.MoveNext()) count++;
        return (rows, count);
    }

    /// <summary>The contexts of a store, read from the disk; the view disposes of the store.</summary>
    public static IDataView ReadFrom(TokenStore store, int bos)
    {
        var (length, vocabulary) = (store.Manifest.ContextLength, store.Manifest.VocabularySize);
        var schema = ContextDataView.SchemaOf(ContextTables.Tokens, length, vocabulary, bos);
        var held = new Once<TokenStore>(() => store);
        return new ContextDataView(schema, held.Value.Rows, held);
    }

    /// <summary>The contexts of one split.</summary>
    public static ContextSet? Split(IDataView contexts, string split) => ContextTables.TryRead(contexts, split,
        ContextTables.Tokens, RllcColumns.Split, split);

    /// <summary>The vocabulary that the contexts' tokenizer has.</summary>
    public static int? VocabularyOf(IDataView contexts) => ContextTables.VocabularyOf(contexts.Schema[ContextTables.Tokens]);
}
