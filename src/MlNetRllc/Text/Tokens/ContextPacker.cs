using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Text;

/// <summary>Lays documents end to end, each begun by BOS, and cuts them into contexts; validation and training documents apart.</summary>
/// <remarks>A context comes out as soon as it is full; what does not fill the last one of a split is left out. Documents are encoded
/// in parallel, a bounded batch at a time; the order of contexts depends on the order of documents alone.</remarks>
internal sealed class ContextPacker(ByteLevelTokenizer tokenizer, TokenizeTextOptions options)
{
    private const int BatchDocuments = 512;
    private const int BatchCharacters = 4 << 20;

    public const string Train = "train";
    public const string Validation = "validation";

    /// <summary>The split that a document belongs to: by the first 8 bytes of the SHA-256 of its UTF-16 text.</summary>
    public static string SplitOf(ReadOnlySpan<char> text, double validationFraction)
    {
        return DocumentHash.Share(text) < validationFraction ? Validation : Train;
    }

    public IEnumerable<(int[] Tokens, string Split)> Pack(IEnumerable<ReadOnlyMemory<char>> documents)
    {
        var pending = new Dictionary<string, List<int>> { [Train] = [], [Validation] = [] };
        using var encoders = new ThreadLocal<BytePairEncoder>(tokenizer.NewEncoder);
        var (contexts, total) = (0L, 0L);
        foreach (var batch in Batches(documents))
        {
            var encoded = new (List<int> Tokens, string Split)[batch.Count];
            Parallel.For(0, batch.Count, i =>
            {
                var tokens = new List<int>(batch[i].Length / 3 + 1);
                encoders.Value!.Encode(batch[i].Span, tokens);
                encoded[i] = (tokens, SplitOf(batch[i].Span, options.ValidationFraction));
            });
            foreach (var (tokens, split) in encoded)
            {
                total += tokens.Count + 1;
                var waiting = pending[split];
                Append(waiting, tokens);
                foreach (var context in Full(waiting))
                {
                    contexts++;
                    yield return (context, split);
                }
            }
        }
        if (contexts == 0)
            throw new InvalidOperationException(
                $"The documents have {total} tokens in all, which fill no context of {options.ContextLength} in either split: choose a smaller ContextLength or give more text.");
    }

    private void Append(List<int> waiting, List<int> tokens)
    {
        waiting.Add(tokenizer.BosId);
        waiting.AddRange(tokens);
    }

    private IEnumerable<int[]> Full(List<int> waiting)
    {
        var start = 0;
        while (waiting.Count - start >= options.ContextLength)
        {
            var context = new int[options.ContextLength];
            var bos = options.BosAtContextStart && waiting[start] != tokenizer.BosId;
            if (bos) context[0] = tokenizer.BosId;
            var taken = options.ContextLength - (bos ? 1 : 0);
            waiting.CopyTo(start, context, bos ? 1 : 0, taken);
            start += taken;
            yield return context;
        }
        waiting.RemoveRange(0, start);
    }

    private static IEnumerable<List<ReadOnlyMemory<char>>> Batches(IEnumerable<ReadOnlyMemory<char>> documents)
    {
        var batch = new List<ReadOnlyMemory<char>>();
        var characters = 0L;
        foreach (var document in documents)
        {
            batch.Add(document);
            characters += document.Length;
            if (batch.Count < BatchDocuments && characters < BatchCharacters) continue;
            yield return batch;
            (batch, characters) = ([], 0);
        }
        if (batch.Count > 0) yield return batch;
    }
}
